"""Server-sent events: frames objects, ends with [DONE], releases the generation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import falcon

from ..backends import BackendError
from .errors import ApiError, ClientGoneError, from_backend

DONE = b"data: [DONE]\n\n"


def frame(event: Any) -> bytes:
    """One event with an object as its data."""
    return b"data: " + encode(event) + b"\n\n"


def encode(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def respond(
    response: falcon.Response, chunks: Iterator[Any], release: Callable[[], None], prompt: str
) -> None:
    """Make an event stream the answer."""
    response.content_type = "text/event-stream"
    response.set_header("cache-control", "no-cache")
    response.set_header("x-accel-buffering", "no")
    response.stream = Stream(stream(chunks, release, prompt), release)


class Stream:
    """The body of an event stream; closing it releases the generation even if it never began."""

    def __init__(self, frames: Iterator[bytes], release: Callable[[], None]) -> None:
        self._frames = frames
        self._release = release

    def __iter__(self) -> Iterator[bytes]:
        return self._frames

    def close(self) -> None:
        """Called by the server when the answer has ended or the client has left."""
        self._release()


def stream(chunks: Iterator[Any], release: Callable[[], None], prompt: str) -> Iterator[bytes]:
    """The body of an event stream. A failure in the middle is an event; then the stream ends."""
    try:
        try:
            for chunk in chunks:
                yield frame(chunk)
        except ClientGoneError:
            return
        except BackendError as error:
            yield frame(from_backend(error, prompt).envelope())
        except ApiError as error:
            yield frame(error.envelope())
        yield DONE
    finally:
        release()
