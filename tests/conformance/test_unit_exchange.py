"""A request becomes a line that a shell can run; an answer is read without judging it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openai_compat.conformance.exchange import Exchange, Request

URL = "http://127.0.0.1:8080/v1"
NASTY = """it's "quoted" $HOME `id` \\ back\nslash ! # & ; | <x> {a,b} *? ~ \t tab ü 😀 %s"""


def sent_by_shell(line: str, folder: Path, shell: str) -> list[str]:
    """The words that curl gets when a shell runs the line."""
    curl = folder / "curl"
    curl.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\n')
    curl.chmod(0o755)
    done = subprocess.run(
        [shell, "-c", line],
        env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": "/nowhere", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
        timeout=10,
    )
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_shell_sends_the_body_as_it_was(shell: str, tmp_path: Path) -> None:
    body = {"model": NASTY, "messages": [{"role": "user", "content": NASTY}], "n": None}
    line = Request("POST", "/chat/completions", body).curl(URL)
    words = sent_by_shell(line, tmp_path, shell)

    assert words[0] == f"{URL}/chat/completions"
    assert json.loads(words[words.index("-d") + 1]) == body
    assert words[words.index("-H") + 1] == "Authorization: Bearer ***"
    assert "Content-Type: application/json" in words


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("body", [b'{"a": ', b"it's $HOME", "ü".encode()])
def test_a_shell_sends_bytes_as_they_were(shell: str, body: bytes, tmp_path: Path) -> None:
    words = sent_by_shell(Request("POST", "/x", body).curl(URL), tmp_path, shell)

    assert words[words.index("-d") + 1] == body.decode()


def test_a_shell_sends_headers_and_paths_as_they_were(tmp_path: Path) -> None:
    headers = (("Origin", NASTY.replace("\n", " ")), ("content-type", "text/plain"))
    request = Request("OPTIONS", "/models/it's%20a $HOME", b"x", headers)
    words = sent_by_shell(request.curl(f"{URL}/"), tmp_path, "sh")

    assert words[:3] == ["-X", "OPTIONS", f"{URL}{request.path}"]
    assert f"Origin: {headers[0][1]}" in words
    assert "Content-Type: text/plain" in words
    assert "Content-Type: application/json" not in words


@pytest.mark.parametrize(
    ("request_", "begins"),
    [
        (Request("GET", "/models"), f"curl {URL}/models -H"),
        (Request("POST", "/x", {"stream": True}), f"curl -N {URL}/x -H"),
        (Request("POST", "/x", {"stream": 1}), f"curl {URL}/x -H"),
        (Request("POST", "/x"), f"curl -X POST {URL}/x -H"),
        (Request("DELETE", "/x", {}), f"curl -X DELETE {URL}/x -H"),
    ],
)
def test_the_line_says_no_more_than_it_must(request_: Request, begins: str) -> None:
    assert request_.curl(URL).startswith(begins)


def test_an_empty_header_is_left_out() -> None:
    line = Request("GET", "/models", headers=(("Authorization", ""),)).curl(URL)

    assert line == f"curl {URL}/models"


def test_requests_that_a_server_cannot_tell_apart_have_one_key() -> None:
    one = Request("POST", "/x", {"a": 1, "b": 2})

    assert one.key == Request("POST", "/x", {"b": 2, "a": 1}).key
    others = [
        Request("POST", "/x", {"a": 1}),
        Request("POST", "/y", {"a": 1, "b": 2}),
        Request("POST", "/x", {"a": 1, "b": "2"}),
        Request("POST", "/x", {"a": 1, "b": 2}, (("Origin", "x"),)),
        Request("POST", "/x", b'{"a": 1, "b": 2}'),
    ]
    assert len({one.key, *(other.key for other in others)}) == 1 + len(others)


def answer(status: int = 200, body: bytes = b"", *, stream: bool = False, **more: Any) -> Exchange:
    request = Request("POST", "/x", {"stream": stream})
    half = len(body) // 2
    segments = ((0.1, body[:half]), (0.2, body[half:]))
    return Exchange(request, status, more.pop("headers", {}), segments, 0.3, **more)


def test_an_answer_is_read_as_text_json_and_events() -> None:
    exchange = answer(body='{"a": "ü"}'.encode(), headers={"content-type": "A/Json; charset=x"})

    assert exchange.body == '{"a": "ü"}'.encode()
    assert exchange.json == {"a": "ü"}
    assert exchange.content_type == "a/json"
    assert answer(body=b"\xff{").json is None
    assert answer(body=b"\xff{").text == "\ufffd{"
    assert [event.data for event in answer(body=b"data: a\n\n").events] == ["a"]


@pytest.mark.parametrize(
    ("status", "ok", "refused", "failed"),
    [
        (200, True, False, False),
        (204, True, False, False),
        (301, False, False, False),
        (404, False, True, False),
        (500, False, False, True),
        (501, False, False, False),
        (503, False, False, True),
    ],
)
def test_the_classes_of_status(status: int, *, ok: bool, refused: bool, failed: bool) -> None:
    exchange = answer(status)

    assert (exchange.ok, exchange.refused, exchange.failed) == (ok, refused, failed)


def test_a_stream_without_a_finish_reason_is_cut() -> None:
    assert answer(body=b'data: {"finish_reason": null}\n\n', stream=True).is_cut
    assert not answer(body=b'data: {"finish_reason" : "stop"}\n\n', stream=True).is_cut
    assert not answer(body=b"{}").is_cut
    assert not answer(400, b"{}", stream=True).is_cut


def test_an_answer_in_short_is_one_line() -> None:
    assert answer(404, b'{\n "a":  1\n}').brief() == '404 { "a": 1 }'
    assert answer(204).brief() == "204"
    assert len(answer(200, b"x" * 1000).brief(50)) == len("200 ") + 50
