"""Tool calls: which tools a message asks for, and with which arguments."""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING

from .choice import Call
from .copybook import Copybook, copyable
from .schema import write
from .tool_rules import tool_name

if TYPE_CHECKING:
    from random import Random

    from .conversation import Conversation
    from .request import Json

_TEXT = """
about and any are can call could for from function get give given has have how into name not one
or please return returns say that the their them then this tool use used user want what when
which will with word words would you your
"""
_COMMON = frozenset(_TEXT.split())


def _words(text: str) -> set[str]:
    """The content words of a text; camelCase is taken apart, a plural's s is dropped."""
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return {word.removesuffix("s") for word in words if word not in _COMMON}


def _likeness(tool: Json, text: str) -> int:
    """How much a text speaks of a tool: its name counts more than words of its description."""
    if tool["name"].lower() in text.lower():
        return 100
    words = _words(text)
    return 3 * len(words & _words(tool["name"])) + len(
        words & _words(tool.get("description") or "")
    )


def _parts(text: str, names: list[str]) -> list[str]:
    """A message taken apart where it asks for several things: “Paris, Rome and Oslo” are three."""
    pieces = re.split(r"(, and | and |, )", text)
    named = [any(name in piece for name in names) for piece in pieces]
    joined = any(
        piece.endswith("and ") and named[i - 1] and named[i + 1] for i, piece in enumerate(pieces)
    )
    return (
        [piece for piece, has_name in zip(pieces, named, strict=True) if has_name]
        if joined
        else [text]
    )


def _arguments(tool: Json, text: str, names: list[str], rng: Random) -> str:
    if tool.get("custom"):
        return text
    schema = {
        "type": "object",
        **(tool.get("parameters") or {"properties": {}, "additionalProperties": False}),
    }
    if not schema.get("properties") and not schema.get("required"):
        return "{}"
    book = Copybook(rng, text, [name for name in names if name in text] or copyable(text))
    return json.dumps(write(schema, book, "tools"), ensure_ascii=False)


def choose_calls(body: Json, said: Conversation, rng: Random) -> list[Call]:
    """The calls that answer a checked request; none of them means text."""
    legacy = not body.get("tools") and bool(body.get("functions"))
    tools: list[Json] = [
        {**tool[tool["type"]], "custom": tool["type"] == "custom"}
        for tool in body.get("tools") or ()
    ] or list(body.get("functions") or ())
    choice = body.get("function_call" if legacy else "tool_choice", "auto")
    if not tools or choice == "none":
        return []
    forced = choice == "required"
    single = legacy or body.get("parallel_tool_calls") is False
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        names = [tool_name(tool) for tool in choice["allowed_tools"]["tools"]]
        tools = [tool for tool in tools if tool["name"] in names]
        forced = choice["allowed_tools"]["mode"] == "required"
    elif isinstance(choice, dict):
        named = choice.get("name") if legacy else tool_name(choice)
        tools, forced, single = [tool for tool in tools if tool["name"] == named], True, True
    if not forced and (said.answered or not _wanted(tools, said.asked)):
        return []
    names = copyable(said.asked)
    parts = [said.asked] if single else _parts(said.asked, names)
    whole = max(tools, key=lambda tool: _likeness(tool, said.asked))
    calls = []
    for part in parts:
        tool = max(tools, key=lambda tool: (_likeness(tool, part), tool is whole))
        call_id = f"call_{secrets.token_hex(12)}"
        arguments = _arguments(tool, part, names, rng)
        calls.append(Call(call_id, tool["name"], arguments, bool(tool.get("custom")), legacy))
    return calls


def _wanted(tools: list[Json], asked: str) -> bool:
    """Whether a message asks for a tool: in so many words, or by speaking of what one does."""
    if re.search(r"\b(use|call|invoke)\b.*\b(tool|function)", asked, re.IGNORECASE):
        return True
    return any(_likeness(tool, asked) for tool in tools)
