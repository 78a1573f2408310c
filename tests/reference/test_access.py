"""Browsers, hosts, keys, slashes and health."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from openai_compat.backends.registry import choose

from .conftest import start
from .running import Running

PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, x-stainless-os, x-other",
}


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:9"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/nowhere"])
def test_a_preflight_is_answered(server: Running, origin: str, path: str) -> None:
    """On every route, for pages of this machine."""
    answer = server.send("OPTIONS", path, None, {"Origin": origin, **PREFLIGHT})

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == origin
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"]
    assert allowed == "authorization, content-type, x-stainless-os"


def test_other_pages_are_not_let_in(server: Running) -> None:
    """A browser keeps the answer from them."""
    for origin in ("https://example.org", "http://localhost.example.org", "null"):
        answer = server.send("OPTIONS", "/v1/models", None, {"Origin": origin, **PREFLIGHT})
        assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_host_is_refused(server: Running) -> None:
    """So that no name can be rebound to this machine."""
    answer = server.send("GET", "/v1/models", None, {"Host": "evil.example:11434"})

    assert (answer.status, answer.error["code"]) == (403, "foreign_host")
    assert server.send("GET", "/v1/models", None, {"Host": "localhost"}).status == 200


def test_slashes_health_and_openapi(server: Running) -> None:
    """A slash at the end changes nothing."""
    assert server.send("GET", "/v1/models/").json == server.send("GET", "/v1/models").json
    assert server.send("GET", "/health").json == {"status": "ok"}
    document = server.send("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": f"http://127.0.0.1:{server.port}/v1"}]


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_both_loopback_addresses_answer(server: Running) -> None:
    """On the same port."""
    try:
        answer = server.send("GET", "/health", host="::1")
    except OSError:
        pytest.skip("this machine has no ::1")
    assert answer.status == 200


def test_a_key_is_asked_for_where_one_is_set(store: Path) -> None:
    """Health stays open; a wrong key and none are 401."""
    running = Running("any", *start(store, "--api-key", "secret", "--backend", choose()))
    try:
        none = running.send("GET", "/v1/models")
        wrong = running.send("GET", "/v1/models", None, {"Authorization": "Bearer wrong"})
        right = running.send("GET", "/v1/models", None, {"Authorization": "Bearer secret"})

        assert [none.status, wrong.status, right.status] == [401, 401, 200]
        assert none.error["code"] == "invalid_api_key"
        assert running.send("GET", "/health").status == 200
    finally:
        running.stop()


def test_without_the_option_there_is_no_management(server: Running) -> None:
    """The routes are unknown, in OpenAI's shape."""
    for method, path in (("GET", "/api/tags"), ("POST", "/api/show"), ("DELETE", "/api/delete")):
        answer = server.send(method, path, {"model": "tiny"})
        assert answer.status == 404
        assert answer.error["code"] == "unknown_url"
