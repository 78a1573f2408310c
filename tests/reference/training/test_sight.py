"""What the vision tower is taught before it meets a language model."""

from __future__ import annotations

import math
import random

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training import sight
from openai_compat.reference.embedded.training.chat import WIDTH
from openai_compat.reference.embedded.training.eye import Eye


def test_to_count_weighs_as_much_as_three_other_questions() -> None:
    torch.set_num_threads(1)
    eye, reader = Eye(WIDTH, seed=1), sight.Reader(WIDTH)
    pictures, right, masks = sight.batch(8, random.Random(2))
    seen = eye(pictures).detach()
    loudness = (seen.square().mean(-1).add(1e-6).log() / 2 - math.log(sight.LOUDNESS)).square()

    found = sight.loss(eye, reader, pictures, right, masks)

    # A fresh reader takes every answer, and every square, for as likely as the others.
    sizes = {name: math.log(len(known)) for name, known in sight.QUESTIONS.items()}
    asked = sizes["background"] + sizes["colour"] + sizes["shape"] + 3 * sizes["count"]
    known = 2 * asked + sight.DRAWN * math.log(2) + 0.1 * float(loudness.mean())
    assert found.item() == pytest.approx(known, rel=1e-4)
