"""The embedding model on ordinary sentences that a person wrote, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from openai_compat.backends import ModelFiles, Worker
from openai_compat.reference.embedded import models

from tests.engines import ENGINES, needs

LINES = Path(__file__).with_name("everyday_triples.txt").read_text(encoding="utf-8").splitlines()
TRIPLES = [line.split(" | ") for line in LINES if line and not line.startswith("#")]
RIGHT = 25
"""Of 30; 27 were right when the model was trained."""


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The scalar product."""
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_paraphrase_is_nearer_than_another_topic(engine: str) -> None:
    """And texts about nothing in common are far from each other."""
    needs(engine)
    worker = Worker(engine, ModelFiles(models()["tiny-embed"][0]))
    try:
        found = [one.vector for one in worker.embed([text for three in TRIPLES for text in three])]
    finally:
        worker.close()
    texts, same, others = found[::3], found[1::3], found[2::3]
    nearer = [dot(a, b) > dot(a, c) for a, b, c in zip(texts, same, others, strict=True)]
    apart = [dot(a, b) for a in texts for b in texts if a is not b]

    assert len(nearer) == 30
    assert sum(nearer) >= RIGHT
    assert sum(apart) / len(apart) < 0.3
