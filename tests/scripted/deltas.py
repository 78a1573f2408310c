"""What one event adds to a chat message: a delta, or a piece of a tool call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .choice import Event
    from .request import Json


def opened(event: Event) -> Json:
    """The call that an event opens, with nothing in it yet."""
    call = event.call
    assert call is not None
    if call.custom:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": ""}}
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}


def extend(call: Json, text: str) -> None:
    """Add a piece of arguments to a call."""
    called, key = (
        (call["custom"], "input") if call["type"] == "custom" else (call["function"], "arguments")
    )
    called[key] += text


def delta_of(event: Event) -> Json:
    """What one event adds to the message."""
    call = event.call
    if event.kind == "content":
        return {"content": event.text}
    if event.kind == "reasoning":
        return {"reasoning_content": event.text}
    assert call is not None
    if event.kind == "call":
        begun = opened(event)
        return (
            {"function_call": begun["function"]}
            if call.legacy
            else {"tool_calls": [{"index": event.index, **begun}]}
        )
    if call.legacy:
        return {"function_call": {"arguments": event.text}}
    more = (
        {"custom": {"input": event.text}}
        if call.custom
        else {"function": {"arguments": event.text}}
    )
    return {"tool_calls": [{"index": event.index, **more}]}
