"""One access-log line for each request, without bodies, as text or JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Literal

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class AccessLog:
    """WSGI middleware around the whole app, so that a stream is logged when it has ended."""

    def __init__(
        self, app: Wsgi, form: Literal["text", "json"] = "text", to: IO[str] | None = None
    ) -> None:
        self._app = app
        self._form = form
        self._to = to

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Pass a request on, and note how it is answered."""
        record = {"method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"]}
        started = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            record["status"] = status.split(" ", 1)[0]
            named = {name.lower(): value for name, value in headers}
            record["id"] = named.get("x-request-id", "-")
            return start_response(status, headers, *rest)

        return Logged(self._app(environ, start), lambda size: self._write(record, started, size))

    def _write(self, record: dict[str, Any], started: float, size: int) -> None:
        took = round((time.perf_counter() - started) * 1000, 1)
        at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        entry = {"time": at, **record, "bytes": size, "ms": took}
        line = json.dumps(entry) if self._form == "json" else text(entry)
        to = self._to or sys.stderr
        to.write(line + "\n")
        to.flush()


def text(entry: dict[str, Any]) -> str:
    """The line for people; a path cannot break it."""
    path = entry["path"].encode("latin-1", "replace").decode("utf-8", "replace")
    safe = json.dumps(path, ensure_ascii=False)[1:-1]
    return "{time} {status} {method} {0} {bytes}B {ms}ms {id}".format(safe, **entry)


class Logged:
    """The body of an answer; writes the line when it is closed."""

    def __init__(self, body: Iterable[bytes], done: Callable[[int], None]) -> None:
        self._body = body
        self._done = done
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._size += len(part)
            yield part

    def close(self) -> None:
        """Close the body under it, and log."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
        self._done(self._size)
