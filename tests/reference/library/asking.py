"""Questions to models that a server serves."""

from __future__ import annotations

from typing import Any

from tests.reference.running import Answer, Running


def said(answer: Answer) -> str:
    """What a model answers."""
    assert answer.status == 200, answer.body
    choice = answer.json["choices"][0]
    text: str = choice["message"]["content"] if "message" in choice else choice["text"]
    return text


def ask(running: Running, model: str, text: str = "Tell me a long story.", **more: Any) -> Answer:
    """One question; 40 tokens are enough for an answer."""
    fields = {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 40}
    return running.send("POST", "/v1/chat/completions", fields | more)


def go_on(running: Running, model: str, text: str = "Once", **more: Any) -> Answer:
    """A text to go on with."""
    fields = {"model": model, "prompt": text, "max_tokens": 40, **more}
    return running.send("POST", "/v1/completions", fields)


def words(count: int) -> str:
    """A prompt of about twice as many tokens."""
    return "word " * count


def same(one: Answer, other: Answer) -> None:
    """Two answers to the same prompt, as a model of one seed or none to draw from gives them."""
    assert said(one) == said(other)
    assert one.json["usage"]["prompt_tokens"] == other.json["usage"]["prompt_tokens"]


def chat(running: Running, model: str, *messages: tuple[str, str]) -> Answer:
    """A conversation of roles and texts."""
    talk = [{"role": role, "content": text} for role, text in messages]
    return ask(running, model, messages=talk, temperature=0)
