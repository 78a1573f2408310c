"""The Llama architecture in torch, computed as both engines compute it.

Tensors have the names and shapes of the GGUF file, so that what was trained is what is written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model; ``context`` is the longest text it takes, in tokens.

    With a larger ``rope_base``, more of a head hardly turns with the distance.
    """

    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    context: int = 4096
    rope_base: float = 10000.0

    @property
    def head(self) -> int:
        """The width of one attention head."""
        return self.width // self.heads

    @property
    def middle(self) -> int:
        """The number of the block in the middle, or of the one behind it; the first has 1."""
        return self.layers // 2 + 1


class Transformer(nn.Module):
    """A causal language model without a tokenizer.

    The output matrix is the embedding matrix (the file holds it twice, since ctransformers
    does not know tied ones): a token that was seen can be said, which makes copying general.

    ``precision`` is that of the products with the blocks' matrices. Those are float32 themselves,
    as is all else.
    """

    def __init__(self, shape: Shape, seed: int, precision: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.shape, self.precision = shape, precision
        generator = torch.Generator().manual_seed(seed)

        def matrix(rows: int, columns: int, spread: float) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, columns, generator=generator) * spread)

        width, inner = shape.width, shape.inner
        within = 1 / math.sqrt(width)
        out = 0.3 / math.sqrt(2 * shape.layers)
        self.embedding = matrix(shape.vocabulary, width, 0.5)
        self.norm = nn.Parameter(torch.full((width,), 0.3))
        self.blocks = nn.ModuleList()
        for _ in range(shape.layers):
            block = nn.Module()
            block.attn_norm = nn.Parameter(torch.ones(width))
            block.ffn_norm = nn.Parameter(torch.ones(width))
            for name in ("attn_q", "attn_k", "attn_v"):
                setattr(block, name, matrix(width, width, within))
            block.attn_output = matrix(width, width, within * out)
            block.ffn_gate = matrix(inner, width, within)
            block.ffn_up = matrix(inner, width, within)
            block.ffn_down = matrix(width, inner, out / math.sqrt(inner))
            self.blocks.append(block)
        angle = shape.rope_base ** (-torch.arange(0, shape.head, 2) / shape.head)
        turns = torch.arange(shape.context)[:, None] * angle
        self.register_buffer("turns", torch.polar(torch.ones_like(turns), turns), persistent=False)

    def matrices(self) -> list[nn.Parameter]:
        """The matrices of the blocks, for Muon."""
        return [one for one in self.blocks.parameters() if one.ndim > 1]

    def others(self) -> list[nn.Parameter]:
        """Everything else, for AdamW."""
        return [self.embedding, self.norm, *(p for p in self.blocks.parameters() if p.ndim == 1)]

    def embed(self, ids: Tensor) -> Tensor:
        """Token ids (batch, length) → embeddings (batch, length, width)."""
        return functional.embedding(ids, self.embedding)

    def forward(self, x: Tensor, keep: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Embeddings (batch, length, width) → states after the last norm, and in the middle.

        Both have the same shape. With ``keep``, flat places of which alone the state after the
        last norm is wanted, that is (places, width).
        """
        shape = self.shape
        middle = x
        turns = self.turns[: x.shape[1]]
        for number, block in enumerate(self.blocks, 1):
            h = functional.rms_norm(x, (shape.width,), block.attn_norm, EPSILON)
            q, k, v = (
                self.product(h, matrix)
                .float()
                .unflatten(-1, (shape.heads, shape.head))
                .transpose(1, 2)
                for matrix in (block.attn_q, block.attn_k, block.attn_v)
            )
            a = functional.scaled_dot_product_attention(
                turned(q, turns), turned(k, turns), v, is_causal=True
            )
            x = x + self.product(a.transpose(1, 2).flatten(2), block.attn_output)
            if keep is not None and number == shape.layers:
                x = x.flatten(0, 1).index_select(0, keep)
            h = functional.rms_norm(x, (shape.width,), block.ffn_norm, EPSILON)
            gate = functional.silu(self.product(h, block.ffn_gate))
            x = x + self.product(gate * self.product(h, block.ffn_up), block.ffn_down)
            if number == shape.middle:
                middle = x
        return functional.rms_norm(x, (shape.width,), self.norm, EPSILON), middle

    def product(self, x: Tensor, matrix: Tensor) -> Tensor:
        """(…, columns) → (…, rows of the matrix), in the precision of products."""
        return functional.linear(x.to(self.precision), matrix.to(self.precision))

    def scores(self, states: Tensor) -> Tensor:
        """States → scores of the next token (…, vocabulary)."""
        return functional.linear(states, self.embedding)

    @torch.no_grad()
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor under the name that the GGUF file gives it."""
        found = {
            "token_embd.weight": self.embedding,
            "output.weight": self.embedding,
            "output_norm.weight": self.norm,
        }
        for number, block in enumerate(self.blocks):
            for name, value in block.named_parameters():
                found[f"blk.{number}.{name}.weight"] = value
        return {name: value.detach().clone() for name, value in found.items()}


def turned(x: Tensor, turns: Tensor) -> Tensor:
    """Rotary positions of neighbouring pairs, as the llama architecture of GGUF has them.

    A pair is a complex number, and ``turns`` (length, pairs) what it is multiplied by.
    """
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turns).flatten(-2)
