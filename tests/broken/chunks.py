"""Streams whose chunks are wrong: their keys, their order, and what their text adds up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.scripted import Request, Scripted

from .editing import Json, choices, deltas, set_text, text_of
from .registry import broken


@broken("{chat,completions}.stream.chunk-schema")
class NoObjectInChunks(Scripted):
    """Chunks do not say what they are."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            yield {key: value for key, value in chunk.items() if key != "object"}


@broken("chat.stream.chunk-schema", defect="stream-delta-missing")
class NoDeltaAtTheEnd(Scripted):
    """The choice of the last chunk has no delta."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if choice.get("delta") == {}:
                    del choice["delta"]
            yield chunk


@broken("{chat,completions}.stream.recommended-keys", defect="stream-finish-reason-key-omitted")
class NoFinishReasonKey(Scripted):
    """Chunks before the last have no ``finish_reason``, where it is null."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if choice["finish_reason"] is None:
                    del choice["finish_reason"]
            yield chunk


@broken("chat.stream.{role-once,chunk-schema}", defect="stream-role-empty-string")
class EmptyRole(Scripted):
    """Every delta but the first has an empty role."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for delta in deltas(chunk):
                delta.setdefault("role", "")
            yield chunk


@broken("chat.stream.role-once")
class RoleEverywhere(Scripted):
    """Every delta has the role."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for delta in deltas(chunk):
                delta["role"] = "assistant"
            yield chunk


@broken("chat.stream.role-first")
class NoRole(Scripted):
    """No delta has a role."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for delta in deltas(chunk):
                delta.pop("role", None)
            yield chunk


@broken(
    "{chat,completions}.stream.{choice-index,chunk-schema}", defect="stream-choice-index-increments"
)
class IndexCountsChunks(Scripted):
    """The index of a choice is the number of its chunk, and the model is null."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            for choice in choices(chunk):
                choice["index"] = number
            yield {**chunk, "model": None}


@broken("{chat,completions}.stream.choice-index")
class IndexFromOne(Scripted):
    """The only choice has the index 1."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                choice["index"] += 1
            yield chunk


@broken("{chat,completions}.stream.one-id")
class IdPerChunk(Scripted):
    """Every chunk has an id of its own."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            yield {**chunk, "id": f"{chunk['id']}-{number}"}


@broken("{chat,completions}.stream.one-created")
class CreatedPerChunk(Scripted):
    """Every chunk has a time of its own."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            yield {**chunk, "created": chunk["created"] + number}


@broken("{chat,completions}.stream.one-model")
class ModelChangesInStream(Scripted):
    """The first chunk names the model asked for, the rest its file."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            yield {**chunk, "model": f"{chunk['model']}.gguf"} if number else chunk


@broken("{chat,completions}.stream.finish-once")
class NoFinishReason(Scripted):
    """No chunk says why the text ended."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if choice["finish_reason"] != "tool_calls":
                    choice["finish_reason"] = None
            yield chunk


@broken("{chat,completions}.stream.finish-once")
class FinishTwice(Scripted):
    """Each choice ends twice."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            yield chunk
            if any(
                choice["finish_reason"] not in (None, "tool_calls") for choice in choices(chunk)
            ):
                yield chunk


@broken("{chat,completions}.stream.{finish-once,nothing-after-finish}")
class FinishEverywhere(Scripted):
    """Every chunk of text says that it is the last."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if text_of(choice):
                    choice["finish_reason"] = "stop"
            yield chunk


@broken("{chat,completions}.stream.nothing-after-finish")
class TextAfterFinish(Scripted):
    """The last piece of text comes after the reason for the end."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        held: list[Json] = []
        for chunk in super().chunks(request, chunks):
            if any(text_of(choice) for choice in choices(chunk)):
                yield from held
                held = [chunk]
            elif any(choice["finish_reason"] for choice in choices(chunk)):
                yield chunk
                yield from held
                held = []
            else:
                yield chunk


@broken("{chat,completions}.stream.{delta,equals-whole}")
class Cumulative(Scripted):
    """A chunk holds all text so far."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        so_far: dict[int, str] = {}
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if new := text_of(choice):
                    so_far[choice["index"]] = so_far.get(choice["index"], "") + new
                    set_text(choice, so_far[choice["index"]])
            yield chunk


@broken("{chat,completions}.stream.equals-whole")
class LosesSpaces(Scripted):
    """Pieces of text lose the space that they begin with."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk):
                if text := text_of(choice):
                    set_text(choice, text.lstrip(" "))
            yield chunk


@broken("{chat,completions}.stream.stop-withheld", defect="stop-prefix-leaked-in-stream")
class LeaksStop(Scripted):
    """The beginning of a stop string has left before the whole of it is seen."""

    def hold(self, request: Request, text: str, stops: Sequence[str]) -> int:
        return 0 if request.stream else super().hold(request, text, stops)


@broken("{chat,completions}.stream.whole-characters", defect="stream-utf8-split-ufffd")
class TornCharacters(Scripted):
    """Streamed tokens are decoded one by one, so that parts of characters become U+FFFD.

    Simulated where a prompt asks for such characters: others come by chance only.
    """

    def decode(self, request: Request, data: bytes) -> tuple[str, bytes]:
        if request.stream and not str(request.json).isascii():
            return data.decode(errors="replace"), b""
        return super().decode(request, data)


@broken("chat.tools.text-incremental", defect="tools-disable-streaming")
class ToolsStopStreaming(Scripted):
    """Where tools are on offer the text comes in one piece."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        text: dict[int, str] = {}
        for chunk in super().chunks(request, chunks):
            for choice in choices(chunk) if request.json.get("tools") else ():
                text[choice["index"]] = text.get(choice["index"], "") + text_of(choice)
                if text_of(choice):
                    set_text(choice, "")
                if choice["finish_reason"]:
                    set_text(choice, text[choice["index"]])
            yield chunk
