"""The messages of a request, as a chat template wants them, with their pictures apart."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...backends import Image, Text
from ...backends.base import PromptPart
from ..errors import ApiError
from .images import picture

ROLES = {"developer": "system", "function": "tool"}


@dataclass
class Conversation:
    """Messages with text only; a mark stands where something else has to come back."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)
    """Where each picture stood (``messages[0].content[1].image_url``), and its bytes."""
    _marked: list[PromptPart] = field(default_factory=list)
    _nonce: str = field(default_factory=lambda: secrets.token_hex(8))

    def parts(self, prompt: str) -> tuple[PromptPart, ...]:
        """A rendered prompt, with what was marked back in its places."""
        pieces = re.split(f"\uf8ff{self._nonce}:([0-9]+)\uf8ff", prompt)
        return tuple(
            self._marked[int(piece)] if index % 2 else Text(piece)
            for index, piece in enumerate(pieces)
            if piece
        )

    def shield(self, control: Sequence[str]) -> None:
        """Make the texts of control tokens in the messages mean nothing but themselves."""
        if not control:
            return
        longest_first = sorted(control, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)))
        for message in self.messages:
            message["content"] = pattern.sub(self._inert, message["content"])

    def shorten(self) -> None:
        """Ids of calls as nine letters and digits, the same everywhere: some templates ask it."""
        short: dict[str, str] = {}
        for message in self.messages:
            for one in message.get("tool_calls") or ():
                one["id"] = short.setdefault(one["id"], f"call{len(short):05}")
            if "tool_call_id" in message:
                known = message["tool_call_id"]
                message["tool_call_id"] = short.get(known, known)

    def spell(self) -> None:
        """Arguments of past calls as JSON text, which some templates join to other text."""
        for message in self.messages:
            for one in message.get("tool_calls") or ():
                function = one["function"]
                if not isinstance(function["arguments"], str):
                    function["arguments"] = json.dumps(function["arguments"], ensure_ascii=False)

    def _inert(self, found: re.Match[str]) -> str:
        return self._mark(Text(found.group(), special=False))

    def _mark(self, part: PromptPart) -> str:
        self._marked.append(part)
        return f"\uf8ff{self._nonce}:{len(self._marked) - 1}\uf8ff"

    def text(self, content: Any, param: str) -> str:
        """Content as one text; pictures are put aside."""
        if content is None or isinstance(content, str):
            return content or ""
        pieces = []
        for index, part in enumerate(content):
            if part["type"] == "image_url":
                where = f"{param}[{index}].image_url"
                data = picture(part["image_url"], where)
                self.pictures.append((where, data))
                pieces.append(self._mark(Image(data)))
            else:
                pieces.append(part.get("text") or part.get("refusal") or "")
        return "".join(pieces)


def conversation(messages: Sequence[dict[str, Any]]) -> Conversation:
    """Read the messages of a validated request; ApiError (400) where they do not fit together."""
    found = Conversation()
    calls: set[str] = set()
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        role = message["role"]
        turn = {
            "role": ROLES.get(role, role),
            "content": found.text(message.get("content"), f"{where}.content"),
        }
        if isinstance(message.get("reasoning_content"), str):  # some templates read old thoughts
            turn["reasoning_content"] = message["reasoning_content"]
        if message.get("name"):
            turn["name"] = message["name"]
        if message.get("tool_calls"):
            made = [call for call in map(_call, message["tool_calls"]) if call]
            turn["tool_calls"] = made
            calls.update(call["id"] for call in made)
        elif message.get("function_call"):
            past = {"id": f"call_{index}", "type": "function", "function": message["function_call"]}
            turn["tool_calls"] = [_call(past)]
        if role == "tool":
            turn["tool_call_id"] = message["tool_call_id"]
            if message["tool_call_id"] not in calls:
                param = f"{where}.tool_call_id"
                msg = f"{param!r} answers no tool call of an assistant message before it."
                raise ApiError(400, msg, param=param, code="invalid_value")
        found.messages.append(turn)
    return found


def _call(call: dict[str, Any]) -> dict[str, Any] | None:
    """A past call of a function, its arguments as an object where they are JSON.

    None for a call of a custom tool: no model writes those here, and the template of none
    has a form for them.
    """
    if call["type"] != "function":
        return None
    function = call["function"]
    arguments: Any = function["arguments"]
    # What is no JSON, a model wrote once: its template has to cope.
    with contextlib.suppress(ValueError, RecursionError):
        arguments = json.loads(arguments)
    return {
        "id": call["id"],
        "type": "function",
        "function": {"name": function["name"], "arguments": arguments},
    }
