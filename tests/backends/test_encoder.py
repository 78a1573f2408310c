"""An encoder: embeddings on llama.cpp, a clear refusal of anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_compat.backends import ModelFiles, Worker
from openai_compat.backends.errors import (
    InputTooLongError,
    NotCapableError,
    UnknownArchitectureError,
)

from tests.engines import needs

from . import bert
from .conftest import run


@pytest.fixture(scope="module")
def encoder_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("encoder") / "bert.gguf"
    bert.write(path)
    return path


@pytest.fixture(scope="module")
def encoder(encoder_file: Path) -> Iterator[Worker]:
    needs("llamacpp")
    worker = Worker("llamacpp", ModelFiles(encoder_file))
    yield worker
    worker.close()


def test_it_only_embeds(encoder: Worker) -> None:
    assert encoder.describe().capabilities == {"embeddings"}
    with pytest.raises(NotCapableError, match="embeddings only"):
        run(encoder, "hello")


def test_a_text_has_its_begin_and_end_tokens(encoder: Worker) -> None:
    """And the same vector alone and among others."""
    both = encoder.embed(["hello world", "abc"])
    alone = encoder.embed(["hello world"])

    assert [item.tokens for item in both] == [4, 5]
    assert both[0].vector == pytest.approx(alone[0].vector, abs=1e-6)
    assert both[0].vector != both[1].vector


def test_a_text_over_the_context_is_refused(encoder: Worker) -> None:
    with pytest.raises(InputTooLongError):
        encoder.embed(["a b " * 300])


def test_the_other_engine_says_that_it_does_not_know_it(encoder_file: Path) -> None:
    needs("ctransformers")
    with pytest.raises(UnknownArchitectureError, match="llamacpp"):
        Worker("ctransformers", ModelFiles(encoder_file)).describe()
