"""Muon: momentum whose steps are made orthogonal, for the matrices of a transformer.

After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, distributed
from torch.optim import Optimizer

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
                ours = len(moves) % processes == rank
                moves.append((matrix, group, orthogonal(move) if ours else torch.zeros_like(move)))
        if processes > 1:
            put_together([move for _, _, move in moves])
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


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """A matrix of the same shape whose singular values are about 1."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix) / (matrix.norm() + 1e-7)
    for _ in range(rounds):
        square = x @ x.T
        x = A * x + (B * square + C * square @ square) @ x
    return x.T if tall else x
