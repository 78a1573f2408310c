"""Servers to pull from, and stores to pull into and to make models in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.store import Store

from .faults import Faults
from .fetching import Pulled
from .workshop import Workshop

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
TOKENS = ("HF_TOKEN", "HF_ENDPOINT", "OPENAI_REFERENCE_REGISTRY_TOKEN",
          "OPENAI_REFERENCE_REGISTRY", "OLLAMA_MODELS")  # fmt: skip


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no secret of whoever runs the tests."""
    for name in (*PROXIES, *map(str.upper, PROXIES), *TOKENS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def faults() -> Iterator[Faults]:
    """A server that misbehaves as it is told."""
    with Faults().running() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Faults]:
    """Another one, which is another host."""
    with Faults().running() as server:
        yield server


@pytest.fixture
def ours(tmp_path: Path) -> Library:
    """An empty library of our own."""
    return Library(Store(tmp_path / "ours"))


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """An empty store of contents."""
    (tmp_path / "blobs").mkdir()
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def pulled(blobs: Blobs) -> Pulled:
    """A fetch into it that has not begun."""
    return Pulled(blobs)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty library, and an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Workshop(Library(Store(tmp_path / "store")), folder)
