"""Muon: momentum whose steps are made orthogonal, for the matrices of a transformer.

After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, distributed
from torch.optim import Optimizer

from .precision import FAST

A, B, C = 3.4445, -4.7750, 2.0315
"""Newton-Schulz coefficients of the paper, section 3."""


class Muon(Optimizer):
    """Takes matrices only; ``rate`` is the size of a step in units of the spectral norm.

    Of processes that train together, with the same gradients, each makes its part of the steps
    orthogonal, which is what takes long, and gets the others' from them.
    """

    def __init__(self, matrices: Iterable[Tensor], rate: float, decay: float = 0.01) -> None:
        super().__init__(matrices, {"lr": rate, "decay": decay, "momentum": 0.95})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # noqa: ARG002 - the base class has it
        """One step along the gradients."""
        joined = distributed.is_initialized()
        rank, processes = (
            (distributed.get_rank(), distributed.get_world_size()) if joined else (0, 1)
        )
        moves: list[tuple[Tensor, dict[str, Any], Tensor]] = []
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                state = self.state[matrix]
                if not state:
                    state["moved"] = torch.zeros_like(matrix)
                state["moved"].mul_(group["momentum"]).add_(matrix.grad)
                move = matrix.grad.add(state["moved"], alpha=group["momentum"])
                moves.append((matrix, group, move))
        made = [move for _, _, move in moves]
        straighten(made[rank::processes])
        if processes > 1:
            for place, move in enumerate(made):
                if place % processes != rank:
                    move.zero_()
            put_together(made)
        for matrix, group, move in moves:
            scale = max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
            matrix.mul_(1 - group["decay"] * group["lr"])
            matrix.sub_(move, alpha=group["lr"] * scale)


def put_together(tensors: Sequence[Tensor]) -> None:
    """Make every tensor the sum over the processes."""
    flat = torch.cat([one.flatten() for one in tensors])
    distributed.all_reduce(flat)
    for one, part in zip(tensors, flat.split([one.numel() for one in tensors]), strict=True):
        one.copy_(part.view_as(one))


def straighten(matrices: Sequence[Tensor]) -> None:
    """Make every matrix orthogonal, those of the same shape together."""
    alike: dict[torch.Size, list[Tensor]] = {}
    for one in matrices:
        alike.setdefault(one.shape, []).append(one)
    for stack in alike.values():
        for one, made in zip(stack, orthogonal(torch.stack(stack).to(FAST)), strict=True):
            one.copy_(made)


def orthogonal(matrices: Tensor, rounds: int = 5) -> Tensor:
    """Matrices (count, rows, columns) → the same shape, all singular values about 1."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(rounds):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=B, alpha=C), x, beta=A)
    return x.mT if tall else x
