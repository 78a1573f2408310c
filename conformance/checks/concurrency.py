"""Several clients at once, clients that leave, and what is left after a bad one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from .. import faults
from ..check import check
from ..exchange import Exchange, Request
from ..expect import Unexpected, expect_that, untested
from ..server import PATHS, Server
from ..stream import Stream

_PROMPTS = (
    "Tell me a long story about the sea.",
    "Tell me a long story about a mountain.",
    "Tell me a long story about a city at night.",
)


@check(
    "server.concurrency.concurrent-streams",
    requirement="concurrent-streams",
    needs=("chat",),
    alone=True,
)
def concurrent_streams(server: Server) -> None:
    """Three streams at once all come to their end, each with its own text."""
    streams = _beside_each_other(server)
    for stream in streams:
        # Both together are demanded of a stream that runs alone, by checks of their own.
        ended = stream.finish_reasons or any(event.is_done for event in stream.events)
        last = stream.events[-1].data if stream.events else stream.exchange.brief(160)
        expect_that(
            ended,
            "end of a stream beside two others",
            "a finish_reason or [DONE]",
            last,
            stream.exchange,
        )
    ids = [stream.chunks[0].body.get("id") for stream in streams]

    expect_that(
        len(set(ids)) == len(ids), "ids of the streams", "all different", ids, streams[0].exchange
    )


def _beside_each_other(server: Server) -> list[Stream]:
    exchanges = server.session.exchanges
    requests = [
        Request("POST", PATHS["chat"], server.body("chat", prompt, {"stream": True, "tokens": 48}))
        for prompt in _PROMPTS
    ]
    with ThreadPoolExecutor(len(requests)) as pool:
        streams = [Stream(exchange) for exchange in pool.map(exchanges.client.send, requests)]
    for stream in streams:
        exchanges.count(stream.exchange)
        server.used.append(stream.exchange)
    return streams


@check("server.concurrency.disconnect", requirement="disconnect-frees", needs=("chat",), alone=True)
def disconnect(server: Server) -> None:
    """Clients that leave in the middle of a stream do not delay the next one."""
    short = min(_timed(server, nth).duration_s for nth in (1, 2))
    tokens = _about_three_seconds(server)
    long = server.stream("chat", _PROMPTS[0], tokens=tokens)
    whole_s, pieces = long.exchange.duration_s, len(long.chunks)
    if whole_s < 8 * short + 0.4 or pieces < 64:
        untested(f"the longest answer takes {whole_s:.2f} s: too short to tell")
    for round_ in range(2):
        for number in range(4):
            _leave_early(server, f"{_PROMPTS[0]} Chapter {number + 4 * round_}.", tokens)
        begun = time.perf_counter()
        after = _timed(server, 3 + round_)
        delay = time.perf_counter() - begun
        if delay < short + whole_s / 2:
            return
    raise Unexpected(
        f"time of a short answer after four clients left streams that take {whole_s:.2f} s each",
        f"about {short:.2f} s, as before",
        f"{delay:.2f} s",
        after,
    )


def _timed(server: Server, nth: int) -> Exchange:
    return server.ask("chat", "Say: yes.", tokens=2, nth=nth).exchange


def _about_three_seconds(server: Server) -> int:
    """How many tokens the server makes in about three seconds, from 64 to 512."""
    answer = server.ask("chat")
    per_second = (answer.completion_tokens or 24) / max(answer.exchange.duration_s, 0.001)
    return int(min(512, max(64, 3 * per_second)))


def _leave_early(server: Server, prompt: str, tokens: int) -> None:
    body = server.body("chat", prompt, {"stream": True, "tokens": tokens})
    request = Request("POST", PATHS["chat"], body)
    with server.session.exchanges.client.open(request) as (_, segments):
        next(segments, b"")
    server.session.exchanges.count(None)


@check(
    "server.concurrency.survives-bad-input",
    requirement="survives-bad-input",
    needs=("chat",),
    alone=True,
)
def survives_bad_input(server: Server) -> None:
    """After a row of bad requests a good one is answered."""
    for fault in faults.every(server):
        server.used.append(fault.exchange)
    nested = b'{"model": "x", "messages": ' + b"[" * 2000 + b"]" * 2000 + b"}"
    faults.sent(server, "chat", nested)
    if server.session.embedding_model:
        model = server.session.embedding_model
        faults.sent(server, "embeddings", {"model": model, "input": []})

    server.ask("chat", "Say: yes.", tokens=2, nth=9)
