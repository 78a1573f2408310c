"""Both engines give the same tokens, the same greedy text and the same vectors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openai_compat.backends import ModelFiles, Sampling, Worker
from openai_compat.backends.errors import NotCapableError
from openai_compat.backends.registry import installed
from openai_compat.reference.embedded import models

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


def prompts() -> Iterator[str]:
    """Ten of each kind that the model is made for, up to where its answer begins."""
    pytest.importorskip("PIL", reason="lessons have pictures, which need Pillow")
    from openai_compat.reference.embedded.training.draw import Draw
    from openai_compat.reference.embedded.training.lessons import SUBJECTS

    for subject in ("copy", "know", "system", "json", "call", "turns", "fill"):
        draw = Draw(f"engines {subject}", unseen=True)
        for _ in range(10):
            pieces = list(SUBJECTS[subject](draw).pieces())
            own = [index for index, piece in enumerate(pieces) if piece.taught]
            last = next(one for one in reversed(own) if not pieces[one - 1].taught)
            yield "".join(piece.text for piece in pieces[:last])


def test_greedy_text_is_equal_for_seventy_prompts(workers: dict[str, Worker]) -> None:
    """Up to 120 tokens each."""
    differing = []
    for prompt in prompts():
        answers = {
            run(worker, prompt, max_tokens=120, sampling=Sampling(temperature=0))[0]
            for worker in workers.values()
        }
        if len(answers) > 1:
            differing.append((prompt, answers))

    assert differing == []


@pytest.fixture
def embedders() -> Iterator[list[Worker]]:
    """Both engines with the embedding model."""
    made = [Worker(name, ModelFiles(models()["tiny-embed"][0])) for name in ENGINES]
    yield made
    for worker in made:
        worker.close()


def test_vectors_are_equal(embedders: list[Worker]) -> None:
    """Cosine at least 0.9999, length 1, and different for different texts."""
    inputs = ["The weather is fine.", "A completely different text", "x"]
    first, second = (worker.embed(inputs) for worker in embedders)

    for one, other in zip(first, second, strict=True):
        assert one.tokens == other.tokens
        assert dot(one.vector, one.vector) == pytest.approx(1, abs=1e-5)
        assert dot(one.vector, other.vector) > 0.9999
    assert dot(first[0].vector, first[1].vector) < 0.9


def test_an_embedding_model_writes_no_text(embedders: list[Worker]) -> None:
    """It says so, and goes on."""
    for worker in embedders:
        assert worker.describe().capabilities == {"embeddings"}
        with pytest.raises(NotCapableError, match="embeddings only"):
            run(worker, "hello")
        assert worker.embed(["hello"])


def dot(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The scalar product."""
    return sum(a * b for a, b in zip(one, other, strict=True))
