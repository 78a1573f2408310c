"""What a client got wrong is said with a status, a message, a param and a code."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import start
from .running import Running


def message(content: Any, role: str = "user") -> dict[str, Any]:
    """Fields with one message."""
    return {"messages": [{"role": role, "content": content}]}


CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "range": ({"temperature": 9}, "temperature", "at most 2"),
    "type": ({"temperature": "hot"}, "temperature", "a number"),
    "no messages": ({"messages": []}, "messages", "at least 1"),
    "role": (message("x", "frog"), "messages[0].role", '"assistant"'),
    "content": (message(5), "messages[0].content", "a string or an array"),
    "part": (message([{"type": "text"}]), "messages[0].content[0].text", "missing"),
    "part type": (message([{"type": "smell"}]), "messages[0].content[0].type", '"text"'),
    "audio": (
        message([{"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}]),
        "messages[0].content[0].type",
        '"image_url"',
    ),
    "stop": ({"stop": ["a", 1]}, "stop[1]", "a string"),
    "five stops": ({"stop": list("abcde")}, "stop", "at most 4"),
    "schema": (
        {"response_format": {"type": "json_schema"}},
        "response_format.json_schema",
        "missing",
    ),
    "bad schema": (
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "x", "schema": {"type": "frog"}},
            }
        },
        "response_format",
        "frog",
    ),
    "tool schema": (
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": 7}}}]},
        "tools[0].function.parameters",
        "JSON Schema",
    ),
    "orphan": (
        {"messages": [{"role": "tool", "content": "x", "tool_call_id": "c1"}]},
        "messages[0].tool_call_id",
        "no tool call",
    ),
    "address": (
        message([{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]),
        "messages[0].content[0].image_url",
        "base64",
    ),
    "long prompt": (message("word " * 3000), "messages", "4096"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_a_400_before_any_stream(server: Running, case: str, *, stream: bool) -> None:
    """Param is the exact path, and the message says what would be right."""
    fields, param, words = CASES[case]
    answer = server.chat(stream=stream, **fields)

    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["param"] in {param, f"{param}.url"}
    assert words in answer.error["message"]


def test_an_over_long_prompt_names_both_lengths(server: Running) -> None:
    """With OpenAI's code for it; also where the answer is only counted."""
    answer = server.send("POST", "/v1/completions", {"model": "tiny", "prompt": "x" * 5000})

    assert answer.error["code"] == "context_length_exceeded"
    assert "5001" in answer.error["message"]
    assert "4096" in answer.error["message"]


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"{", b"[]", b'"x"', b"\xff\xfe\xff", b'{"a": NaN}', b"[" * 100_000]
)
def test_a_body_that_is_no_object_is_a_400(server: Running, body: bytes) -> None:
    """Whatever it is instead."""
    answer = server.send("POST", "/v1/chat/completions", body)

    assert answer.status == 400
    assert answer.error["param"] is None


@pytest.mark.parametrize("depth", [20, 60, 62, 200, 480])
@pytest.mark.parametrize("where", ["tools", "response_format"])
def test_nested_schemas_are_served_or_refused(server: Running, where: str, depth: int) -> None:
    """As deep as JSON may be; with the reason where it is too deep, for the constraint too."""
    schema = '{"type":"object","properties":{"a":' * depth + "{}" + "}}" * depth
    fields = {
        "tools": f'[{{"type":"function","function":{{"name":"f","parameters":{schema}}}}}]',
        "response_format": '{"type":"json_schema","json_schema":{"name":"x","schema":'
        f"{schema}}}}}",
    }
    talk = '"model":"tiny","max_tokens":1,"messages":[{"role":"user","content":"x"}]'
    answer = server.send(
        "POST", "/v1/chat/completions", f'{{{talk},"{where}":{fields[where]}}}'.encode()
    )

    assert answer.status == (400 if depth > 61 else 200)
    if depth > 61:
        assert re.search("128 objects|limit exceeded", answer.error["message"])


@pytest.mark.parametrize("depth", [100, 900, 960, 970, 980, 990, 1100])
def test_nested_arguments_of_a_past_call_do_no_harm(server: Running, depth: int) -> None:
    """They are text, of any depth; a template may refuse them."""
    function = {"name": "f", "arguments": "[" * depth + "]" * depth}
    call = {"id": "c", "type": "function", "function": function}
    messages = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "ok"},
    ]
    fields = {"model": "tiny", "max_tokens": 1, "messages": messages}
    answer = server.send("POST", "/v1/chat/completions", fields)

    assert answer.status == 200 or answer.error["code"] == "template_refused"


def test_half_of_an_escaped_character_does_no_harm(server: Running) -> None:
    """JSON can hold what no text can."""
    body = b'{"model":"tiny","max_tokens":1,"messages":[{"role":"user","content":"\\ud83d"}]}'

    assert server.send("POST", "/v1/chat/completions", body).status == 200


def test_what_ollama_ignores_is_no_mistake(server: Running) -> None:
    """OpenAI's rules for fields that belong together are not Ollama's."""
    custom = {"type": "custom", "custom": {"name": "shell"}}
    lax = {"type": "object", "properties": {"a": {"type": "string"}}}
    function = {"name": "f", "strict": True, "parameters": lax}
    form = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": lax}}
    for fields in (
        {"stream_options": {"include_usage": True}},
        {"tools": [custom]},
        {"tools": [{"type": "function", "function": function}]},
        {"response_format": form},
        {"tool_choice": "auto"},
        {"top_logprobs": 2},
    ):
        answer = server.chat(max_tokens=3, **fields)
        assert answer.status == 200, (fields, answer.body)


def test_a_model_is_deleted_where_that_is_allowed(store: Path, tmp_path: Path) -> None:
    """Its names with slashes too; the embedded ones are not ours to delete, and only once."""
    folder = tmp_path / "store"
    shutil.copytree(store, folder)
    running = Running("any", *start(folder, "--allow-delete"))
    try:
        done = running.send("DELETE", "/v1/models/user%2Fown:v1")
        again = running.send("DELETE", "/v1/models/user/own:v1")
        ours = running.send("DELETE", "/v1/models/tiny")
        listed = {one["id"] for one in running.send("GET", "/v1/models").json["data"]}
    finally:
        running.stop()

    assert (done.status, again.status, ours.status) == (200, 404, 403)
    assert done.json == {"id": "user/own:v1", "object": "model", "deleted": True}
    assert again.error["code"] == "model_not_found"
    assert ours.error["param"] == "model"
    assert "user/own:v1" not in listed
    assert {"llava:latest", "tiny:latest"} <= listed


def test_unknown_models_routes_and_methods(server: Running) -> None:
    """Each in the envelope."""
    model = server.chat(model="nope")
    retrieved = server.send("GET", "/v1/models/nope")
    route = server.send("GET", "/v2/chat")
    method = server.send("DELETE", "/v1/models")
    one = server.send("DELETE", "/v1/models/llava")
    outside = server.send("GET", "/v1/models/..%2f..%2fetc")

    assert (model.status, model.error["code"]) == (404, "model_not_found")
    assert (retrieved.status, retrieved.error["code"]) == (404, "model_not_found")
    assert (route.status, route.error["type"]) == (404, "not_found_error")
    assert (method.status, method.headers["allow"]) == (405, "GET, OPTIONS")
    assert method.error["message"]
    assert one.status == 405
    assert outside.status == 404


def test_an_embedding_model_does_not_chat(server: Running) -> None:
    """Param names the model; embeddings of the same model are answered."""
    chat = server.chat(model="all-minilm")
    text = server.send("POST", "/v1/completions", {"model": "all-minilm", "prompt": "x"})
    found = server.send("POST", "/v1/embeddings", {"model": "all-minilm", "input": "x"})

    for answer in (chat, text):
        assert (answer.status, answer.error["param"]) == (400, "model")
        assert "does not support chat" in answer.error["message"]
    assert found.status == 200


def test_a_broken_request_line_gets_the_envelope(server: Running) -> None:
    """Even what never reaches the app."""
    answer = server.send("POST", "/v1/models", b"x", {"Transfer-Encoding": "nonsense"})

    assert answer.status >= 400
    assert answer.error["message"]


def test_a_long_run_of_spaces_takes_no_time(server: Running) -> None:
    """Where base64 was meant: a pattern must not try every way to read it."""
    parts = [{"type": "image_url", "image_url": {"url": " " * 500_000 + "!"}}]
    started = time.perf_counter()
    answer = server.chat(**message(parts))

    assert answer.status == 400
    assert time.perf_counter() - started < 3


def test_too_large_is_a_413(server: Running) -> None:
    """A megabyte is not."""
    large = server.send("POST", "/v1/chat/completions", b" " * (65 << 20))
    megabyte = server.chat(**message("x" * (1 << 20)))

    assert (large.status, large.error["code"]) == (413, "request_too_large")
    assert megabyte.status == 400
