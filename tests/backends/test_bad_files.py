"""A bad file gives a named error that says what to do, and never ends the server."""

from __future__ import annotations

from pathlib import Path

import pytest
from openai_compat.backends import ModelFiles, Worker
from openai_compat.backends.errors import (
    BadMetadataError,
    ModelFileError,
    NotGgufError,
    TruncatedFileError,
    UnknownArchitectureError,
    UnsupportedVersionError,
)
from openai_compat.backends.gguf import check_model, read

from tests.engines import ENGINES, needs

from . import files
from .conftest import run

EXPECTED = {
    "empty": NotGgufError,
    "text": NotGgufError,
    "magic-only": TruncatedFileError,
    "version-1": UnsupportedVersionError,
    "version-4": UnsupportedVersionError,
    "half": TruncatedFileError,
    "last-bytes-missing": TruncatedFileError,
    "cut-in-metadata": TruncatedFileError,
    "huge-tensor-count": BadMetadataError,
    "huge-key-count": BadMetadataError,
    "no-heads": BadMetadataError,
    "wrong-width": ModelFileError,
    "too-many-blocks": ModelFileError,
    "twice-the-same-token": BadMetadataError,
    "no-newline-token": BadMetadataError,
    "unknown-architecture": UnknownArchitectureError,
}
ADVICE = ("again", "use ", "convert", "only 2 and 3", "give ")


def test_every_bad_file_has_an_expected_error() -> None:
    """The two tables name the same faults."""
    assert set(EXPECTED) == set(files.BAD)


def test_the_good_file_passes(model_file: Path) -> None:
    """Else the faults below would prove nothing."""
    gguf = read(model_file)
    check_model(gguf)

    assert gguf.architecture == "llama"
    assert gguf.parameters > 900_000


@pytest.mark.parametrize("backend", ENGINES)
@pytest.mark.parametrize("fault", sorted(files.BAD))
def test_a_bad_file_is_named(fault: str, backend: str, tmp_path: Path, model_file: Path) -> None:
    """In the worker, so that whatever native code does stays there."""
    needs(backend)
    path = files.write(tmp_path, fault, model_file.read_bytes())
    worker = Worker(backend, ModelFiles(path))

    with pytest.raises(EXPECTED[fault]) as caught:
        worker.describe()

    message = str(caught.value)
    assert any(advice in message.lower() for advice in ADVICE), message
    assert str(tmp_path) not in message


def test_a_model_goes_on_while_another_file_is_bad(
    worker: Worker, tmp_path: Path, model_file: Path
) -> None:
    """The good model's process is the same before and after."""
    run(worker, "Once there was", max_tokens=2)
    before = worker.pid
    bad = Worker("llamacpp", ModelFiles(files.write(tmp_path, "half", model_file.read_bytes())))
    with pytest.raises(TruncatedFileError):
        bad.describe()

    assert run(worker, "Once there was", max_tokens=2)[1].usage.completion_tokens == 2
    assert worker.pid == before
