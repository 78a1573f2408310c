"""Loaded models and small helpers for the backends' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_compat.backends import Finished, Generation, ModelFiles, Text, TextEvent, Worker
from openai_compat.backends.registry import names
from openai_compat.reference import embedded

from tests.engines import ENGINES, needs


def run(worker: Worker, prompt: str, **settings: object) -> tuple[str, Finished]:
    """The whole text of a generation, and its last event."""
    generation = Generation((Text(prompt),), **settings)  # type: ignore[arg-type]
    events = list(worker.generate(generation))
    last = events[-1]
    assert isinstance(last, Finished)
    return "".join(event.text for event in events if isinstance(event, TextEvent)), last


@pytest.fixture(scope="session")
def model_file() -> Path:
    """The weights of the embedded model."""
    return embedded.models()["tiny"][0]


@pytest.fixture(scope="session")
def model_files() -> ModelFiles:
    """Weights and projector of the embedded model."""
    return ModelFiles(*embedded.models()["tiny"])


@pytest.fixture(scope="session")
def workers(model_files: ModelFiles) -> Iterator[dict[str, Worker]]:
    """A worker of each backend, started when it is first used."""
    made = {name: Worker(name, model_files) for name in names() if name in ENGINES}
    yield made
    for worker in made.values():
        worker.close()


@pytest.fixture(params=ENGINES)
def worker(request: pytest.FixtureRequest, workers: dict[str, Worker]) -> Worker:
    """The worker of one backend; the test runs once for each."""
    needs(request.param)
    return workers[request.param]
