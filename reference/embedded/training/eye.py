"""The vision tower in torch, computed as llama.cpp computes a projector of type ``mlp``.

Modules are named so that the names of the state are those of the tensors in the GGUF file.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .pictures import SIDE

PATCH, SEEN, INNER, HEADS, LAYERS, EPSILON = 16, 128, 384, 4, 3, 1e-5
"""INNER must differ from SEEN: llama.cpp would take the matrices for swapped ones."""
TOKENS = (SIDE // PATCH) ** 2


class Block(nn.Module):
    """Attention of every patch to every patch, then two matrices; both add to their input."""

    def __init__(self) -> None:
        super().__init__()
        self.ln1 = nn.LayerNorm(SEEN, EPSILON)
        self.attn_q = nn.Linear(SEEN, SEEN)
        self.attn_k = nn.Linear(SEEN, SEEN)
        self.attn_v = nn.Linear(SEEN, SEEN)
        self.attn_out = nn.Linear(SEEN, SEEN)
        self.ln2 = nn.LayerNorm(SEEN, EPSILON)
        self.ffn_up = nn.Linear(SEEN, INNER)
        self.ffn_down = nn.Linear(INNER, SEEN)

    def forward(self, x: Tensor) -> Tensor:
        """(n, tokens, SEEN) → the same shape."""
        h = self.ln1(x)
        q, k, v = (
            look(h).unflatten(-1, (HEADS, SEEN // HEADS)).transpose(1, 2)
            for look in (self.attn_q, self.attn_k, self.attn_v)
        )
        a = functional.scaled_dot_product_attention(q, k, v)
        x = x + self.attn_out(a.transpose(1, 2).flatten(2))
        h = functional.gelu(self.ffn_up(self.ln2(x)), approximate="tanh")
        return x + self.ffn_down(h)


class Eye(nn.Module):
    """Pictures → embeddings of a language model of a given width."""

    def __init__(self, width: int, seed: int) -> None:
        super().__init__()
        self.width = width
        self.v = nn.Module()
        self.v.patch_embd = nn.Linear(3 * PATCH**2, SEEN)
        self.v.position_embd = nn.Embedding(TOKENS, SEEN)
        self.v.blk = nn.ModuleList(Block() for _ in range(LAYERS))
        self.v.post_ln = nn.LayerNorm(SEEN, EPSILON)
        self.mm = nn.Sequential(
            nn.Linear(SEEN, width), nn.GELU(approximate="tanh"), nn.Linear(width, width)
        )
        self._begin(torch.Generator().manual_seed(seed))

    @torch.no_grad()
    def _begin(self, generator: torch.Generator) -> None:
        for name, value in self.named_parameters():
            if value.ndim > 1:
                fan = 4 * SEEN if "position" in name else value[0].numel()
                small = 0.3 if name.endswith(("attn_out.weight", "ffn_down.weight")) else 1.0
                value.normal_(0, small / fan**0.5, generator=generator)
            elif name.endswith("bias"):
                value.zero_()

    def matrices(self) -> list[nn.Parameter]:
        """All matrices but the positions, for Muon."""
        positions = self.v.position_embd.weight
        return [one for one in self.parameters() if one.ndim > 1 and one is not positions]

    def others(self) -> list[nn.Parameter]:
        """Everything else, for AdamW."""
        taken = {id(one) for one in self.matrices()}
        return [one for one in self.parameters() if id(one) not in taken]

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (n, 3, SIDE, SIDE) in -1..1 → embeddings (n, TOKENS, width)."""
        return self.finish(self.states(pictures)[-1])

    def states(self, pictures: Tensor) -> list[Tensor]:
        """Pictures → what is known of each patch before and after every block (n, TOKENS, SEEN)."""
        found = [self.v.patch_embd(patches(pictures)) + self.v.position_embd.weight]
        for block in self.v.blk:
            found.append(block(found[-1]))
        return found

    def finish(self, state: Tensor) -> Tensor:
        """The last state → embeddings."""
        seen: Tensor = self.mm(self.v.post_ln(state))
        return seen

    @torch.no_grad()
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor under the name that the GGUF file gives it."""
        found = {name: value.detach().clone() for name, value in self.state_dict().items()}
        matrix = found["v.patch_embd.weight"]
        found["v.patch_embd.weight"] = matrix.reshape(SEEN, 3, PATCH, PATCH)
        return found


def patches(pictures: Tensor) -> Tensor:
    """(n, channels, SIDE, SIDE) → (n, TOKENS, values of a patch)."""
    cut = pictures.unflatten(3, (-1, PATCH)).unflatten(2, (-1, PATCH))
    return cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
