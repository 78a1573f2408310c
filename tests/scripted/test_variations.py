"""Every legal variation means the same to the official client as the plain server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .asking import WEATHER, chat, joined, refused, stream
from .variations import VARIATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import OpenAI

    from . import Scripted

QUESTION = "What is the weather in Zürich and Paris?"


def gist(client: OpenAI) -> list[Any]:
    """What a program would take from many kinds of answers."""
    found: list[Any] = []
    for fields in ({}, {"n": 2}, {"max_tokens": 3}, {"logprobs": True, "top_logprobs": 2}):
        given: dict[str, Any] = {"temperature": 0, **fields}
        answer = chat(client, "Emoji 😀", **given)
        chunks = stream(client, "Emoji 😀", stream_options={"include_usage": True}, **given)
        for choice in answer.choices:
            assert joined(chunks, choice.index) == choice.message.content
        ends = {
            choice.index: choice.finish_reason
            for chunk in chunks
            for choice in chunk.choices
            if choice.finish_reason
        }
        assert chunks[-1].usage
        assert answer.usage
        spelt = [
            token.token
            for chunk in chunks
            for choice in chunk.choices
            for token in (choice.logprobs.content or [] if choice.logprobs else [])
        ]
        found += [
            answer.choices[0].message.content,
            ends,
            spelt,
            chunks[-1].usage.total_tokens,
            answer.usage.total_tokens,
        ]
    arguments: dict[int, str] = {}
    for chunk in stream(client, QUESTION, tools=[WEATHER], temperature=0):
        for call in chunk.choices[0].delta.tool_calls or []:
            arguments[call.index] = arguments.get(call.index, "") + (
                (call.function and call.function.arguments) or ""
            )
    found += [json.loads(given)["city"] for given in arguments.values()]
    made = (
        chat(client, QUESTION, tools=[WEATHER], temperature=0).choices[0].message.tool_calls or []
    )
    found += [
        json.loads(call.function.arguments)["city"] for call in made if call.type == "function"
    ]
    written = client.completions.create(
        model="toy", prompt="Once", logprobs=2, echo=True, temperature=0
    )
    pieces = client.completions.create(
        model="toy", prompt="Once", logprobs=2, echo=True, temperature=0, stream=True
    )
    found += [written.choices[0].text, "".join(chunk.choices[0].text for chunk in pieces)]
    assert written.choices[0].logprobs
    found += [written.choices[0].logprobs.tokens, [model.id for model in client.models.list()]]
    found += [client.embeddings.create(model="toy-embed", input="x").data[0].embedding]
    return [
        *found,
        refused(lambda: chat(client, model="nobody")),
        refused(lambda: chat(client, n=0)),
    ]


@pytest.fixture(scope="module")
def plain(client: OpenAI) -> list[Any]:
    return gist(client)


@pytest.mark.parametrize("variation", VARIATIONS)
def test_a_variation_means_the_same(
    ask: Callable[[Scripted], OpenAI], plain: list[Any], variation: type[Scripted]
) -> None:
    server = variation(chunk_delay=0.0001)

    assert gist(ask(server)) == plain
    assert not server.faults
