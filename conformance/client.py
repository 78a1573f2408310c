"""Sends requests to the server under test, through the real openai SDK wherever it can.

The user's OpenAI credentials never reach another server: the key is passed explicitly,
and the SDK sees none of the ``OPENAI_*`` variables.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

from .errors import NoAnswer
from .exchange import Exchange, Request
from .recorder import Recorder, Recording


class Client:
    """One server's address and credentials, and the connections to it. Thread-safe."""

    def __init__(
        self, base_url: str, api_key: str, headers: Mapping[str, str], timeout_s: float
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout_s = timeout_s
        self._key = api_key
        self._headers = dict(headers)
        self._recorder = Recorder(urlsplit(base_url).hostname or "", timeout_s)
        self._http = httpx2.Client(
            transport=self._recorder,
            timeout=httpx2.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
            headers={"Accept-Encoding": "identity"},
            follow_redirects=True,
            trust_env=False,
        )
        with _without_openai_variables():
            self._sdk = openai.OpenAI(
                base_url=self.base_url,
                api_key=api_key,
                max_retries=0,
                http_client=self._http,
                default_headers=self._headers,
            )
        self._calls: dict[str, Callable[..., Any]] = {
            "/chat/completions": self._sdk.chat.completions.create,
            "/completions": self._sdk.completions.create,
            "/embeddings": self._sdk.embeddings.create,
        }
        self._known = {
            path: frozenset(inspect.signature(call).parameters)
            for path, call in self._calls.items()
        }

    def close(self) -> None:
        """Close every connection, those in use too."""
        self._http.close()

    def send(self, request: Request) -> Exchange:
        """Send one request and wait for the whole answer.

        Raises:
            NoAnswer: there was no complete answer.
        """
        call = self._sdk_call(request)
        recording = self._recorder.record()
        begun = perf_counter()
        parsed: Any = None
        sdk_error = ""
        try:
            if call is None:
                self._with_http(request)
            else:
                parsed = self._with_sdk(call)
        except Exception as error:
            self._reraise_transport(error)
            if not recording.status:
                raise
            sdk_error = f"{type(error).__name__}: {error}"
        return _exchange(request, recording, begun, parsed, sdk_error)

    @contextmanager
    def open(self, request: Request) -> Iterator[tuple[httpx2.Response, Iterator[bytes]]]:
        """A streamed answer that the caller reads, and leaves when it likes."""
        self._recorder.record().leave = True
        try:
            with self._http.stream(**self._plain(request)) as response:
                yield response, response.iter_raw()
        except httpx2.TransportError as error:
            self._reraise_transport(error)

    def _sdk_call(self, request: Request) -> Callable[[], Any] | None:
        if request.headers or request.base:
            return None
        if request.method == "GET" and request.path == "/models":
            return lambda: list(self._sdk.models.list())
        if request.method != "POST" or not isinstance(request.body, dict):
            return None
        call, body = self._calls.get(request.path), request.body
        if call is None or not _has_required(request.path, body):
            return None
        known = self._known[request.path]
        named = {key: value for key, value in body.items() if key in known}
        extra = {key: value for key, value in body.items() if key not in known}
        return lambda: call(**named, extra_body=extra or None)

    def _with_sdk(self, call: Callable[[], Any]) -> Any:
        result = call()
        if isinstance(result, openai.Stream):
            with result:
                return list(result)
        return result

    def retrieve(self, model: str) -> Exchange:
        """``GET /models/{model}`` as the SDK asks for it, with the name percent-encoded."""
        recording = self._recorder.record()
        begun = perf_counter()
        parsed, sdk_error = None, ""
        try:
            parsed = self._sdk.models.retrieve(model)
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises is evidence
            self._reraise_transport(error)
            sdk_error = f"{type(error).__name__}: {error}"
        path = recording.path or f"/models/{model}"
        request = Request("GET", path.removeprefix(urlsplit(self.base_url).path))
        return _exchange(request, recording, begun, parsed, sdk_error)

    def _with_http(self, request: Request) -> None:
        with self._http.stream(**self._plain(request)) as response:
            for _ in response.iter_raw():
                pass

    def _plain(self, request: Request) -> dict[str, Any]:
        headers = {**self._headers, "Authorization": f"Bearer {self._key}"}
        for name, value in request.headers:
            headers = {key: old for key, old in headers.items() if key.lower() != name.lower()}
            if value:
                headers[name] = value
        content: dict[str, Any] = {}
        if isinstance(request.body, bytes):
            content["content"] = request.body
            headers.setdefault("Content-Type", "application/json")
        elif request.body is not None:
            content["json"] = request.body
        url = (request.base or self.base_url) + request.path
        return {"method": request.method, "url": url, "headers": headers, **content}

    def _reraise_transport(self, error: BaseException) -> None:
        link: BaseException | None = error
        while link is not None:
            if isinstance(link, httpx2.TransportError):
                raise self._no_answer(link) from error
            link = link.__cause__ or link.__context__

    def _no_answer(self, error: httpx2.TransportError) -> NoAnswer:
        if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout)):
            return NoAnswer("unreachable", f"no connection to {self.base_url}: {error}")
        if isinstance(error, httpx2.TimeoutException):
            return NoAnswer("timeout", f"no complete answer within {self.timeout_s:g} s")
        if isinstance(error, httpx2.UnsupportedProtocol):
            return NoAnswer("unreachable", str(error))
        return NoAnswer(
            "dropped", f"the server closed the connection before its answer was complete: {error}"
        )


@contextmanager
def _without_openai_variables() -> Iterator[None]:
    """Hide ``OPENAI_*``: the SDK would send the user's headers and keys to a foreign server."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("OPENAI_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _has_required(path: str, body: Mapping[str, Any]) -> bool:
    needed = {
        "/chat/completions": {"model", "messages"},
        "/completions": {"model", "prompt"},
        "/embeddings": {"model", "input"},
    }
    return needed[path] <= body.keys()


def _exchange(
    request: Request, recording: Recording, begun: float, parsed: Any, sdk_error: str
) -> Exchange:
    return Exchange(
        request=request,
        status=recording.status,
        headers=recording.headers,
        segments=tuple(recording.segments),
        duration_s=(recording.ended or perf_counter()) - (recording.sent or begun),
        parsed=parsed,
        sdk_error=sdk_error,
        left_open=recording.left_open,
    )
