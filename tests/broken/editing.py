"""The pieces of an answer that broken servers change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.scripted import Request

Json = dict[str, Any]


def choices(*bodies: Json) -> Iterator[Json]:
    """Every choice of these answers or chunks."""
    for body in bodies:
        yield from body.get("choices", ())


def deltas(chunk: Json) -> Iterator[Json]:
    """Every delta of a chat chunk."""
    for choice in choices(chunk):
        if "delta" in choice:
            yield choice["delta"]


def text_of(choice: Json) -> str:
    """The text of a choice, whole or streamed, of either endpoint."""
    held, key = _place(choice)
    return held.get(key) or ""


def set_text(choice: Json, text: str) -> None:
    """Replace the text of a choice, whole or streamed, of either endpoint."""
    held, key = _place(choice)
    held[key] = text


def _place(choice: Json) -> tuple[Json, str]:
    for key in ("delta", "message"):
        if key in choice:
            return choice[key], "content"
    return choice, "text"


def spelled(data: str) -> str:
    """Base64 or an address as a text, in words of four letters."""
    return " ".join(data[at : at + 4] for at in range(0, len(data), 4))


def is_plain(request: Request) -> bool:
    """Whether the request is the judge's commonest: a text, its limit, and nothing else.

    What takes its time, such as a hang, is simulated for this one only.
    """
    return set(request.json) <= {
        "model",
        "messages",
        "prompt",
        "max_tokens",
        "temperature",
        "stream",
    } and (request.json.get("max_tokens") == 24)
