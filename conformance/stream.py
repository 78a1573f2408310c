"""A streamed answer: its raw events, its chunks, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .answer import Answer
from .exchange import Exchange, Json, decoded
from .expect import get
from .sse import Event


@dataclass(frozen=True)
class Chunk:
    """One event whose data is a JSON object, with its arrival in seconds after the request."""

    at: float
    body: dict[str, Json]

    @property
    def choices(self) -> list[Json]:
        """The choices, or an empty list."""
        choices = self.body.get("choices")
        return choices if isinstance(choices, list) else []

    @property
    def delta(self) -> dict[str, Json]:
        """The first choice's delta, or an empty object."""
        delta = get(self.choices, 0, "delta")
        return delta if isinstance(delta, dict) else {}

    @property
    def text(self) -> str:
        """The text this chunk adds to its first choice."""
        choice = get(self.choices, 0)
        text = get(choice, "delta", "content") or get(choice, "text")
        return text if isinstance(text, str) else ""

    @property
    def tool_deltas(self) -> list[Json]:
        """The pieces of tool calls this chunk carries."""
        calls = self.delta.get("tool_calls")
        return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []

    @property
    def finish_reason(self) -> Json:
        """Why the first choice ended, or None while it runs."""
        return get(self.choices, 0, "finish_reason")


@dataclass(frozen=True)
class Stream:
    """A 2xx answer to a request with ``stream: true``."""

    exchange: Exchange

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that carry data; comments and empty blocks are legal and left out."""
        return tuple(event for event in self.exchange.events if event.data is not None)

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The events before [DONE] whose data is a JSON object."""
        found = []
        for event in self.events:
            if event.is_done:
                break
            body = decoded(event.data or "")
            if isinstance(body, dict):
                found.append(Chunk(event.at, body))
        return tuple(found)

    @property
    def text(self) -> str:
        """All text of the first choice; of the only one, whatever its index."""
        return "".join(chunk.text for chunk in self.chunks if self._is_first(chunk))

    def _is_first(self, chunk: Chunk) -> bool:
        single = get(self.exchange.request.body, "n") in {None, 1}
        return single or get(chunk.choices, 0, "index") in {0, None}

    @property
    def finish_reasons(self) -> list[Json]:
        """Every finish reason that is not null, in order."""
        found = [get(choice, "finish_reason") for chunk in self.chunks for choice in chunk.choices]
        return [reason for reason in found if reason is not None]

    @property
    def usages(self) -> list[Json]:
        """Every usage object that is not null, in order."""
        return [chunk.body["usage"] for chunk in self.chunks if chunk.body.get("usage") is not None]

    @cached_property
    def tool_calls(self) -> list[dict[str, Json]]:
        """The tool calls as a client gathers them: by ``index``, strings concatenated."""
        calls: dict[Json, dict[str, Json]] = {}
        for chunk in self.chunks:
            for piece in chunk.tool_deltas:
                call = calls.setdefault(piece.get("index"), {"id": "", "name": "", "arguments": ""})
                for name, text in (
                    ("id", piece.get("id")),
                    ("name", get(piece, "function", "name")),
                    ("arguments", get(piece, "function", "arguments")),
                ):
                    call[name] += text if isinstance(text, str) else ""
        return list(calls.values())

    @property
    def whole(self) -> Answer:
        """The stream gathered into one answer with text, finish reason and usage."""
        reasons = self.finish_reasons
        choice = {"index": 0, "text": self.text, "finish_reason": reasons[0] if reasons else None}
        usage = self.usages[-1] if self.usages else None
        return Answer(self.exchange, {"choices": [choice], "usage": usage})
