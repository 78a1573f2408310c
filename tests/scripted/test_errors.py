"""Errors, routes and settings of the scripted server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openai import AuthenticationError, OpenAI

from . import Model, Request, Scripted
from .asking import chat, content, raw, refused, said
from .pictures import encoded, png, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import Refusal


BAD: list[tuple[dict[str, Any], str]] = [
    ({"temperature": 3}, "temperature"),
    ({"temperature": "hot"}, "temperature"),
    ({"top_p": -0.1}, "top_p"),
    ({"presence_penalty": 2.1}, "presence_penalty"),
    ({"n": 0}, "n"),
    ({"n": True}, "n"),
    ({"max_tokens": 0}, "max_tokens"),
    ({"top_logprobs": 2}, "top_logprobs"),
    ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
    ({"stop": ["a"] * 5}, "stop"),
    ({"stop": [1]}, "stop"),
    ({"logit_bias": {"1": 101}}, "logit_bias"),
    ({"logit_bias": {"word": 1}}, "logit_bias"),
    ({"seed": "x"}, "seed"),
    ({"stream_options": {"include_usage": True}}, "stream_options"),
    ({"response_format": {"type": "yaml"}}, "response_format.type"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name"),
    ({"messages": []}, "messages"),
    ({"messages": "Hello"}, "messages"),
    ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
    (
        {"messages": [{"role": "user", "content": [{"type": "smell"}]}]},
        "messages[0].content[0].type",
    ),
    ({"messages": [{"role": "assistant", "content": None}]}, "messages[0].content"),
    ({"model": 5}, "model"),
]


@pytest.mark.parametrize(("fields", "param"), BAD)
def test_bad_fields_are_named(client: OpenAI, fields: dict[str, Any], param: str) -> None:
    body = {"model": "toy", "messages": said("Hello"), **fields}

    assert refused(lambda: client.post("/chat/completions", body=body, cast_to=object)) == (
        400,
        param,
    )


def test_null_means_the_default(client: OpenAI) -> None:
    names = (
        "frequency_penalty presence_penalty logit_bias logprobs top_logprobs max_tokens "
        "max_completion_tokens metadata modalities n prediction reasoning_effort seed service_tier "
        "stop store stream stream_options top_p audio"
    )
    nulls: dict[str, Any] = dict.fromkeys(names.split())

    assert content(client, temperature=0, extra_body={**nulls, "unknown": 5}) == content(
        client, temperature=0
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"model": NaN}', b"[" * 9999]
)
def test_bad_bodies_are_refused(server: Scripted, body: bytes) -> None:
    status, headers, answer = raw(server, "POST", "/v1/chat/completions", body)

    assert status == 400
    assert headers["content-type"] == "application/json"
    assert set(json.loads(answer)["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/elsewhere", 404),
        ("GET", "/v1/chat/completions", 405),
        ("PATCH", "/v1/models", 405),
        ("POST", "/v1/models/toy", 405),
        ("BREW", "/v1/models", 405),
    ],
)
def test_unknown_routes_and_methods_have_the_envelope(
    server: Scripted, method: str, path: str, expected: int
) -> None:
    status, _, answer = raw(server, method, path)

    assert status == expected
    assert set(json.loads(answer)["error"]) == {"message", "type", "param", "code"}


def test_browsers_may_call_every_route(server: Scripted) -> None:
    asked = {
        "origin": "http://localhost:3000",
        "access-control-request-headers": "authorization,x-stainless-new",
    }
    for path in ("chat/completions", "completions", "models", "models/toy", "embeddings"):
        status, headers, _ = raw(server, "OPTIONS", f"/v1/{path}", headers=asked)
        allowed = headers["access-control-allow-headers"].split(", ")

        assert status == 204
        assert {"authorization", "content-type", "x-stainless-lang", "x-stainless-new"} <= set(
            allowed
        )
        assert headers["access-control-allow-origin"] == "*"


def test_a_key_is_demanded_only_if_there_is_one(ask: Callable[..., OpenAI]) -> None:
    with pytest.raises(AuthenticationError) as caught:
        ask(Scripted(api_key="secret")).models.list()
    assert caught.value.code == "invalid_api_key"
    ask(Scripted(api_key="none")).models.list()


def test_settings(ask: Callable[..., OpenAI]) -> None:
    embedding_first = [Model("e", embeds=True), Model("t")]
    client = ask(
        Scripted(prefix="", models=embedding_first, without=frozenset({"vision", "tools"}))
    )

    assert [model.id for model in client.models.list()] == ["e", "t"]
    assert refused(lambda: chat(client, model="e")) == (400, "model")
    assert refused(lambda: chat(client, shown(encoded(png(1))), model="t")) == (
        400,
        "messages[0].content[1]",
    )
    with pytest.raises(TypeError):
        Scripted(prefixx="")


def test_thinking_counts_against_the_limit(ask: Callable[..., OpenAI]) -> None:
    client = ask(Scripted(thinks=True))
    short, plain = (
        chat(client, max_tokens=9),
        chat(client, max_tokens=9, reasoning_effort="minimal"),
    )
    whole = chat(client, temperature=0)

    assert short.choices[0].message.content == ""
    assert short.choices[0].finish_reason == "length"
    assert getattr(short.choices[0].message, "reasoning_content", "")
    assert plain.choices[0].message.content
    assert whole.choices[0].message.content
    assert whole.usage
    assert whole.usage.completion_tokens_details
    assert (
        23
        < (whole.usage.completion_tokens_details.reasoning_tokens or 0)
        < whole.usage.completion_tokens
    )


class Careless(Scripted):
    def wrong_field(self, request: Request, refusal: Refusal) -> None:
        """Ignore it."""


def test_wrong_fields_may_be_ignored(ask: Callable[..., OpenAI]) -> None:
    client = ask(Careless())

    assert content(client, temperature=0, n=0, top_p="x") == content(client, temperature=0)
