"""The server. Every border is a method: a server broken in one way is a subclass of a few lines."""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from . import language, routes
from .chat import Chat
from .completions import Completions
from .embeddings import Embeddings
from .request import Drop, Gone, Json, Model, Refusal, Request
from .rules import wrong
from .typist import begun_stop, first_stop, whole_characters
from .wire import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .language import Step, Task

Reply = tuple[int, dict[str, str], Any]
"""Status, headers, and a body: bytes, or an iterator of the pieces of a stream."""


class Scripted:
    """A correct server of the OpenAI API without a model, to be broken on purpose.

    ``with Scripted() as server:`` listens on a free port of 127.0.0.1 and has ``server.url``.
    Configure it by keyword arguments or class attributes of the names below. Break it by
    overriding a method: each takes and gives plain data.
    """

    models: Sequence[Model] = (Model("toy:latest"), Model("toy-embed:latest", embeds=True), Model("org/toy:latest"))
    api_key: str | None = None
    """Demanded as a bearer token if set."""
    prefix: str = "/v1"
    delay: float = 0.0
    """Seconds before an answer begins."""
    token_delay: float = 0.0
    """Seconds before every token, streamed or not."""
    chunk_delay: float = 0.001
    """Seconds more before every token of a stream, so that chunks arrive one by one."""
    slots: int = 8
    """Generations that run at once; more have to wait."""
    context: int = 8192
    """Tokens of a prompt and its answer."""
    thinks: bool = False
    """Whether ``reasoning_content`` comes before an answer and counts against its limit."""
    without: frozenset[str] = frozenset()
    """Capabilities it lacks: vision, tools, embeddings, infill, json. Using one is a 400."""

    def __init__(self, port: int = 0, **settings: Any) -> None:
        for name, value in settings.items():
            if name.startswith("_") or not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no setting {name!r}")
            setattr(self, name, value)
        self._port = port
        self._slots = threading.BoundedSemaphore(self.slots)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.active = 0
        """Generations that run now."""
        self.seen: deque[Request] = deque(maxlen=256)
        """The last requests, oldest first."""
        self.faults: deque[str] = deque(maxlen=16)
        """Tracebacks of its own errors: empty, unless the server itself has a bug."""

    # -- life ------------------------------------------------------------------------------

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

    def hang(self, request: Request) -> None:
        """For a broken server: keep the connection open without a word, until either side ends it."""
        while not self._closing.wait(0.01) and not request.closed:
            pass
        raise Drop

    # -- what a broken server overrides ------------------------------------------------------

    def route(self, request: Request) -> None:
        """Set ``endpoint`` and ``name`` from the path, or refuse with 404 or 405."""
        routes.route(request, self.prefix)

    def preflight(self, request: Request) -> dict[str, str]:
        """The headers that allow a browser to send ``request``, an OPTIONS; or refuse it."""
        return routes.preflight(request)

    def authorize(self, request: Request) -> None:
        """Refuse a wrong key with 401."""
        if self.api_key is not None and request.headers.get("authorization") != f"Bearer {self.api_key}":
            raise Refusal(401, "Incorrect API key provided.", None, "invalid_api_key", www_authenticate="Bearer")

    def receive(self, request: Request) -> Request:
        """Edit the parsed body before anything looks at it; it is an object already."""
        return request

    def validate(self, request: Request) -> None:
        """Refuse what this server cannot do. What breaks the contract is refused right after, by the endpoint."""
        model = self.find(request, request.json.get("model"))
        if model.embeds != (request.endpoint == "embeddings"):
            raise wrong("model", f"{model.id} does not support this endpoint")
        routes.check_capabilities(request, self.without)

    def find(self, request: Request, name: Any) -> Model:  # noqa: ARG002 - a broken one looks at it
        """The model of a name, or refuse."""
        if not isinstance(name, str) or not name:
            message = "Missing required parameter: 'model'." if name is None else "Invalid 'model': it must be a name."
            raise Refusal(400, message, "model")
        found = next((model for model in self.models if model.answers_to(name)), None)
        if found is None:
            raise Refusal(404, f"The model '{name}' does not exist.", "model", "model_not_found")
        return found

    def generate(self, request: Request, task: Task) -> Iterator[Step]:  # noqa: ARG002
        """The tokens of one text, until it ends by itself."""
        return language.speak(task)

    def decode(self, request: Request, data: bytes) -> tuple[str, bytes]:  # noqa: ARG002
        """Bytes so far undecoded → text, and the bytes to keep for later."""
        return whole_characters(data)

    def decode_rest(self, request: Request, rest: bytes) -> str:  # noqa: ARG002
        """The text for half a character at the end of an answer: none."""
        return ""

    def find_stop(self, request: Request, text: str, stops: Sequence[str], start: int) -> int:  # noqa: ARG002
        """Where, from ``start`` on, the first stop string begins in the text so far, or -1."""
        return first_stop(text, stops, start)

    def hold(self, request: Request, text: str, stops: Sequence[str]) -> int:  # noqa: ARG002
        """How many characters at the end of the text to hold back, as they may begin a stop string."""
        return begun_stop(text, stops)

    def disconnected(self, request: Request) -> bool:
        """Whether to stop generating because the client has left."""
        return request.closed

    def answer(self, request: Request, body: Json) -> Json:  # noqa: ARG002
        """Edit the body of a 200 answer that is not streamed."""
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:  # noqa: ARG002
        """Edit the chunks of a stream."""
        return chunks

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:  # noqa: ARG002
        """Edit the bytes of a stream: each item is one event, ``[DONE]`` included, and one write."""
        return events

    def error(self, request: Request, status: int, error: Json) -> Reply:  # noqa: ARG002
        """Edit an error: ``error`` is the inner object of the envelope."""
        return status, {"content-type": "application/json"}, self.dump({"error": error}).encode(errors="replace")

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:  # noqa: ARG002
        """Edit the headers (lower case) of any answer."""
        return headers

    def dump(self, value: Json) -> str:
        """Write JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    # -- the course of a request -------------------------------------------------------------

    def respond(self, request: Request) -> Reply:
        """Answer one request: status, headers, body. Raises Drop to close the connection instead."""
        self.seen.append(request)
        try:
            if self.delay and self._closing.wait(self.delay):
                raise Drop
            if request.method == "OPTIONS":
                return 204, self.headers(request, {**self._common(request), **self.preflight(request)}), b""
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
        except Exception:
            self.fault()
            error = {"message": "The server failed.", "type": "server_error", "param": None, "code": None}
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
            headers |= {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
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

    def describe(self, model: Model) -> Json:
        """A model object."""
        return {"id": model.id, "object": "model", "created": model.created, "owned_by": "library"}

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
            except Exception:
                self.fault()
                error = {"message": "The server failed.", "type": "server_error", "param": None, "code": None}
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
            if self._closing.is_set() or self.disconnected(request):
                raise Gone
