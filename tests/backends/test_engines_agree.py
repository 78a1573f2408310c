"""Both engines give the same tokens, the same greedy text and the same vectors."""

from __future__ import annotations

import random

import pytest
from openai_compat.backends import Sampling, Worker
from openai_compat.backends.registry import installed
from openai_compat.reference.embedded.exam import item

from tests.engines import ENGINES

from .conftest import run

pytestmark = pytest.mark.skipif(not all(map(installed, ENGINES)), reason="both engines are needed")

TEXTS = [
    "Hello, world!", " leading space", "a\0b", "naïve café 日本語 😀", "tabs\tand\nlines  twice",
    "",
    "<|im_start|>user\nhi<|im_end|>\n", "<tool_call>{}</tool_call>",
    "\u2581already", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("special", [True, False])
def test_tokens_are_equal(text: str, *, special: bool, workers: dict[str, Worker]) -> None:
    """And they stand for the text."""
    ours, theirs = (workers[name].tokenize(text, special=special) for name in sorted(workers))

    assert ours == theirs


def test_greedy_text_is_equal_for_fifty_prompts(workers: dict[str, Worker]) -> None:
    """Prompts of the kinds that the model is made for, up to 120 tokens each."""
    chance = random.Random(8)
    differing = []
    for kind in ("copy", "know", "json", "tools", "turns"):
        for _ in range(10):
            prompt, _expected = item(kind, chance)
            answers = {
                run(worker, prompt, max_tokens=120, sampling=Sampling(temperature=0))[0]
                for worker in workers.values()
            }
            if len(answers) > 1:
                differing.append((prompt, answers))

    assert differing == []


def test_vectors_are_equal(workers: dict[str, Worker]) -> None:
    """Cosine at least 0.9999, length 1, and different for different texts."""
    inputs = ["The weather is fine.", "A completely different text", "x"]
    first, second = (workers[name].embed(inputs) for name in sorted(workers))

    for one, other in zip(first, second, strict=True):
        assert one.tokens == other.tokens
        assert dot(one.vector, one.vector) == pytest.approx(1, abs=1e-5)
        assert dot(one.vector, other.vector) > 0.9999
    assert dot(first[0].vector, first[1].vector) < 0.999


def dot(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The scalar product."""
    return sum(a * b for a, b in zip(one, other, strict=True))
