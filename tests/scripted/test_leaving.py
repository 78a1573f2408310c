"""Clients that leave, and requests that wait: the scripted server counts what it generates."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING

import pytest
from openai import APITimeoutError

from . import Scripted
from .asking import chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import OpenAI

    from . import Json, Request


class IgnoresLeaving(Scripted):
    def disconnected(self, request: Request) -> bool:
        return False


def _leave(server: Scripted, body: Json) -> None:
    """Begin a request and close the connection."""
    data = json.dumps(
        {"model": "toy", "messages": [{"role": "user", "content": "x"}], **body}
    ).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(data)}\r\n\r\n"
        )
        connection.sendall(head.encode() + data)
        for _ in range(200):
            if server.active:
                break
            time.sleep(0.005)
        assert server.active == 1


def _settles(server: Scripted, active: int) -> bool:
    for _ in range(60):
        if server.active == active:
            return True
        time.sleep(0.005)
    return False


@pytest.mark.parametrize("streamed", [True, False])
def test_leaving_stops_the_generation_unless_ignored(
    ask: Callable[[Scripted], OpenAI],
    streamed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    good, bad = Scripted(token_delay=0.05), IgnoresLeaving(token_delay=0.05)
    for server in (good, bad):
        ask(server)
        _leave(server, {"stream": streamed})

    assert _settles(good, 0)
    assert not _settles(bad, 0)


def test_requests_wait_for_a_slot(ask: Callable[[Scripted], OpenAI]) -> None:
    server = Scripted(slots=1, token_delay=0.02)
    client = ask(server)
    running = client.chat.completions.create(
        model="toy", messages=[{"role": "user", "content": "x"}], stream=True
    )
    next(iter(running))
    with pytest.raises(APITimeoutError):
        chat(client, max_tokens=1, timeout=0.1)
    running.close()

    assert chat(client, max_tokens=1)
