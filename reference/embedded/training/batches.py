"""Lessons as tensors: of similar length together, so that little is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .draw import Draw
from .eye import TOKENS
from .lesson import PICTURE, Lesson, Talk
from .pictures import paint, pixels, sent
from .vocabulary import EOS, Vocabulary

SEEN = -1
"""Stands for a position whose embedding comes from a picture."""
NOTHING = -100
"""Stands for a token where nothing is to learn; the loss leaves such places out."""
PADDED = 768
"""Positions of a batch, at most, unless one lesson alone is longer."""
GRAIN, KEPT = 16, 64
"""The length of a batch is a multiple of the one, and how many places are kept one of the other:
for a product of a size that it has not seen, oneDNN writes a program, which takes longer."""
LONGEST = 2048
"""Tokens of a lesson, at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson: ids, which of them are taught, and its pictures (each 3, SIDE, SIDE)."""

    ids: list[int]
    taught: list[bool]
    """Where the model has to learn to write it."""
    pictures: list[np.ndarray]


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids (rows, length), flat places, the tokens to learn there, and pictures.

    The last places may be there to fill up: nothing is to learn there.
    """

    ids: Tensor
    keep: Tensor
    targets: Tensor
    pictures: Tensor
    again: Tensor
    """Whether a token was there before, and whether it was with the token before it: 1 or 0, or
    `NOTHING` where a picture is or nothing (rows, length, 2)."""


def row(lesson: Lesson, vocabulary: Vocabulary, draw: Draw) -> Row:
    """A lesson as ids; what is beyond the longest length is cut off."""
    ids: list[int] = []
    taught: list[bool] = []
    for text, own in lesson.pieces():
        for index, part in enumerate(text.split(PICTURE)):
            found = ([SEEN] * TOKENS if index else []) + vocabulary.encode(part)
            ids += found
            taught += [own] * len(found)
    shown = lesson.scenes if isinstance(lesson, Talk) else ()
    pictures = [pixels(sent(paint(one, draw), draw)) for one in shown]
    return Row(ids[:LONGEST], taught[:LONGEST], pictures)


def batches(rows: Sequence[Row], draw: Draw, around: float) -> Iterator[Batch]:
    """The rows in batches of similar length.

    ``around`` is the share of positions outside the model's own words that it learns from too.
    """
    group: list[Row] = []
    for one in sorted(rows, key=lambda one: len(one.ids)):
        if group and (len(group) + 1) * rounded(len(one.ids), GRAIN) > PADDED:
            yield _batch(group, draw, around)
            group = []
        group.append(one)
    if group:
        yield _batch(group, draw, around)


def rounded(count: int, grain: int) -> int:
    """The next multiple of the grain."""
    return -(-count // grain) * grain


def _batch(rows: list[Row], draw: Draw, around: float) -> Batch:
    length = rounded(max(len(one.ids) for one in rows), GRAIN)
    ids = torch.full((len(rows), length), EOS)
    again = torch.full((*ids.shape, 2), float(NOTHING))
    keep: list[int] = []
    targets: list[int] = []
    for number, one in enumerate(rows):
        ids[number, : len(one.ids)] = torch.tensor(one.ids)
        again[number, : len(one.ids)] = torch.tensor(repeated(one.ids))
        for place in range(1, len(one.ids)):
            target = one.ids[place]
            if target != SEEN and (one.taught[place] or draw.random() < around):
                keep.append(number * length + place - 1)
                targets.append(target)
    spare = rounded(len(keep), KEPT) - len(keep)
    keep += [0] * spare
    targets += [NOTHING] * spare
    shown = [picture for one in rows for picture in one.pictures]
    pictures = torch.from_numpy(np.stack(shown)) if shown else torch.zeros(0)
    return Batch(ids, torch.tensor(keep), torch.tensor(targets), pictures, again)


def repeated(ids: Sequence[int]) -> list[tuple[float, float]]:
    """Of every token whether it was there before, and whether it was with the token before it."""
    found: list[tuple[float, float]] = []
    single: set[int] = set()
    paired: set[tuple[int, int]] = set()
    last = NOTHING
    for token in ids:
        known = float(token in single), float((last, token) in paired)
        found.append(known if token != SEEN else (float(NOTHING),) * 2)
        single.add(token)
        paired.add((last, token))
        last = token
    return found
