"""The recorder keeps bytes, their arrival, and what comes after the official library has left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise

import pytest
from openai_compat.conformance.client import Client
from openai_compat.conformance.errors import NoAnswer
from openai_compat.conformance.exchange import Exchange, Request

from tests.scripted import Drop, Json, Reply, Scripted
from tests.scripted import Request as Got

BODY = {
    "model": "toy",
    "messages": [{"role": "user", "content": "Tell me a long story about the sea."}],
    "max_tokens": 12,
    "temperature": 0,
}
STREAM = Request("POST", "/chat/completions", {**BODY, "stream": True})
PLAIN = Request("POST", "/chat/completions", BODY)


@contextmanager
def client(server: Scripted, timeout_s: float = 10.0) -> Iterator[Client]:
    """A client that is closed afterwards, with every connection it has."""
    with closing(Client(server.url, "key", {}, timeout_s)) as one:
        yield one


def sent(server: Scripted, request: Request, timeout_s: float = 10.0) -> Exchange:
    """The exchange of one request."""
    with client(server, timeout_s) as one:
        return one.send(request)


def test_a_stream_is_recorded_with_the_arrival_of_each_piece() -> None:
    with Scripted(token_delay=0.03) as server:
        exchange = sent(server, STREAM)

    arrivals = [event.at for event in exchange.events]
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert exchange.status == 200
    assert exchange.body.endswith(b"data: [DONE]\n\n")
    assert sorted(arrivals) == arrivals
    assert len([gap for gap in gaps if gap > 0.015]) > 6
    assert exchange.duration_s >= arrivals[-1]
    assert not exchange.left_open
    assert len(exchange.parsed) > 6
    assert exchange.sdk_error == ""


def test_an_answer_that_came_at_once_has_arrived_at_once() -> None:
    class Buffers(Scripted):
        def events(self, request: Got, events: Iterator[bytes]) -> Iterator[bytes]:
            yield b"".join(events)

    with Buffers(token_delay=0.02) as server:
        exchange = sent(server, STREAM)

    assert len({event.at for event in exchange.events}) == 1


class SaysMore(Scripted):
    """It goes on after the sentinel, at which the official library stops reading."""

    def events(self, request: Got, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from events
        time.sleep(0.2)
        yield b"data: more\n\n"


def test_what_follows_the_sentinel_is_recorded() -> None:
    with SaysMore() as server:
        exchange = sent(server, STREAM)

    assert [event.data for event in exchange.events][-2:] == ["[DONE]", "more"]
    assert exchange.events[-1].at - exchange.events[-2].at > 0.15
    assert not exchange.left_open


class StaysOpen(Scripted):
    """It does not end the answer after the sentinel."""

    def events(self, request: Got, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from events
        self.hang(request)


def test_a_stream_left_open_is_waited_for_but_not_for_ever() -> None:
    with StaysOpen() as server:
        begun = time.perf_counter()
        exchange = sent(server, STREAM)
        seconds = time.perf_counter() - begun

    assert exchange.left_open
    assert exchange.body.endswith(b"data: [DONE]\n\n")
    assert 1.5 < seconds < 4


def test_who_leaves_early_does_not_read_on() -> None:
    with Scripted(token_delay=0.05) as server:
        begun = time.perf_counter()
        with client(server) as one, one.open(STREAM) as (response, pieces):
            first = next(pieces)
        seconds = time.perf_counter() - begun
        until = time.monotonic() + 5
        while server.active and time.monotonic() < until:
            time.sleep(0.01)

        assert server.active == 0
    assert response.status_code == 200
    assert first.startswith(b"data: {")
    assert seconds < 1.5


class Drips(Scripted):
    """It never stops, so that no read times out."""

    def events(self, request: Got, events: Iterator[bytes]) -> Iterator[bytes]:
        while not request.closed:
            yield b": drip\n\n"
            time.sleep(0.02)


def test_an_answer_that_never_ends_is_a_timeout() -> None:
    with Drips() as server, pytest.raises(NoAnswer) as raised:
        sent(server, STREAM, timeout_s=0.5)

    assert raised.value.kind == "timeout"
    assert str(raised.value) == "no complete answer within 0.5 s"


class Hangs(Scripted):
    """It never answers."""

    def validate(self, request: Got) -> None:
        self.hang(request)


class HangsUp(Scripted):
    """It closes the connection instead of answering."""

    def validate(self, request: Got) -> None:
        raise Drop


class CutsShort(Scripted):
    """It promises more bytes than it sends."""

    def headers(self, request: Got, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "content-length": "100000", "connection": "close"}


@pytest.mark.parametrize(("kind", "server"), [
    ("timeout", Hangs()), ("dropped", HangsUp()), ("dropped", CutsShort())
])  # fmt: skip
def test_no_answer_has_its_kind(kind: str, server: Scripted) -> None:
    with server, pytest.raises(NoAnswer) as raised:
        sent(server, PLAIN, timeout_s=0.5)

    assert raised.value.kind == kind


def test_nobody_there_is_unreachable() -> None:
    server = Scripted()
    with server:
        pass
    with pytest.raises(NoAnswer) as raised:
        sent(server, PLAIN)

    assert raised.value.kind == "unreachable"


class Moves(Scripted):
    """Its list of models is elsewhere."""

    to = ""

    def respond(self, request: Got) -> Reply:
        if request.path == "/v1/models":
            return 308, {"location": self.to}, b""
        return super().respond(request)


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with Moves() as server:
        server.to = f"{server.url}/models/"
        exchange = sent(server, Request("GET", "/models"))

    assert exchange.status == 200
    assert exchange.json["object"] == "list"


def test_a_redirect_to_another_host_is_refused_before_anything_is_sent() -> None:
    with Scripted() as other, Moves() as server:
        server.to = other.url.replace("127.0.0.1", "localhost")
        with pytest.raises(NoAnswer) as raised:
            sent(server, Request("GET", "/models"))

        assert not other.seen
    assert raised.value.kind == "unreachable"
    assert "another host: localhost" in str(raised.value)


class Mumbles(Scripted):
    """Its errors are a word."""

    def error(self, request: Got, status: int, error: Json) -> Reply:
        return status, {"content-type": "text/plain"}, b"no"


def test_the_raw_answer_is_kept_when_the_official_library_refuses_it() -> None:
    with Mumbles() as server:
        exchange = sent(server, Request("POST", "/chat/completions", {**BODY, "model": "x"}))

    assert (exchange.status, exchange.text) == (404, "no")
    assert exchange.sdk_error.startswith("NotFoundError: ")
    assert exchange.parsed is None
