"""The server: its life, and the course of a request through its borders."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from . import routes
from .borders import Borders
from .chat import Chat
from .completions import Completions
from .embeddings import Embeddings
from .listener import Listener
from .request import Drop, Gone, Json, Refusal, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator


class Scripted(Borders):
    """A correct server of the OpenAI API without a model, to be broken on purpose.

    ``with Scripted() as server:`` listens on a free port of 127.0.0.1 and has ``server.url``.
    Configure it by keyword arguments or class attributes of the names below. Break it by
    overriding a method: each takes and gives plain data.
    """

    def __init__(self, port: int = 0, **settings: Any) -> None:
        for name, value in settings.items():
            if name.startswith("_") or callable(getattr(type(self), name, print)):
                raise TypeError(f"{type(self).__name__} has no setting {name!r}")
            setattr(self, name, value)
        super().__init__()
        self._port = port
        self._slots = threading.BoundedSemaphore(self.slots)
        self._lock = threading.Lock()
        self.active = 0
        """Generations that run now."""
        self.seen: deque[Request] = deque(maxlen=256)
        """The last requests, oldest first."""
        self.faults: deque[str] = deque(maxlen=16)
        """Tracebacks of its own errors: empty, unless the server itself has a bug."""

    def __enter__(self) -> Self:
        """Listen."""
        self._closing.clear()
        self._listener = Listener(self, self._port)
        self.port = self._listener.server_port
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = self.root + self.prefix
        return self

    def __exit__(self, *_: object) -> None:
        """Cut every connection and stop."""
        self._closing.set()
        self._listener.stop()

    def fault(self) -> None:
        """Note the error being handled."""
        self.faults.append(traceback.format_exc())

    def respond(self, request: Request) -> Reply:
        """Answer one request: status, headers, body; or raise Drop to close the connection."""
        self.seen.append(request)
        try:
            self._closing.wait(self.delay)
            if request.method == "OPTIONS":
                return (
                    204,
                    self.headers(request, {**self._common(request), **self.preflight(request)}),
                    b"",
                )
            self.route(request)
            self.authorize(request)
            if request.method == "POST":
                request.json = routes.parse(request.raw)
                request = self.receive(request)
                self.validate(request)
            return self._answer(request)
        except Refusal as refusal:
            return self.refuse(request, refusal.status, refusal.error, refusal.headers)
        except Gone:
            raise Drop from None
        except Drop:
            raise
        except Exception:  # noqa: BLE001 - a test looks at the faults
            self.fault()
            error = {
                "message": "The server failed.",
                "type": "server_error",
                "param": None,
                "code": None,
            }
            return self.refuse(request, 500, error, {})

    def refuse(self, request: Request, status: int, error: Json, headers: dict[str, str]) -> Reply:
        """An error answer."""
        status, own, body = self.error(request, status, error)
        return status, self.headers(request, {**self._common(request), **headers, **own}), body

    def _common(self, request: Request) -> dict[str, str]:
        return {"x-request-id": f"req_{request.key}", "access-control-allow-origin": "*"}

    def _answer(self, request: Request) -> Reply:
        headers = {**self._common(request), "content-type": "application/json"}
        if request.stream and request.endpoint in ("chat", "completions"):
            headers |= {
                "content-type": "text/event-stream; charset=utf-8",
                "cache-control": "no-cache",
            }
            chunks = self._start(request).chunks()
            return 200, self.headers(request, headers), self._stream(request, chunks)
        if request.endpoint in ("chat", "completions"):
            with self._slot(request):
                body = self._start(request).body()
        elif request.endpoint == "embeddings":
            body = Embeddings(self, request).body()
        elif request.endpoint == "model":
            body = self.describe(self.find(request, request.name)) | {"id": request.name}
        else:
            body = {"object": "list", "data": [self.describe(model) for model in self.models]}
        data = self.dump(self.answer(request, body)).encode(errors="replace")
        return 200, self.headers(request, headers), data

    def _start(self, request: Request) -> Chat | Completions:
        return Chat(self, request) if request.endpoint == "chat" else Completions(self, request)

    def _stream(self, request: Request, chunks: Iterator[Json]) -> Iterator[bytes]:
        with self._slot(request):
            try:
                yield from self.events(request, self._frame(self.chunks(request, chunks)))
            except Gone:
                return
            except Drop:
                raise
            except Exception:  # noqa: BLE001 - a test looks at the faults
                self.fault()
                error = {
                    "message": "The server failed.",
                    "type": "server_error",
                    "param": None,
                    "code": None,
                }
                yield f"data: {self.dump({'error': error})}\n\n".encode(errors="replace")

    def _frame(self, chunks: Iterator[Json]) -> Iterator[bytes]:
        for chunk in chunks:
            yield f"data: {self.dump(chunk)}\n\n".encode(errors="replace")
        yield b"data: [DONE]\n\n"

    @contextmanager
    def _slot(self, request: Request) -> Iterator[None]:
        while not self._slots.acquire(timeout=0.05):
            if self._closing.is_set() or self.disconnected(request):
                raise Gone
        with self._lock:
            self.active += 1
        try:
            yield
        finally:
            with self._lock:
                self.active -= 1
            self._slots.release()

    def tick(self, request: Request) -> None:
        """Wait for the next token's time; stop if the client has left meanwhile."""
        pause = self.token_delay + (self.chunk_delay if request.stream else 0)
        if pause:
            time.sleep(pause)
        if (pause or request.stream) and (self._closing.is_set() or self.disconnected(request)):
            raise Gone
