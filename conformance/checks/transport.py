"""HTTP around the API: keys, content types, browsers."""

from __future__ import annotations

import json

from ..check import check
from ..exchange import Exchange
from ..expect import expect_that, untested
from ..faults import good
from ..server import PATHS, Server

_ORIGIN = "http://localhost:3000"
_SDK_HEADERS = "authorization,content-type,x-stainless-lang,x-stainless-os,x-stainless-retry-count"


def _sent(server: Server, *headers: tuple[str, str]) -> Exchange:
    endpoint = server.manner.endpoint
    return server.request(
        "POST", PATHS[endpoint], json.dumps(good(server, endpoint)).encode(), headers
    )


@check("server.auth.no-key", requirement="auth-optional")
def no_key(server: Server) -> None:
    """A request without a key is answered."""
    exchange = _sent(server, ("Authorization", ""))

    expect_that(exchange.ok, "status", "200", exchange.brief(160), exchange)


@check("server.auth.any-key", requirement="auth-any-key")
def any_key(server: Server) -> None:
    """A request with any key is answered."""
    exchange = _sent(server, ("Authorization", "Bearer any-key-will-do"))

    expect_that(exchange.ok, "status", "200", exchange.brief(160), exchange)


@check("server.http.charset", requirement="request-content-type")
def charset(server: Server) -> None:
    """A request that names its charset is answered."""
    exchange = _sent(server, ("Content-Type", "application/json; charset=utf-8"))

    expect_that(exchange.ok, "status", "200", exchange.brief(160), exchange)


@check("server.http.large-body", requirement="large-body")
def large_body(server: Server) -> None:
    """A body of a megabyte is answered or refused, and breaks nothing."""
    endpoint = server.manner.endpoint
    body = {**good(server, endpoint), "x_openai_conformance": "x" * 1_000_000}
    exchange = server.request("POST", PATHS[endpoint], body)

    expect_that(exchange.status < 500, "status", "200 or a 4xx", exchange.brief(160), exchange)


def _preflight(server: Server) -> Exchange:
    headers = (
        ("Authorization", ""),
        ("Origin", _ORIGIN),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", _SDK_HEADERS),
    )
    return server.request("OPTIONS", PATHS[server.manner.endpoint], None, headers)


@check("server.cors.preflight", requirement="cors-preflight")
def preflight(server: Server) -> None:
    """A page on localhost gets leave to send a request."""
    exchange = _preflight(server)
    origin = exchange.headers.get("access-control-allow-origin", "")
    expect_that(exchange.ok, "status of the preflight", "a 2xx", exchange.brief(120), exchange)
    expect_that(
        origin in {"*", _ORIGIN}, "Access-Control-Allow-Origin", f"* or {_ORIGIN}", origin, exchange
    )
    methods = exchange.headers.get("access-control-allow-methods", "")

    expect_that(
        "POST" in methods or "*" in methods,
        "Access-Control-Allow-Methods",
        "POST among them",
        methods,
        exchange,
    )


@check("server.cors.headers", requirement="cors-headers")
def headers(server: Server) -> None:
    """A page may send the key and the headers of the official library."""
    exchange = _preflight(server)
    allowed = (
        exchange.headers.get("access-control-allow-headers", "").lower().replace(" ", "").split(",")
    )
    if not exchange.ok or "access-control-allow-origin" not in exchange.headers:
        untested("there is no preflight: see server.cors.preflight")
    # A wildcard covers every header but authorization (Fetch standard, 3.3.3).
    wanted = ["authorization"] if "*" in allowed else _SDK_HEADERS.split(",")
    missing = [name for name in wanted if name not in allowed]

    expect_that(
        not missing, "headers missing from Access-Control-Allow-Headers", "none", missing, exchange
    )
