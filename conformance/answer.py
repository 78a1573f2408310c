"""Answers as the checks read them: the parts of a JSON body, leniently."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .exchange import Exchange, Json
from .expect import Malfunction, expect_that, get, show

_AS_TEXT = 100
"""Tokens that the comment in a longer file costs at least where its base64 is read as a text."""

_BASE64_FLOAT = struct.Struct("<f")


@dataclass(frozen=True)
class Answer:
    """A 2xx answer of a generating endpoint, whole or gathered from a stream."""

    exchange: Exchange
    body: dict[str, Json]

    @property
    def choices(self) -> list[Json]:
        """The choices, or an empty list."""
        choices = self.body.get("choices")
        return choices if isinstance(choices, list) else []

    def choice(self, index: int = 0) -> Json:
        """The choice whose ``index`` this is, or an empty object."""
        for choice in self.choices:
            if get(choice, "index") == index:
                return choice
        return {}

    @property
    def message(self) -> dict[str, Json]:
        """The message of the first choice, or an empty object."""
        message = get(self.choice(), "message")
        return message if isinstance(message, dict) else {}

    @property
    def text(self) -> str:
        """The first choice's text: of its message, or its own."""
        return self.text_of(0)

    def text_of(self, index: int) -> str:
        """A choice's text, empty where it has none."""
        choice = self.choice(index)
        text = get(choice, "message", "content") if "message" in choice else get(choice, "text")
        return text if isinstance(text, str) else ""

    @property
    def reasoning(self) -> str:
        """What a model that thinks wrote before its answer, where the server shows it."""
        for name in ("reasoning_content", "reasoning"):
            if isinstance(text := self.message.get(name), str):
                return text
        return ""

    @property
    def finish_reason(self) -> Json:
        """Why the first choice ended."""
        return get(self.choice(), "finish_reason")

    @property
    def tool_calls(self) -> list[Json]:
        """The tool calls of the first choice, or an empty list."""
        calls = self.message.get("tool_calls")
        return calls if isinstance(calls, list) else []

    @property
    def usage(self) -> Json:
        """The usage object, or None."""
        return self.body.get("usage")

    @property
    def prompt_tokens(self) -> int | None:
        """What the prompt cost, or None where the server does not say."""
        tokens = get(self.usage, "prompt_tokens")
        return tokens if isinstance(tokens, int) else None

    @property
    def completion_tokens(self) -> int | None:
        """What the answer cost, or None where the server does not say."""
        tokens = get(self.usage, "completion_tokens")
        return tokens if isinstance(tokens, int) else None


def expect_read(what: str, without: Answer, answer: Answer) -> None:
    """``answer`` shows that the model read what ``what`` names, and ``without`` did not have.

    Either the prompt costs other tokens, or the text differs: a model may answer two prompts
    alike, and a server may not count tokens.
    """
    one, two = ([each.prompt_tokens, each.text] for each in (without, answer))
    expect_that(
        one != two,
        f"prompt tokens and text with {what}",
        f"other than {show(one, 100)}",
        two,
        answer.exchange,
    )


def expect_filled(suffix: str, without: Answer, answer: Answer) -> None:
    """``answer`` was made to stand before the suffix, which it does not only repeat."""
    one, two = [without.prompt_tokens, without.text], [answer.prompt_tokens, answer.text]
    expect_that(
        one != [answer.prompt_tokens, answer.text.removesuffix(suffix)],
        "prompt tokens and text with a suffix",
        f"other than {show(one, 100)}, and not the suffix alone behind it",
        two,
        answer.exchange,
    )


def expect_not_as_text(what: str, short: Answer, long: Answer) -> None:
    """What ``what`` names is seen or heard: its base64 is not read as a text.

    ``short`` and ``long`` are answers to the same content in a short file and in one with a long
    comment. A server that counts no tokens is believed.
    """
    if short.prompt_tokens is not None and long.prompt_tokens is not None:
        expect_that(
            long.prompt_tokens < short.prompt_tokens + _AS_TEXT,
            f"prompt tokens with a comment hidden in {what} (more: its base64 is read as text)",
            f"about {short.prompt_tokens}",
            long.prompt_tokens,
            long.exchange,
        )


@dataclass(frozen=True)
class Vectors:
    """A 2xx answer of the embeddings endpoint."""

    exchange: Exchange
    body: dict[str, Json]

    @property
    def raw(self) -> list[Any]:
        """The embeddings as sent, in the order of their ``index``."""
        data = self.body.get("data")
        items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        if all(isinstance(item.get("index"), int) for item in items):
            items.sort(key=lambda item: item["index"])
        return [item.get("embedding") for item in items]

    @cached_property
    def vectors(self) -> list[list[float]]:
        """The embeddings as lists of floats, in the order of their ``index``.

        Raises:
            Malfunction: one of them is neither numbers nor base64 of 32-bit floats.
        """
        return [self._floats(value) for value in self.raw]

    def _floats(self, value: Any) -> list[float]:
        if isinstance(value, list) and all(isinstance(x, (int, float)) for x in value):
            return [float(x) for x in value]
        if isinstance(value, str):
            try:
                packed = base64.b64decode(value, validate=True)
                return [x for (x,) in _BASE64_FLOAT.iter_unpack(packed)]
            except (binascii.Error, struct.error):
                pass
        raise Malfunction(
            "an embedding",
            "an array of numbers, or base64 of little-endian 32-bit floats",
            type(value).__name__,
            self.exchange,
        )


def cosine(a: list[float], b: list[float]) -> float:
    """Cosine similarity of two vectors of one length; 0 where one of them is zero."""
    norm = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return sum(x * y for x, y in zip(a, b, strict=True)) / norm if norm else 0.0
