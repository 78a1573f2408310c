"""Completions, embeddings, models, images and errors of the scripted server."""

from __future__ import annotations

import base64
import http.client
import json
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from openai import AuthenticationError, OpenAI

from . import Model, Scripted
from .asking import chat, content, refused, said

if TYPE_CHECKING:
    from collections.abc import Callable


def png(red: int) -> bytes:
    """A picture of one pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(bytes([0, red, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", pixel) + part(b"IEND", b"")


def shown(image: Any) -> list[Any]:
    return [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": image}]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def raw(server: Scripted, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, headers and body of a request that the official client does not send."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_images_matter_however_they_are_given(client: OpenAI) -> None:
    red = encoded(png(255))
    spellings = [red, {"url": red}, f"data:image/png;base64,{red}", {"url": f"data:;base64,{red}", "detail": "low"}]
    texts = {content(client, shown(one), temperature=0) for one in spellings}

    assert len(texts) == 1
    assert content(client, shown(encoded(png(9))), temperature=0) not in texts


@pytest.mark.parametrize(
    "bad", [png(1)[:-9], b"no picture", b"\xff\xd8\xff\xe0" + bytes(40), b"RIFF\xff\x00\x00\x00WEBP", b"GIF89a"]
)
def test_broken_images_are_refused(client: OpenAI, bad: bytes) -> None:
    assert refused(lambda: chat(client, shown({"url": encoded(bad)}))) == (400, "messages[0].content[1].image_url.url")


def test_webp_is_an_image(client: OpenAI) -> None:
    webp = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8 " + bytes(12)

    assert content(client, shown(f"data:image/webp;base64,{encoded(webp)}"))


def test_completions_go_on(client: OpenAI) -> None:
    def text(**fields: Any) -> str:
        return client.completions.create(**{"model": "toy", "prompt": "Once", "temperature": 0, **fields}).choices[0].text

    assert len(text().split()) > 8
    assert text() == text(prompt=["Once"])
    assert text(echo=True) == "Once" + text()
    assert text(suffix="the end") != text()
    assert text(max_tokens=0, echo=True) == "Once"
    assert text(prompt=[3, 4]) == text(prompt=[[3, 4]]) == text(prompt=" to and")


def test_a_batch_of_prompts_keeps_its_order(client: OpenAI) -> None:
    answer = client.completions.create(model="toy", prompt=["One", "Two"], n=2, seed=3, echo=True)
    single = client.completions.create(model="toy", prompt="Two", n=2, seed=3, echo=True)

    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert [choice.text for choice in answer.choices[2:]] == [choice.text for choice in single.choices]


def test_best_of_is_billed_and_keeps_the_best(client: OpenAI) -> None:
    answer = client.completions.create(model="toy", prompt="One", n=1, best_of=4, max_tokens=5, logprobs=0)

    assert len(answer.choices) == 1
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 20
    assert refused(lambda: client.completions.create(model="toy", prompt="One", n=2, best_of=1)) == (400, "best_of")


def test_legacy_logprobs_cover_an_echo(client: OpenAI) -> None:
    answer = client.completions.create(model="toy", prompt="Once é", echo=True, logprobs=2, max_tokens=4, temperature=0)
    chunks = client.completions.create(
        model="toy", prompt="Once é", echo=True, logprobs=2, max_tokens=4, temperature=0, stream=True
    )
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    parts = [choice.logprobs for chunk in chunks for choice in chunk.choices if choice.logprobs]

    assert logprobs.token_logprobs is not None
    assert logprobs.token_logprobs[0] is None
    assert logprobs.tokens is not None
    assert logprobs.text_offset is not None
    for token, offset in zip(logprobs.tokens, logprobs.text_offset, strict=True):
        assert token.startswith("bytes:") or answer.choices[0].text[offset:].startswith(token)
    for name in ("tokens", "token_logprobs", "text_offset", "top_logprobs"):
        assert sum((getattr(part, name) for part in parts), []) == getattr(logprobs, name)


def test_embeddings(client: OpenAI) -> None:
    def embed(given: Any, **fields: Any) -> list[Any]:
        answer = client.embeddings.create(**{"model": "toy-embed", "input": given, **fields})
        return [item.embedding for item in answer.data]

    cat, dog, sun = embed(["a cat sat here", "a dog sat here", "stars burn"])
    near, far = (sum(a * b for a, b in zip(cat, other, strict=True)) for other in (dog, sun))
    short = embed("a cat sat here", dimensions=8)[0]

    assert math.isclose(sum(value * value for value in cat), 1, rel_tol=1e-6)
    assert math.isclose(sum(value * value for value in short), 1, rel_tol=1e-6)
    assert near > far
    assert short[1] / short[0] == pytest.approx(cat[1] / cat[0], rel=1e-5)
    assert embed("a cat sat here") == embed(["a cat sat here"], encoding_format="float") == [cat]
    assert embed([3, 4]) == embed([[3, 4]]) == embed(" to and")
    for bad in ("", [], ["a", ""], [["a"]], [[]], [-1], None):
        assert refused(lambda bad=bad: embed(bad, encoding_format="float")) == (400, "input")


def test_models_are_listed_and_found(client: OpenAI, server: Scripted) -> None:
    listed = {model.id: model for model in client.models.list()}

    assert list(listed) == ["toy:latest", "toy-embed:latest", "org/toy:latest"]
    assert client.models.retrieve("org/toy:latest") == listed["org/toy:latest"]
    assert client.models.retrieve("toy").created == listed["toy:latest"].created
    assert raw(server, "GET", "/v1/models/org/toy:latest")[0] == raw(server, "GET", "/v1/models/")[0] == 200
    assert refused(lambda: client.models.retrieve("nobody")) == (404, "model")


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
    ({"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages[0].content[0].type"),
    ({"messages": [{"role": "assistant", "content": None}]}, "messages[0].content"),
    ({"model": 5}, "model"),
]


@pytest.mark.parametrize(("fields", "param"), BAD)
def test_bad_fields_are_named(client: OpenAI, fields: dict[str, Any], param: str) -> None:
    body = {"model": "toy", "messages": said("Hello"), **fields}

    assert refused(lambda: client.post("/chat/completions", body=body, cast_to=object)) == (400, param)


def test_null_means_the_default(client: OpenAI) -> None:
    names = (
        "frequency_penalty presence_penalty logit_bias logprobs top_logprobs max_tokens max_completion_tokens metadata "
        "modalities n prediction reasoning_effort seed service_tier stop store stream stream_options top_p audio"
    )
    nulls: dict[str, Any] = dict.fromkeys(names.split())

    assert content(client, temperature=0, extra_body={**nulls, "unknown": 5}) == content(client, temperature=0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"model": NaN}', b"[" * 9999])
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
def test_unknown_routes_and_methods_have_the_envelope(server: Scripted, method: str, path: str, expected: int) -> None:
    status, _, answer = raw(server, method, path)

    assert status == expected
    assert set(json.loads(answer)["error"]) == {"message", "type", "param", "code"}


def test_browsers_may_call_every_route(server: Scripted) -> None:
    asked = {"origin": "http://localhost:3000", "access_control_request_headers": "authorization,x-stainless-new"}
    for path in ("chat/completions", "completions", "models", "models/toy", "embeddings"):
        status, headers, _ = raw(server, "OPTIONS", f"/v1/{path}", **asked)
        allowed = headers["access-control-allow-headers"].split(", ")

        assert status == 204
        assert {"authorization", "content-type", "x-stainless-lang", "x-stainless-new"} <= set(allowed)
        assert headers["access-control-allow-origin"] == "*"


def test_a_key_is_demanded_only_if_there_is_one(ask: Callable[..., OpenAI]) -> None:
    with pytest.raises(AuthenticationError) as caught:
        ask(Scripted(api_key="secret")).models.list()
    assert caught.value.code == "invalid_api_key"
    ask(Scripted(api_key="none")).models.list()


def test_settings(ask: Callable[..., OpenAI]) -> None:
    embedding_first = [Model("e", embeds=True), Model("t")]
    client = ask(Scripted(prefix="", models=embedding_first, without=frozenset({"vision", "tools"})))

    assert [model.id for model in client.models.list()] == ["e", "t"]
    assert refused(lambda: chat(client, model="e")) == (400, "model")
    assert refused(lambda: chat(client, shown(encoded(png(1))), model="t")) == (400, "messages[0].content[1]")
    with pytest.raises(TypeError):
        Scripted(prefixx="")


def test_thinking_counts_against_the_limit(ask: Callable[..., OpenAI]) -> None:
    client = ask(Scripted(thinks=True))
    short, plain = chat(client, max_tokens=9), chat(client, max_tokens=9, reasoning_effort="minimal")
    whole = chat(client, temperature=0)

    assert short.choices[0].message.content == ""
    assert short.choices[0].finish_reason == "length"
    assert getattr(short.choices[0].message, "reasoning_content", "")
    assert plain.choices[0].message.content
    assert whole.choices[0].message.content
    assert whole.usage
    assert whole.usage.completion_tokens_details
    assert 23 < (whole.usage.completion_tokens_details.reasoning_tokens or 0) < whole.usage.completion_tokens
