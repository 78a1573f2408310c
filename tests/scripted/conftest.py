"""One server and one official client for a whole module."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from openai import OpenAI

from . import Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with Scripted(chunk_delay=0.0002) as server:
        yield server
        assert not server.faults
        assert server.active == 0


@pytest.fixture(scope="module")
def client(server: Scripted) -> Iterator[OpenAI]:
    with OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=10) as client:
        yield client


@pytest.fixture
def ask() -> Iterator[Callable[[Scripted], OpenAI]]:
    """Start a server and give its client; both are closed after the test."""
    with ExitStack() as stack:

        def started(server: Scripted) -> OpenAI:
            stack.enter_context(server)
            return stack.enter_context(
                OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=10)
            )

        yield started
