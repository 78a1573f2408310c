"""What of the server may be configured, and what may be overridden: the defaults are correct."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from . import language, routes
from .request import Drop, Json, Model, Refusal, Reply, Request
from .rules import wrong
from .typist import begun_stop, first_stop, whole_characters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .language import Step, Task


class Borders:
    """Settings, and a method for every border at which a broken server may differ."""

    models: Sequence[Model] = (
        Model("toy:latest"),
        Model("toy-embed:latest", embeds=True),
        Model("org/toy:latest"),
    )
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

    def __init__(self) -> None:
        self._closing = threading.Event()

    def hang(self, request: Request) -> None:
        """For a broken server: say nothing more until either side ends the connection."""
        while not self._closing.wait(0.01) and not request.closed:
            pass
        raise Drop

    def route(self, request: Request) -> None:
        """Set ``endpoint`` and ``name`` from the path, or refuse with 404 or 405."""
        routes.route(request, self.prefix)

    def preflight(self, request: Request) -> dict[str, str]:
        """The headers that allow a browser to send ``request``, an OPTIONS; or refuse it."""
        return routes.preflight(request)

    def authorize(self, request: Request) -> None:
        """Refuse a wrong key with 401."""
        if (
            self.api_key is not None
            and request.headers.get("authorization") != f"Bearer {self.api_key}"
        ):
            raise Refusal(
                401,
                "Incorrect API key provided.",
                None,
                "invalid_api_key",
                www_authenticate="Bearer",
            )

    def receive(self, request: Request) -> Request:
        """Edit the parsed body before anything looks at it; it is an object already."""
        return request

    def validate(self, request: Request) -> None:
        """Refuse what this server cannot do; the endpoint refuses what breaks the contract."""
        model = self.find(request, request.json.get("model"))
        if model.embeds != (request.endpoint == "embeddings"):
            raise wrong("model", f"{model.id} does not support this endpoint")
        routes.check_capabilities(request, self.without)

    def wrong_field(self, request: Request, refusal: Refusal) -> None:
        """Refuse a field of a wrong type or out of its range; to return is to ignore the field."""
        raise refusal

    def find(self, request: Request, name: Any) -> Model:
        """The model of a name, or refuse."""
        if not isinstance(name, str) or not name:
            message = (
                "Missing required parameter: 'model'."
                if name is None
                else "Invalid 'model': it must be a name."
            )
            raise Refusal(400, message, "model")
        found = next((model for model in self.models if model.answers_to(name)), None)
        if found is None:
            raise Refusal(404, f"The model '{name}' does not exist.", "model", "model_not_found")
        return found

    def context_of(self, request: Request) -> int:
        """Tokens of a prompt and its answer, for the model that is asked."""
        return self.context

    def generate(self, request: Request, task: Task) -> Iterator[Step]:
        """The tokens of one text, until it ends by itself."""
        return language.speak(task)

    def decode(self, request: Request, data: bytes) -> tuple[str, bytes]:
        """Bytes so far undecoded → text, and the bytes to keep for later."""
        return whole_characters(data)

    def decode_rest(self, request: Request, rest: bytes) -> str:
        """The text for half a character at the end of an answer: none."""
        return ""

    def find_stop(self, request: Request, text: str, stops: Sequence[str], start: int) -> int:
        """Where, from ``start`` on, the first stop string begins in the text so far, or -1."""
        return first_stop(text, stops, start)

    def hold(self, request: Request, text: str, stops: Sequence[str]) -> int:
        """How many characters at the end of the text to hold back: they may begin a stop."""
        return begun_stop(text, stops)

    def disconnected(self, request: Request) -> bool:
        """Whether to stop generating because the client has left."""
        return request.closed

    def answer(self, request: Request, body: Json) -> Json:
        """Edit the body of a 200 answer that is not streamed."""
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        """Edit the chunks of a stream."""
        return chunks

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        """Edit the bytes of a stream: an item is an event, ``[DONE]`` included, and a write."""
        return events

    def error(self, request: Request, status: int, error: Json) -> Reply:
        """Edit an error: ``error`` is the inner object of the envelope."""
        return (
            status,
            {"content-type": "application/json"},
            self.dump({"error": error}).encode(errors="replace"),
        )

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        """Edit the headers (lower case) of any answer."""
        return headers

    def dump(self, value: Json) -> str:
        """Write JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def describe(self, model: Model) -> Json:
        """A model object."""
        owner = model.id.rpartition("/")[0].rpartition("/")[2] or "library"
        return {"id": model.id, "object": "model", "created": model.created, "owned_by": owner}
