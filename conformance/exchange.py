"""One request and everything that came back for it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from .sse import Event, parse_events

Json = Any

_FINISH = re.compile(rb'"finish_reason"\s*:\s*"')


def decoded(text: str | bytes) -> Json:
    """A JSON text's value; None where it is not JSON, or nested more deeply than Python reads."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Brief(str):
    """An answer in short, to be shown as it is and not as a JSON string."""

    __slots__ = ()


@dataclass(frozen=True)
class Request:
    """A request as it is sent; ``body`` is a JSON value, raw bytes, or None for no body."""

    method: str
    path: str
    """Relative to the base URL (or to ``base``), with its leading slash."""
    body: Json = None
    headers: tuple[tuple[str, str], ...] = ()
    """Only those that differ from a normal request; an empty value leaves the header out."""
    base: str = ""
    """What the path is relative to, where that is not the base URL of the API."""

    @property
    def key(self) -> str:
        """Equal for requests that a server cannot tell apart."""
        return json.dumps(
            [self.method, self.base + self.path, self.body, self.headers],
            sort_keys=True,
            default=repr,
        )

    def field(self, name: str) -> Json:
        """A field of the body, or None."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    @property
    def streams(self) -> bool:
        """Whether the request asks for a stream."""
        return self.field("stream") is True

    def curl(self, base_url: str) -> str:
        """A line for the shell that sends the same request, with the key masked."""
        parts = ["curl", "-N"] if self.streams else ["curl"]
        if self.method not in {"GET", "POST"} or (self.method == "POST" and self.body is None):
            parts += ["-X", self.method]
        parts.append(shlex.quote((self.base or base_url).rstrip("/") + self.path))
        headers = {"Authorization": "Bearer ***"}
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        for name, value in self.headers:
            headers[next((key for key in headers if key.lower() == name.lower()), name)] = value
        parts += [
            f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items() if value
        ]
        if self.body is not None:
            parts += ["-d", shlex.quote(self._text())]
        return " ".join(parts)

    def _text(self) -> str:
        if isinstance(self.body, bytes):
            return self.body.decode("utf-8", "replace")
        return json.dumps(self.body, ensure_ascii=False)


@dataclass(frozen=True)
class Exchange:
    """A request with its answer. Times are in seconds after the request was sent."""

    request: Request
    status: int
    headers: Mapping[str, str]
    """With lower-case names."""
    segments: tuple[tuple[float, bytes], ...]
    """The body as it arrived: (arrival, bytes)."""
    duration_s: float
    parsed: Any = field(default=None, compare=False)
    """What the SDK made of it: its object, or the list of its chunks for a stream."""
    sdk_error: str = ""
    """The exception the SDK raised, as ``Class: message``; empty when it was content."""
    left_open: bool = False
    """The server kept the stream open after [DONE] until the recorder gave up waiting."""

    @cached_property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(data for _, data in self.segments)

    @property
    def text(self) -> str:
        """The whole body as text; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Json:
        """The body as a JSON value, or None where it is not JSON."""
        return decoded(self.body)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The body as server-sent events."""
        return parse_events(self.segments)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def ok(self) -> bool:
        """Whether the status is in the 200s."""
        return self.status // 100 == 2  # noqa: PLR2004 - the class of successes

    @property
    def refused(self) -> bool:
        """Whether the status is in the 400s."""
        return self.status // 100 == 4  # noqa: PLR2004 - the class of client errors

    @property
    def failed(self) -> bool:
        """Whether the status is a server error; 501 only says that it cannot do it.

        RFC 9110, section 15.6.2.
        """
        return self.status // 100 == 5 and self.status != HTTPStatus.NOT_IMPLEMENTED  # noqa: PLR2004

    @property
    def is_cut(self) -> bool:
        """Whether this is a stream that broke off: no choice of it has a finish reason."""
        return self.request.streams and self.ok and _FINISH.search(self.body) is None

    def brief(self, limit: int = 300) -> Brief:
        """Status and the beginning of the body, for a message."""
        text = " ".join(self.text.split())
        if len(text) > limit:
            text = text[: limit - 1] + "…"
        return Brief(f"{self.status} {text}".rstrip())
