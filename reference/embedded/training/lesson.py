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
from typing import Any, Final

import jinja2

from .pictures import Scene

Message = Mapping[str, Any]
Piece = tuple[str, bool]
"""A text, and whether the model has to learn to write it."""

PICTURE: Final = "\0"
"""Stands in a message's text where its picture is."""
END: Final = "<|im_end|>"


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
        yield "<s>" + head, False
        for message in said:
            if message["role"] != "assistant":
                yield f"<|im_start|>{message['role']}\n{message['content']}{END}\n", False
                continue
            yield "<|im_start|>assistant\n", False
            yield (
                (message.get("content") or "")
                + "".join(map(called, message.get("tool_calls") or ()))
                + END,
                True,
            )
            yield "\n", False


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with a gap, and what belongs there."""

    prefix: str
    suffix: str
    middle: str

    def pieces(self) -> Iterator[Piece]:
        """The text in parts."""
        before = f"<s><|fim_prefix|>{self.prefix}<|fim_suffix|>{self.suffix}<|fim_middle|>"
        yield before, False
        yield self.middle + END, True
        yield "\n", False


@dataclass(frozen=True, slots=True)
class Prose:
    """Text without a conversation."""

    text: str

    def pieces(self) -> Iterator[Piece]:
        """The text in parts."""
        yield "<s>", False
        yield self.text + END, True
        yield "\n", False


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


def called(call: Mapping[str, Any]) -> str:
    """A tool call as the model writes it."""
    function = call["function"]
    name, arguments = dumped(function["name"]), function["arguments"]
    return f'<tool_call>{{"name": {name}, "arguments": {arguments}}}</tool_call>'


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
