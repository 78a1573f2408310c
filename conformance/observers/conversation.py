"""Models, messages and the features that need nothing else."""

from __future__ import annotations

from typing import Any

from ..answer import expect_read
from ..check import GENERATING
from ..expect import expect, expect_that
from ..fields import observes
from ..server import Server


@observes("chat-completions", "model", over=("chat",))
@observes("completions", "model", over=("completions",))
def model(server: Server, endpoint: str) -> None:
    """The named model answers."""
    answer = server.ask(endpoint)
    expect_that(answer.choices, "choices of the answer", "at least one", 0, answer.exchange)


@observes("chat.messages", "chat.messages.text")
def messages(server: Server) -> None:
    """Two conversations that differ in their first message are answered differently."""
    first = [
        {"role": "user", "content": "My name is Anna. My favourite colour is green."},
        {"role": "assistant", "content": "Nice to meet you."},
        {"role": "user", "content": "Tell me about myself."},
    ]
    other = [{"role": "user", "content": "Tell me about myself."}]
    one, two = server.chat(first), server.chat(other)
    expect_read("another conversation", one, two)


@observes("chat.messages.parts")
def parts(server: Server) -> None:
    """A second text part changes what the model reads."""
    texts = [
        {"type": "text", "text": "Tell me about rivers."},
        {"type": "text", "text": "Then about trains."},
    ]
    one = server.chat([{"role": "user", "content": texts[:1]}])
    two = server.chat([{"role": "user", "content": texts}])
    expect_read("a second text part", one, two)


@observes("stream", "streaming", over=GENERATING)
def stream(server: Server, endpoint: str) -> None:
    """The answer is a stream of events that carry chunks."""
    answer = server.stream(endpoint)
    expect_that(answer.chunks, "chunks of the stream", "at least one", 0, answer.exchange)


@observes("models.list")
def models(server: Server) -> None:
    """The list names models."""
    exchange = server.get("/models")
    names = [item.get("id") for item in _items(exchange.json)]
    expect_that(names, "models of the list", "at least one", exchange.json, exchange)


@observes("model.retrieve")
def retrieve(server: Server) -> None:
    """The model that answers chats is described under its own name."""
    exchange = server.retrieve(server.manner.model)
    expect("object of the answer", "model", (exchange.json or {}).get("object"), exchange)


def _items(body: Any) -> list[dict[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
