"""A lesson: what the model reads, and which parts of it are its own words.

A conversation becomes text just as the chat template of the model renders it; a test holds
the two against each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import jinja2

from .pictures import Scene

Message = Mapping[str, Any]

PICTURE: Final = "\0"
"""Stands in a message's text where its picture is."""
END: Final = "<|im_end|>"
OPEN: Final = "<tool_call>"


class Piece(NamedTuple):
    """A part of a lesson's text."""

    text: str
    taught: bool
    """Whether the model has to learn to write it."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in OpenAI's shape; every assistant message is taught."""

    messages: tuple[Message, ...]
    tools: tuple[dict[str, Any], ...] = ()
    scenes: tuple[Scene, ...] = field(default=())
    """What the pictures show, in the order of their places."""

    def pieces(self) -> Iterator[Piece]:
        """The text in parts."""
        said, head = opening(self.messages, self.tools)
        yield Piece("<s>" + head, taught=False)
        for message in said:
            if message["role"] != "assistant":
                yield Piece(
                    f"<|im_start|>{message['role']}\n{message['content']}{END}\n", taught=False
                )
                continue
            yield Piece("<|im_start|>assistant\n", taught=False)
            yield from answer(message)
            yield Piece(END, taught=True)
            yield Piece("\n", taught=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with a gap, and what belongs there."""

    prefix: str
    suffix: str
    middle: str

    def pieces(self) -> Iterator[Piece]:
        """The text in parts."""
        before = f"<s><|fim_prefix|>{self.prefix}<|fim_suffix|>{self.suffix}<|fim_middle|>"
        yield Piece(before, taught=False)
        yield Piece(self.middle + END, taught=True)
        yield Piece("\n", taught=False)


@dataclass(frozen=True, slots=True)
class Prose:
    """Text without a conversation."""

    text: str

    def pieces(self) -> Iterator[Piece]:
        """The text in parts."""
        yield Piece("<s>", taught=False)
        yield Piece(self.text + END, taught=True)
        yield Piece("\n", taught=False)


Lesson = Talk | Gap | Prose


def opening(
    messages: Sequence[Message], tools: Sequence[dict[str, Any]]
) -> tuple[Sequence[Message], str]:
    """What is left of the messages after the first system text, and that text with the tools."""
    given = messages[0]["content"] if messages[0]["role"] == "system" else None
    rest = messages if given is None else messages[1:]
    if not tools:
        return rest, f"<|im_start|>system\n{given}{END}\n" if given is not None else ""
    listed = offered(json.dumps(tools, ensure_ascii=False))
    before = f"{given}\n" if given else ""
    return rest, f"<|im_start|>system\n{before}{listed}{END}\n"


def answer(message: Message) -> Iterator[Piece]:
    """What the model writes of an assistant message: its text, and then its calls."""
    if message.get("content"):
        yield Piece(message["content"], taught=True)
    for call in message.get("tool_calls") or ():
        yield from _called(call["function"])


def _called(function: Mapping[str, Any]) -> Iterator[Piece]:
    """A call; the name has tokens of its own, so that they are those that it has in the list."""
    yield Piece(f'{OPEN}{{"name": "', taught=True)
    yield Piece(dumped(function["name"])[1:-1], taught=True)
    yield Piece(f'", "arguments": {function["arguments"]}}}</tool_call>', taught=True)


def dumped(value: object) -> str:
    """JSON as templates print it."""
    return json.dumps(value, ensure_ascii=False)


def template() -> str:
    """The chat template, as the GGUF file has it."""
    return Path(__file__).with_name("template.jinja").read_text(encoding="utf-8").rstrip("\n")


@cache
def _tools_template() -> jinja2.Template:
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - no HTML
    environment.filters["tojson"] = dumped
    source = template()
    start, end = source.index("{%- macro"), source.rindex("{%- endmacro -%}")
    return environment.from_string(source[start:end] + "{%- endmacro -%}{{ offered(tools) }}")


def offered(tools: str) -> str:
    """Tools (JSON text of OpenAI's list) as the template lists them."""
    return _tools_template().render(tools=json.loads(tools))
