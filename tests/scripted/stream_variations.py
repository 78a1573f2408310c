"""Legal variations of streams: how events are written, cut and filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .server import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .request import Json, Request


def _delta(chunk: Json) -> Json:
    """The delta of a chat chunk; {} where there is none."""
    delta: Json = next((choice.get("delta", {}) for choice in chunk["choices"]), {})
    return delta


class CarriageReturns(Scripted):
    """Lines of a stream end with CR LF."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        return (event.replace(b"\n", b"\r\n") for event in super().events(request, events))


class Comments(Scripted):
    """Comments keep the stream alive: before the first event and between events."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield b": ping\n\n"
        for event in super().events(request, events):
            yield b":\n: still here\n" + event


class OtherFields(Scripted):
    """Events have an id and the first a reconnection time, as event streams may."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        for number, event in enumerate(super().events(request, events)):
            yield (b"" if number else b"retry: 1000\n") + b"id: %d\n%s" % (number, event)


class NoSpaceAfterColon(Scripted):
    """Events are written ``data:{…}``."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        return (event.replace(b"data: ", b"data:", 1) for event in super().events(request, events))


class ManyDataLines(Scripted):
    """The JSON of an event is spread over several data lines."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        for event in super().events(request, events):
            yield event.replace(b'{"id"', b'{\ndata: "id"', 1)


class OddSegments(Scripted):
    """Events are cut anywhere, also within a character, and sent in pieces."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        for number, event in enumerate(super().events(request, events)):
            size = 1 + (number * 7 + 3) % 41
            yield from (event[at : at + size] for at in range(0, len(event), size))


class SharedSegments(Scripted):
    """Two events arrive together, and the second one's end with the next two."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        for number, event in enumerate(super().events(request, events)):
            held += event
            if number % 2:
                yield held[:-3]
                held = held[-3:]
        yield held


class RoleWithNull(Scripted):
    """The chunk with the role has content null."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            if "role" in _delta(chunk):
                _delta(chunk)["content"] = None
            yield chunk


class RoleAlone(Scripted):
    """The chunk with the role has nothing else."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            if "role" in _delta(chunk):
                chunk["choices"][0]["delta"] = {"role": "assistant"}
            yield chunk


class RoleWithContent(Scripted):
    """The role comes with the first piece of the answer."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        waiting: set[int] = set()
        for chunk in super().chunks(request, chunks):
            index = chunk["choices"][0]["index"] if chunk["choices"] else -1
            if "role" in _delta(chunk):
                waiting.add(index)
                continue
            if index in waiting:
                waiting.discard(index)
                chunk["choices"][0]["delta"] = {"role": "assistant", **_delta(chunk)}
            yield chunk


class FinishWithContent(Scripted):
    """The reason for the end comes with the last piece of the answer."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        held: dict[int, Json] = {}
        for chunk in super().chunks(request, chunks):
            index = chunk["choices"][0]["index"] if chunk["choices"] else -1
            last = held.pop(index, None)
            reason = chunk["choices"][0]["finish_reason"] if chunk["choices"] else None
            if reason is None and index >= 0:
                held[index] = chunk
            if last is not None and reason is not None:
                last["choices"][0]["finish_reason"] = reason
                yield last
            elif last is not None:
                yield last
            elif index < 0 or reason is not None:
                yield chunk


class LargerPieces(Scripted):
    """Three tokens of text come in one chunk."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        held: dict[int, tuple[Json, int]] = {}
        for chunk in super().chunks(request, chunks):
            choice: Json = chunk["choices"][0] if chunk["choices"] else {"index": -1}
            place, key = (choice["delta"], "content") if "delta" in choice else (choice, "text")
            whole, count = held.pop(choice["index"], (None, 0))
            if not place.get(key) or place.get("role"):
                if whole:
                    yield whole
                yield chunk
            elif whole:
                before = whole["choices"][0]
                before.get("delta", before)[key] += place[key]
                for name, more in (choice["logprobs"] or {}).items():
                    before["logprobs"][name] = (
                        None if more is None else before["logprobs"][name] + more
                    )
                if count == 2:
                    yield whole
                else:
                    held[choice["index"]] = (whole, count + 1)
            else:
                held[choice["index"]] = (chunk, 1)


class WholeCalls(Scripted):
    """A streamed tool call comes in one piece."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        held: dict[tuple[int, int], Json] = {}
        for chunk in super().chunks(request, chunks):
            for call in _delta(chunk).get("tool_calls", ()):
                key = (chunk["choices"][0]["index"], call["index"])
                if key not in held:
                    held[key] = chunk
                    continue
                for kind in ("function", "custom"):
                    for name, more in call.get(kind, {}).items():
                        _delta(held[key])["tool_calls"][0][kind][name] += more
            if chunk["choices"] and chunk["choices"][0]["finish_reason"]:
                for key in [key for key in held if key[0] == chunk["choices"][0]["index"]]:
                    yield held.pop(key)
            if "tool_calls" not in _delta(chunk):
                yield chunk


class NoUsageBeforeTheLast(Scripted):
    """With ``include_usage`` only the last chunk has the key."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            yield {
                key: value for key, value in chunk.items() if key != "usage" or value is not None
            }


class UsageNullUnasked(Scripted):
    """Chunks have ``usage: null`` even if no usage was asked for."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        return ({"usage": None, **chunk} for chunk in super().chunks(request, chunks))
