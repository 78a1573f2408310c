"""Teaches the vision tower to see, before a language model learns to tell what it sees.

Linear read-outs on the average of the tokens, each as loud as the first norm of a language
model makes it: what they find, attention will find.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .eye import PATCH, SEEN, Eye, patches
from .muon import Muon
from .pictures import COLOURS, LARGEST, Scene, fit, layers, pixels, scene
from .shapes import SHAPES

NOTHING: Final = -100
"""The answer to a question that a scene leaves open; the loss leaves it out."""
QUESTIONS: Final[dict[str, tuple[str | int | None, ...]]] = {
    "background": tuple(COLOURS),
    "colour": tuple(COLOURS),
    "shape": tuple(SHAPES),
    "count": (0, 1, 2, 3, 4),
}
"""What is read out, and the answers there are."""
COUNTING: Final = 3.0
"""What telling how many there are weighs, since it is learned last; the others weigh 1."""
BATCH, WARMUP, PLATEAU = 64, 50, 0.4
SQUARE, OUTLINED, DRAWN = 2, 1, 4.0
FINE = (PATCH // SQUARE) ** 2
"""Pixels of a mask's squares, the state that shows the mask, its weight; squares in a patch."""
FAST, SLOW, LOUDNESS = 0.02, 0.003, 0.5
"""Rates of Muon and of AdamW; the RMS of a token embedding in the language model."""


def answers(shown: Scene) -> list[int]:
    """The place of the right answer to each question."""
    found = ((known, getattr(shown, name)) for name, known in QUESTIONS.items())
    return [known.index(one) if one in known else NOTHING for known, one in found]


def batch(size: int, chance: random.Random, largest: int = 200) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures (size, 3, SIDE, SIDE), their answers (size, questions), and their masks.

    A mask (size, TOKENS, FINE) says how much of each little square of a patch is a shape's.
    """
    scenes = [scene(chance) for _ in range(size)]
    shown, masks = zip(*(layers(one, chance, largest) for one in scenes), strict=True)
    images = torch.from_numpy(np.stack([pixels(one) for one in shown]))
    coverage = torch.from_numpy(np.stack([np.asarray(fit(one), np.float32) for one in masks]))
    small = functional.avg_pool2d(
        patches(coverage[:, None] / 255).unflatten(2, (PATCH, PATCH)), SQUARE
    )
    return images, torch.tensor([answers(one) for one in scenes]), small.flatten(2)


class Reader(nn.Module):
    """Answers by one matrix; split by question."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.zeros(sum(map(len, QUESTIONS.values())), width))
        self.outline = nn.Linear(SEEN, FINE)
        nn.init.zeros_(self.outline.weight)
        nn.init.zeros_(self.outline.bias)

    def forward(self, seen: Tensor, shares: Tensor | None = None) -> tuple[Tensor, ...]:
        """Embeddings (n, tokens, width) → scores (n, answers), one for each question.

        ``shares`` (n, tokens) says how much a token counts in the average; None: evenly.
        """
        tokens = functional.rms_norm(seen, seen.shape[-1:])
        average = tokens.mean(1) if shares is None else (tokens * shares[..., None]).sum(1)
        sizes = [len(known) for known in QUESTIONS.values()]
        scores: tuple[Tensor, ...] = functional.linear(average, self.matrix).split(sizes, 1)
        return scores


def loss(eye: Eye, reader: Reader, pictures: Tensor, right: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy of all questions and of the masks, and how far from LOUDNESS the output is.

    An early layer has to tell shapes from the ground, whatever their colours: the later ones
    then learn forms in minutes. Questions are asked of all tokens and of those on shapes.
    """
    states = eye.states(pictures)
    seen = eye.finish(states[-1])
    middle = functional.layer_norm(states[OUTLINED], (SEEN,))
    outline = functional.binary_cross_entropy_with_logits(reader.outline(middle), masks)
    covered = masks.mean(-1) + 1e-4
    weights = [COUNTING if name == "count" else 1.0 for name in QUESTIONS]
    wrong = [
        weight * functional.cross_entropy(one, right[:, place], ignore_index=NOTHING)
        for shares in (None, covered / covered.sum(1, keepdim=True))
        for place, (weight, one) in enumerate(zip(weights, reader(seen, shares), strict=True))
    ]
    loudness = seen.square().mean(-1).add(1e-6).log() / 2 - np.log(LOUDNESS)
    return sum(wrong, 0.1 * loudness.square().mean() + DRAWN * outline)


def train_eye(width: int, steps: int, seed: int, report: Callable[[str], None]) -> Eye:
    """A tower that sees, for a language model of a width."""
    eye, reader = _train(width, steps, seed, report)
    report(f"in the end: {examine(eye, reader, 2048, seed)}")
    return eye


def _train(width: int, steps: int, seed: int, report: Callable[[str], None]) -> tuple[Eye, Reader]:
    chance = random.Random(seed)  # noqa: S311 - pictures are no secrets
    eye, reader = Eye(width, seed), Reader(width)
    muon = Muon(eye.matrices(), FAST)
    adam = torch.optim.AdamW(
        [*eye.others(), *reader.parameters()], lr=SLOW, betas=(0.9, 0.98), weight_decay=0.0
    )
    for step in range(steps):
        scale = min(1, (step + 1) / WARMUP) * min(1, (1 - step / steps) / (1 - PLATEAU))
        muon.param_groups[0]["lr"], adam.param_groups[0]["lr"] = FAST * scale, SLOW * scale
        loss(eye, reader, *batch(BATCH, chance)).backward()
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        if (step + 1) % 200 == 0:
            report(f"step {step + 1} of {steps}: {examine(eye, reader, 256, seed)}")
    return eye, reader


@torch.no_grad()
def examine(eye: Eye, reader: Reader, count: int, seed: int) -> str:
    """The share of right answers to each question, over pictures that were not trained on."""
    chance = random.Random(f"exam {seed}")  # noqa: S311 - pictures are no secrets
    right: dict[str, list[bool]] = {name: [] for name in QUESTIONS}
    for _ in range(0, count, BATCH):
        pictures, wanted, _ = batch(BATCH, chance, LARGEST)
        for place, (name, scores) in enumerate(zip(QUESTIONS, reader(eye(pictures)), strict=True)):
            asked = wanted[:, place] != NOTHING
            right[name] += (scores.argmax(1) == wanted[:, place])[asked].tolist()
    return ", ".join(f"{name} {sum(ok) / max(1, len(ok)):.3f}" for name, ok in right.items())
