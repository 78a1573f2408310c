"""The messages of a chat request: checked, and reduced to what an answer depends on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .images import read_image
from .language import digest
from .request import Json, Refusal
from .rules import wrong
from .vocabulary import encode

ROLES = ("developer", "system", "user", "assistant", "tool", "function")
_RICH = ("emoji", "chinese", "japanese", "unicode", "日本", "中文")


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said: ``digest`` of it all, its size in ``tokens``, and what steers an answer.

    ``asked`` is the last user message, ``told`` all texts, ``answered`` whether a tool's result
    is last.
    """

    digest: int
    tokens: int
    asked: str
    told: str
    answered: bool
    images: bool

    @property
    def rich(self) -> bool:
        """Whether the answer should be full of multi-byte characters."""
        return not self.asked.isascii() or any(word in self.asked.lower() for word in _RICH)


def _part(part: Any, role: str, param: str) -> tuple[str, bytes]:
    """The text and the image bytes of one content part."""
    if not isinstance(part, dict):
        raise wrong(param, "a content part must be an object")
    kind = part.get("type")
    if kind == "image_url" and role == "user":
        return "", read_image(part, param)
    if kind == "text" or (kind == "refusal" and role == "assistant"):
        if not isinstance(part.get(kind), str):
            raise wrong(f"{param}.{kind}", "it must be a string")
        return part[kind], b""
    if kind in ("input_audio", "file") and role == "user":
        raise wrong(f"{param}.type", f"this model does not support {kind}", "unsupported_value")
    raise wrong(f"{param}.type", "it must be a content type that this role allows", "invalid_value")


def _content(message: Json, role: str, param: str) -> tuple[str, list[bytes]]:
    """The text and the images of a message."""
    content = message.get("content")
    if isinstance(content, str):
        return content, []
    if isinstance(content, list):
        if not content:
            raise wrong(f"{param}.content", "it must not be an empty array")
        parts = [_part(part, role, f"{param}.content[{i}]") for i, part in enumerate(content)]
        return "".join(part for part, _ in parts), [image for _, image in parts if image]
    absent = role == "function" or any(
        message.get(key) for key in ("tool_calls", "function_call", "refusal")
    )
    if content is None and role in ("assistant", "function") and absent:
        return "", []
    raise wrong(f"{param}.content", "it must be a string or an array of content parts")


def _calls(message: Json, param: str) -> dict[str, Any]:
    """The tool calls an assistant message made: id → what was called. Arguments are opaque text."""
    calls = message.get("tool_calls")
    if calls is None:
        return {}
    if not isinstance(calls, list):
        raise wrong(f"{param}.tool_calls", "it must be an array")
    made = {}
    for i, call in enumerate(calls):
        where = f"{param}.tool_calls[{i}]"
        if not isinstance(call, dict) or not isinstance(call.get("id"), str):
            raise wrong(f"{where}.id", "it must be a string")
        if call.get("type") not in ("function", "custom"):
            raise wrong(f"{where}.type", "it must be function or custom")
        called = call.get(call["type"])
        if not isinstance(called, dict) or not isinstance(called.get("name"), str):
            raise wrong(f"{where}.{call['type']}.name", "it must be a string")
        if call["type"] == "function" and not isinstance(called.get("arguments"), str):
            raise wrong(f"{where}.function.arguments", "it must be a string")
        made[call["id"]] = called
    return made


def _one(message: Any, param: str, open_calls: dict[str, Any]) -> list[Any]:
    """Check a message in its place; give back what an answer depends on."""
    if not isinstance(message, dict):
        raise wrong(param, "a message must be an object")
    role = message.get("role")
    if role not in ROLES:
        raise wrong(f"{param}.role", f"it must be one of {', '.join(ROLES)}", "invalid_value")
    if open_calls and role != "tool":
        raise wrong(
            param,
            "an assistant message with tool_calls must be followed by an answer to each of them",
        )
    text, images = _content(message, role, param)
    name = message.get("name")
    if name is not None and not isinstance(name, str):
        raise wrong(f"{param}.name", "it must be a string")
    if role == "function" and not name:
        raise wrong(f"{param}.name", "a function message must have a name")
    about: Any = None
    if role == "assistant":
        open_calls.update(_calls(message, param))
        about = [message.get("tool_calls"), message.get("function_call")]
    if role == "tool":
        about = message.get("tool_call_id")
        if not isinstance(about, str) or about not in open_calls:
            raise wrong(
                f"{param}.tool_call_id",
                "it must be the id of a tool call in the assistant message before",
            )
        del open_calls[about]
    return [
        "system" if role == "developer" else role,
        name,
        text,
        about,
        [str(digest(image)) for image in images],
    ]


def read_conversation(body: Json) -> Conversation:
    """Check ``messages`` and reduce them; a Refusal names the message and its field."""
    messages = body["messages"]
    if not isinstance(messages, list) or not messages:
        raise wrong("messages", "it must be an array that is not empty")
    open_calls: dict[str, Any] = {}
    said = [_one(message, f"messages[{i}]", open_calls) for i, message in enumerate(messages)]
    if open_calls:
        raise wrong(
            "messages",
            "an assistant message with tool_calls must be followed by an answer to each of them",
        )
    tools = [body.get("tools"), body.get("functions")]
    written = json.dumps([said, tools])
    images = sum(len(one[4]) for one in said)
    tokens = (
        3
        + sum(3 + len(encode(one[2])) + len(encode(json.dumps(one[3] or ""))) for one in said)
        + 64 * images
    )
    tokens += sum(len(encode(json.dumps(tool))) for tool in tools if tool)
    asked = next((one[2] for one in reversed(said) if one[0] == "user"), said[-1][2])
    told = "\n".join(one[2] for one in said)
    answered = said[-1][0] in ("tool", "function")
    return Conversation(digest(written), tokens, asked, told, answered, bool(images))


def check_context(tokens: int, context: int, param: str) -> None:
    """Refuse a prompt that leaves no room for an answer."""
    if tokens >= context:
        message = (
            f"The prompt has {tokens} tokens, but the context of this model has only {context}."
        )
        raise Refusal(400, message, param, "context_length_exceeded")
