"""Conversations of questions and answers."""

from __future__ import annotations

from typing import Any

from ..draw import Draw
from ..lesson import Talk
from ..pictures import Scene

_SYSTEMS = (
    "You are a helpful assistant.", "You are a helpful assistant.", "Be brief.", "You are a friendly robot.",
    "Answer politely.", "You are a careful assistant.", "Be helpful and short.", "You help people.",
    "Answer the questions of the user.", "You are an assistant. Be kind.", "Answer kindly.", "Answer quickly.", "Answer in short.",
    "Answer clearly.", "Speak clearly.", "Be nice.", "Be kind.", "You are a nice robot.", "You are a small model.", "You are an old and wise assistant.",
    "Answer well.", "Reply politely.", "Reply shortly.", "Give short answers.", "You are a good assistant.", "Help the user.", "You are a helpful and fast robot.",
    "Answer with care.", "Do what the user says.", "Listen to the user.", "You are a clever assistant.", "Keep it short.", "Write clearly.",
)  # fmt: skip
ASKED_SYSTEMS = (
    "You are a helpful and brief assistant.",
    "You are a kind robot.",
    "Answer briefly.",
)


def user(text: str) -> dict[str, Any]:
    """A user message."""
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    """An assistant message."""
    return {"role": "assistant", "content": text}


def system(draw: Draw, share: float = 0.4) -> tuple[dict[str, Any], ...]:
    """A system message that changes nothing, in some conversations."""
    if not draw.happens(share):
        return ()
    return ({"role": "system", "content": draw.form(_SYSTEMS, ASKED_SYSTEMS)},)


def ask(draw: Draw, question: str, answer: str, *scenes: Scene) -> Talk:
    """One question and its answer."""
    return Talk((*system(draw), user(question), assistant(answer)), scenes=scenes)
