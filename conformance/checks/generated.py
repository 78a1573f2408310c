"""Requests nobody would write by hand, made by schemathesis from the OpenAPI document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..check import check
from ..exchange import Exchange
from ..expect import expect_that, show
from ..faults import is_envelope
from ..server import PATHS, Server
from ..stream import Stream

if TYPE_CHECKING:
    from ..generated import Generated

_ALL = ("chat", "completions", "embeddings")


@check(
    "{endpoint}.generated.answers",
    requirement="fuzz-answers",
    over=(*_ALL, "models", "model"),
    alone=True,
)
def answers(server: Server, endpoint: str) -> None:
    """Generated requests for a {noun} are answered in good order."""
    for one in _requests(server, endpoint):
        exchange = server.request(one.request.method, one.request.path, one.request.body)
        down = exchange.status >= 500 and exchange.status != 501
        expect_that(not down, "status", "below 500", exchange.brief(160), exchange)
        if one.request.method == "GET" or not exchange.ok:
            _has_form(server, endpoint, exchange)
        elif _streams(one):
            expect_that(
                Stream(exchange).events,
                "events of the stream",
                "some",
                exchange.brief(160),
                exchange,
            )
        else:
            _has_form(server, endpoint, exchange)


def _has_form(server: Server, endpoint: str, exchange: Exchange) -> None:
    kind = exchange.content_type
    expect_that(
        kind == "application/json",
        f"Content-Type of a {exchange.status}",
        "application/json",
        kind,
        exchange,
    )
    if not exchange.ok:  # the keys beside message and type have checks of their own
        what, expected = f"body of a {exchange.status}", "an error with message and type"
        expect_that(is_envelope(exchange), what, expected, exchange.brief(160), exchange)
        return
    problems = server.errors.answer(f"{endpoint}.response", exchange.json)
    expect_that(
        not problems,
        f"body of a {exchange.status}",
        "valid against its schema",
        problems[:2],
        exchange,
    )


def _streams(one: Generated) -> bool:
    body = one.request.body
    try:
        value = json.loads(body) if isinstance(body, bytes) else None
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("stream") is True


@check("{endpoint}.generated.refusals", requirement="fuzz-invalid", over=_ALL, alone=True)
def refusals(server: Server, endpoint: str) -> None:
    """Generated requests for a {noun} that break the contract are refused."""
    accepted: dict[str, Exchange] = {}
    for one in _requests(server, endpoint):
        if one.valid or not isinstance(one.request.body, bytes):
            continue
        exchange = server.request("POST", PATHS[endpoint], one.request.body)
        if exchange.ok and _is_invalid(server, endpoint, one.request.body):
            accepted.setdefault(one.broken or "the body", exchange)

    first = next(iter(accepted.values()), None)
    expect_that(
        not accepted,
        "fields whose invalid values were accepted",
        "none",
        show(sorted(accepted)),
        first,
    )


def _is_invalid(server: Server, endpoint: str, body: bytes) -> bool:
    try:
        return bool(server.errors.request(PATHS[endpoint], json.loads(body)))
    except ValueError:
        return True


def _requests(server: Server, endpoint: str) -> tuple[Generated, ...]:
    from ..generated import requests

    session = server.session
    model = session.embedding_model if endpoint == "embeddings" else session.manner.model
    return requests(session.config.profile, endpoint, session.config.fuzz, model)
