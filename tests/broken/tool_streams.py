"""Streams whose tool calls do not add up."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.scripted import Request, Scripted

from .editing import Json, choices, deltas
from .registry import broken


def pieces(chunk: Json) -> Iterator[Json]:
    """Every piece of a tool call in a chunk."""
    for delta in deltas(chunk):
        yield from delta.get("tool_calls") or ()


@broken("chat.tool-stream.index", defect="tool-delta-index-always-zero")
class IndexAlwaysZero(Scripted):
    """All calls of a stream have the index 0."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for piece in pieces(chunk):
                piece["index"] = 0
            yield chunk


@broken("chat.tool-stream.index")
class NoIndex(Scripted):
    """The pieces of a call have no index."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for piece in pieces(chunk):
                del piece["index"]
            yield chunk


@broken("chat.tool-stream.identity", defect="tool-delta-id-missing")
class NoCallId(Scripted):
    """Streamed calls have no id."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for piece in pieces(chunk):
                piece.pop("id", None)
            yield chunk


@broken("chat.tool-stream.{identity,equals-whole}", defect="tool-delta-name-repeated")
class NameRepeated(Scripted):
    """Every piece of a call has its id, type and name."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        known: dict[int, Json] = {}
        for chunk in super().chunks(request, chunks):
            for piece in pieces(chunk):
                if piece.get("id") and piece["type"] == "function":
                    known[piece["index"]] = json.loads(json.dumps(piece))
                elif piece["index"] in known:
                    first = known[piece["index"]]
                    piece |= {"id": first["id"], "type": first["type"]}
                    piece["function"] = {**first["function"], **piece["function"]}
            yield chunk


@broken("chat.tool-stream.arguments", defect="tool-args-stream-duplicated-tail")
class TailRepeated(Scripted):
    """The end of the arguments is sent again."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        text, last = "", None
        for chunk in super().chunks(request, chunks):
            if last is not None and any(
                choice["finish_reason"] == "tool_calls" for choice in choices(chunk)
            ):
                again = json.loads(json.dumps(last))
                next(pieces(again))["function"] = {"arguments": text[-5:]}
                yield again
            for piece in pieces(chunk):
                text += piece.get("function", {}).get("arguments", "")
                last = chunk if "id" not in piece else last
            yield chunk


@broken("chat.tool-stream.equals-whole")
class OtherArguments(Scripted):
    """A streamed call asks for something else than the whole one."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for piece in pieces(chunk):
                held = piece.get("function", {})
                held["arguments"] = held.get("arguments", "").replace('{"', '{"the_')
            yield chunk


@broken("chat.tool-stream.finish-reason")
class StreamedCallsStop(Scripted):
    """A stream that calls a tool says ``stop``."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if choice["finish_reason"] == "tool_calls":
                    choice["finish_reason"] = "stop"
            yield chunk


@broken("chat.tool-stream.truncated", defect="stream-tool-truncated-hides-length")
class CutCallHidesLength(Scripted):
    """A streamed call that its limit cut says ``tool_calls``."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        called = False
        for chunk in super().chunks(request, chunks):
            called = called or any(pieces(chunk))
            for choice in choices(chunk):
                if called and choice["finish_reason"] == "length":
                    choice["finish_reason"] = "tool_calls"
            yield chunk


@broken("chat.feature.streamed-tools", defect="stream-drops-tool-calls")
class StreamDropsCalls(Scripted):
    """A stream has no tool calls and says ``stop``."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if choice["finish_reason"] == "tool_calls":
                    choice["finish_reason"] = "stop"
            if not any(pieces(chunk)):
                yield chunk


@broken("chat.feature.streamed-tools", defect="tool-markup-leaks-as-content-in-stream")
class StreamedMarkup(Scripted):
    """In a stream the call is text: what the model wrote, with its markup."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                found = choice.get("delta", {}).pop("tool_calls", None)
                for piece in found or ():
                    held = piece.get("function", {})
                    opened = f"<tool_call>{held['name']} " if held.get("name") else ""
                    choice["delta"]["content"] = opened + held.get("arguments", "")
                if choice["finish_reason"] == "tool_calls":
                    choice["finish_reason"] = "stop"
            yield chunk
