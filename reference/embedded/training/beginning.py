"""What the chat model's heads look at before anything is learned.

Saying again, and finding the tool that a request names, need heads that look at the token before
and at the same token earlier. From random weights, heads that see whether something is there at
all come late or never: a token is always the same as itself, and a head that finds nothing has to
look somewhere. So some heads begin as what others learn to be: the previous-token heads and the
duplicate-token heads of Wang et al., "Interpretability in the Wild" (2022), the latter with the
beginning of the text to look at when there is nothing, the attention sink of Xiao et al.,
"Efficient Streaming Language Models with Attention Sinks" (2023). All of them go on learning.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn

from .transformer import Transformer
from .vocabulary import BOS

CARRIED: Final = 0.3
"""The share of what a head looks at that is added to a state, in the same directions."""
STEADY: Final = 0.7
"""The size of what all tokens have in common, where that in which they differ has 1."""
FAST, SLOW, REST = range(6), range(6, 15), 15
"""Of the 16 pairs of a head that positions turn: those that tell near places apart, those that
hardly turn within a list of tools, and the one that turns least."""
BACK: Final = 5.0
"""The amplitude, in each fast pair, with which a head looks at the token before."""
SPREAD, NOWHERE, ITSELF = 2.5, 7.5, 8.0
"""Scores before the softmax: how much those of other tokens differ, that of the beginning of the
text, and what a token's own place loses."""


def begin(model: Transformer) -> None:
    """Set the heads of a fresh model of five blocks: two of each of the first three."""
    chance = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for block in model.blocks:
            _carry(block)
        common, start = _marked(model, chance)
        size = model.shape.head
        heads = [slice(number * size, (number + 1) * size) for number in range(2)]
        for rows in heads:
            _look_back(model.blocks[0], rows, common, model.turns[1])
        for block in model.blocks[1:3]:
            for rows in heads:
                _look_for_the_same(block, rows, common, start, chance)


def _carry(block: nn.Module) -> None:
    """What a head sees comes out as it was."""
    block.attn_v.copy_(torch.linalg.qr(block.attn_v)[0])
    block.attn_output.copy_(CARRIED * block.attn_v.T)


def _marked(model: Transformer, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """What every normed embedding has in common, and what the beginning of the text has instead.

    Both (width) are such that the product with a normed embedding that has it is 1.
    """
    width, spread = model.shape.width, model.embedding.std()
    common = torch.randn(width, generator=chance)
    model.embedding.add_(common * spread * STEADY)
    common /= common.norm()
    start = torch.randn(width, generator=chance)
    start -= common * (start @ common)
    start /= start.norm()
    model.embedding[BOS] = start * spread * math.sqrt(width)
    share = STEADY / math.hypot(1, STEADY)
    return common / (share * math.sqrt(width)), start / math.sqrt(width)


def _look_back(block: nn.Module, rows: slice, common: Tensor, turn: Tensor) -> None:
    """A head looks at the token before, whatever it is; ``turn`` is that of one place (pairs)."""
    query, key = block.attn_q[rows].mul_(0.05), block.attn_k[rows].mul_(0.05)
    for pair in FAST:
        query[2 * pair] += BACK * common
        key[2 * pair] += BACK * turn[pair].real * common
        key[2 * pair + 1] += BACK * turn[pair].imag * common


def _look_for_the_same(
    block: nn.Module, rows: slice, common: Tensor, start: Tensor, chance: torch.Generator
) -> None:
    """A head looks at the same token earlier, or else at the beginning of the text."""
    query, key = block.attn_q[rows].zero_(), block.attn_k[rows].zero_()
    width, scale = common.numel(), math.sqrt(query.shape[0])
    size = 2 * len(SLOW)
    some = torch.linalg.qr(torch.randn(width, size, generator=chance))[0].T
    some -= (some @ common)[:, None] * common / (common @ common)
    some *= math.sqrt(SPREAD * scale * (1 + STEADY**2) / math.sqrt(size))
    for matrix in (query, key):
        matrix[2 * SLOW.start : 2 * SLOW.stop] = some
    query[2 * REST] = math.sqrt(NOWHERE * scale) * common
    key[2 * REST] = math.sqrt(NOWHERE * scale) * start
    for pair in FAST:
        query[2 * pair] = math.sqrt(ITSELF * scale / len(FAST)) * common
        key[2 * pair] = -query[2 * pair]
