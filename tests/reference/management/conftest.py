"""A server that may be managed, and Ollama's own client for it."""

from __future__ import annotations

from collections.abc import Iterator

import ollama
import pytest

from tests.engines import ENGINES, needs
from tests.reference.conftest import start
from tests.reference.running import Running


@pytest.fixture(scope="package", params=ENGINES)
def managed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server over an empty store of its own, once for each engine."""
    name: str = request.param
    needs(name)
    folder = tmp_path_factory.mktemp("managed") / "store"
    running = Running(name, *start(folder, "--backend", name, "--management"), store=folder)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def client(managed: Running) -> Iterator[ollama.Client]:
    """The client that people use with Ollama."""
    with ollama.Client(managed.url) as made:
        yield made
