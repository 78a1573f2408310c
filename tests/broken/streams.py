"""Streams whose framing is wrong: events, their end, and the time at which they leave."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.scripted import Drop, Reply, Request, Scripted

from .editing import is_plain
from .registry import broken

_DONE = b"data: [DONE]\n\n"


@broken("{chat,completions}.stream.ends-with-done", defect="sse-done-missing")
class NoDone(Scripted):
    """Streams close without ``[DONE]``."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        return (event for event in super().events(request, events) if event != _DONE)


@broken("{chat,completions}.stream.{ends-with-done,nothing-after-done}")
class DoneTwice(Scripted):
    """Streams end with two sentinels."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from super().events(request, events)
        yield _DONE


@broken("{chat,completions}.stream.nothing-after-done")
class EventAfterDone(Scripted):
    """A summary follows the sentinel."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from super().events(request, events)
        yield b'data: {"done": true}\n\n'


@broken("{chat,completions}.stream.closes")
class StaysOpen(Scripted):
    """The plainest stream is left open after its sentinel."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from super().events(request, events)
        if is_plain(request):
            self.hang(request)


@broken("{chat,completions}.stream.json-events", defect="sse-comment-as-data")
class CommentAsData(Scripted):
    """What is meant as a comment is sent as data."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield b"data: : PROCESSING\n\n"
        yield from super().events(request, events)


@broken("{chat,completions}.stream.json-events")
class ListEvents(Scripted):
    """A stream begins with an empty array."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield b"data: []\n\n"
        yield from super().events(request, events)


@broken("{chat,completions}.stream.unnamed-events", defect="sse-named-events")
class NamedEvents(Scripted):
    """Every event has a name."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        return (b"event: data\n" + event for event in super().events(request, events))


@broken("{chat,completions}.stream.content-type", defect="stream-content-type-json")
class StreamSaysJson(Scripted):
    """Streams have the content type of whole answers."""

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        kind = headers.get("content-type", "")
        streamed = kind.startswith("text/event-stream")
        return super().headers(
            request, {**headers, "content-type": "application/json"} if streamed else headers
        )


@broken("{chat,completions}.stream.incremental")
class Buffered(Scripted):
    """A stream leaves when it is complete, then all at once."""

    chunk_delay = 0.005

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield from list(super().events(request, events))


@broken("{chat,completions}.stream.incremental")
class OnePiece(Scripted):
    """All events of a stream are written together, as a proxy that buffers would do it."""

    chunk_delay = 0.005

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        yield b"".join(super().events(request, events))


@broken(
    "{chat,completions}.feature.streaming {chat,completions}.field.{stream,stream_options}",
    "{chat,completions}.field.stream_options.include_usage chat.feature.streamed-tools",
    "{chat,completions}.stream.{chunk-schema,content-type,ends-with-done,equals-whole,finish-once}",
    "chat.stream.role-first server.concurrency.concurrent-streams",
)
class NeverStreams(Scripted):
    """A stream is answered with a whole answer."""

    def receive(self, request: Request) -> Request:
        if request.stream:
            del request.json["stream"]
        return super().receive(request)


@broken("{chat,completions}.error.before-stream")
class ErrorsInsideStream(Scripted):
    """A wrong request for a stream is answered by a stream whose only event is the error."""

    def error(self, request: Request, status: int, error: dict[str, object]) -> Reply:
        if not request.stream:
            return super().error(request, status, error)
        event = f"data: {self.dump({'error': error})}\n\n".encode()
        return 200, {"content-type": "text/event-stream"}, iter((event, _DONE))


@broken(
    "{chat,completions}.error.before-stream",
    defect="stream-error-leaves-connection-open",
    timeout_s=2.0,
)
class ErrorLeavesStreamOpen(Scripted):
    """A wrong request for a stream is answered by a line of text, and then by nothing more."""

    def error(self, request: Request, status: int, error: dict[str, object]) -> Reply:
        return (
            (200, {"content-type": "text/event-stream"}, self._open(request, error))
            if request.stream
            else super().error(request, status, error)
        )

    def _open(self, request: Request, error: dict[str, object]) -> Iterator[bytes]:
        yield f"data: {error['message']}\n\n".encode()
        self.hang(request)


@broken("chat.stream.incremental")
class BufferedChat(Scripted):
    """Only streams of chat completions are held back."""

    chunk_delay = 0.005

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        found = super().events(request, events)
        yield from list(found) if request.endpoint == "chat" else found


@broken("server.concurrency.concurrent-streams", defect="concurrent-request-kills-first-stream")
class NewcomerKillsStream(Scripted):
    """A stream breaks off when another request for the same long story arrives."""

    chunk_delay = 0.004
    _latest: object = None

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        story = "long story about the sea" in json.dumps(
            request.json
        ) or "story about a" in json.dumps(request.json)
        if story:
            self._latest = request
        for event in super().events(request, events):
            if story and self._latest is not request:
                raise Drop
            yield event
