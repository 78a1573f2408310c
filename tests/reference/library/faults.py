"""A server of files that misbehaves as it is told: cut, slow, full, moved, wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    path: str
    headers: dict[str, str]

    @property
    def range(self) -> str | None:
        return self.headers.get("range")

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")


@dataclass
class Answer:
    """What is sent; by default a file, or the part of it that was asked for."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    """Whether a ``Range`` is honoured."""

    cut: int | None = None
    """Bytes of the body after which the connection is closed."""

    length: int | None = None
    """What Content-Length says instead of the truth; -1 leaves it out."""

    stall: threading.Event | None = None
    """After the cut nothing more is sent until this is set."""

    pause: float = 0.0
    """Seconds between two pieces of 64 KiB."""


Reply = Callable[[Asked], Answer]


class Faults:
    """The server: files by path, and faults that happen once each, in their order."""

    def __init__(self) -> None:
        self.files: dict[str, Answer | Reply] = {}
        self.faults: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def of(self, path: str) -> list[Asked]:
        """The requests for a path, without its query."""
        return [asked for asked in self.asked if asked.path.partition("?")[0] == path]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        path = asked.path.partition("?")[0]
        if self.faults.get(path):
            return self.faults[path].pop(0)
        found = self.files.get(path, Answer(b"no such file", 404))
        return found if isinstance(found, Answer) else found(asked)

    @contextmanager
    def running(self) -> Iterator[Faults]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        faults = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                _send(self, faults.answer(Asked(self.path, headers)), headers, faults.over)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Keep quiet."""

        return Handler


def _send(
    handler: BaseHTTPRequestHandler, answer: Answer, headers: dict[str, str], over: threading.Event
) -> None:
    body, status, more = answer.content, answer.status, dict(answer.headers)
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("range", ""))
    changed = headers.get("if-range", more.get("ETag")) != more.get("ETag")
    if asked and answer.ranges and status == 200 and not changed:
        start = int(asked[1])
        end = min(int(asked[2] or len(body)) + 1, len(body)) if asked[2] else len(body)
        more.setdefault("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
        status = 206 if start < len(body) else 416
        body = body[start:end]
    if answer.length != -1:
        more["Content-Length"] = str(len(body) if answer.length is None else answer.length)
    whole = answer.cut is None and answer.length is None
    if not whole:
        handler.close_connection = True
        more["Connection"] = "close"
    try:
        handler.send_response(status)
        for name, value in more.items():
            handler.send_header(name, value)
        handler.end_headers()
        sent = body if answer.cut is None else body[: answer.cut]
        for place in range(0, len(sent), 1 << 16):
            handler.wfile.write(sent[place : place + (1 << 16)])
            if answer.pause:  # looked at each time: a test may end the slowness
                over.wait(answer.pause)
        if answer.stall:
            while not (answer.stall.wait(0.05) or over.is_set()):
                pass
    except OSError:
        handler.close_connection = True
