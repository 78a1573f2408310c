"""Short ways to ask the scripted server through the official client."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import pytest
from openai import APIStatusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import OpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    from . import Scripted

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather of a city",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}


def said(text: Any) -> list[Any]:
    """The messages of a conversation that has only begun."""
    return [{"role": "user", "content": text}]


def chat(client: OpenAI, text: Any = "Tell me a story.", **fields: Any) -> ChatCompletion:
    """A whole answer; ``messages`` in ``fields`` replace ``text``."""
    answer: ChatCompletion = client.chat.completions.create(
        **{"model": "toy", "messages": said(text), **fields}
    )
    return answer


def content(client: OpenAI, text: Any = "Tell me a story.", **fields: Any) -> str:
    """The text of an answer."""
    return chat(client, text, **fields).choices[0].message.content or ""


def stream(
    client: OpenAI, text: Any = "Tell me a story.", **fields: Any
) -> list[ChatCompletionChunk]:
    """The chunks of a streamed answer."""
    return list(
        client.chat.completions.create(
            **{"model": "toy", "messages": said(text), "stream": True, **fields}
        )
    )


def joined(chunks: list[ChatCompletionChunk], index: int = 0) -> str:
    """The text of one choice of a stream."""
    choices = [choice for chunk in chunks for choice in chunk.choices if choice.index == index]
    return "".join(choice.delta.content or "" for choice in choices)


def refused(ask: Callable[[], Any]) -> tuple[int, str | None]:
    """Status and ``param`` of the error that asking gives."""
    with pytest.raises(APIStatusError) as caught:
        ask()
    assert isinstance(caught.value.body, dict)
    assert set(caught.value.body) >= {"message", "type", "param", "code"}
    return caught.value.status_code, caught.value.body["param"]


def raw(
    server: Scripted,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any, Any]:
    """Status, headers and body of a request that the official client does not send."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
