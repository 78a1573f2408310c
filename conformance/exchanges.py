"""Every exchange of a run: equal ones are sent once and shared.

Inference is slow and may cost money, so many checks look at the same answer. A failed or
timed-out exchange is tried once more, alone, before anyone fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from .client import Client
from .errors import NoAnswer
from .exchange import Exchange, Request
from .expect import get
from .turnstile import Turnstile

_BUSY = frozenset({429, 503})
_BUSY_TRIES = 4
_BUSY_WAIT_S = 20.0


class Exchanges:
    """Sends requests through one client, shares equal ones and counts what they cost."""

    def __init__(self, client: Client, turnstile: Turnstile) -> None:
        self.client = client
        self.turnstile = turnstile
        self.requests = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._lock = threading.Lock()
        self._shared: dict[str, Future[Exchange]] = {}
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let nothing new start, and close the connections in use."""
        self._stopped.set()
        self.client.close()

    def send(self, request: Request, nth: int = 1) -> Exchange:
        """The answer to this request; ``nth`` asks for another one than the first.

        Raises:
            NoAnswer: twice no complete answer.
        """
        return self._share(f"{nth} {request.key}", lambda: self.client.send(request))

    def retrieve(self, model: str) -> Exchange:
        """The answer to ``GET /models/{model}``; raises as `send` does."""
        return self._share(f"retrieve {model}", lambda: self.client.retrieve(model))

    def _share(self, key: str, send: Callable[[], Exchange]) -> Exchange:
        with self._lock:
            future = self._shared.get(key)
            mine = future is None
            if future is None:
                future = self._shared[key] = Future()
        if not mine:
            if future.done() or not self.turnstile.is_mine():
                return future.result()
            # Its owner waits until this thread is no longer alone: do not wait for it.
            return self._send_twice(send)
        try:
            exchange = self._send_twice(send)
        except BaseException as error:
            future.set_exception(error)
            raise
        future.set_result(exchange)
        return exchange

    def answered(self, endpoint: str) -> list[Exchange]:
        """The whole 2xx answers of a generating endpoint so far."""
        path = {"chat": "/chat/completions", "completions": "/completions"}[endpoint]
        with self._lock:
            futures = list(self._shared.values())
        done = [future.result() for future in futures if future.done() and not future.exception()]
        return [
            one
            for one in done
            if one.request.path == path
            and one.ok
            and not one.request.streams
            and get(one.json, "id")
        ]

    def count(self, exchange: Exchange | None) -> None:
        """Count a request, and the tokens its answer says it cost."""
        usage = get(exchange.json, "usage") if exchange is not None else None
        with self._lock:
            self.requests += 1
            for name in ("prompt_tokens", "completion_tokens"):
                if isinstance(tokens := get(usage, name), int):
                    setattr(self, name, getattr(self, name) + tokens)

    def _send_twice(self, send: Callable[[], Exchange]) -> Exchange:
        try:
            with self.turnstile.shared():
                exchange = self._send_when_free(send)
            if not exchange.is_cut or self.turnstile.is_mine():
                return exchange
        except NoAnswer as error:
            if error.kind == "unreachable" or self._stopped.is_set():
                raise
        with self.turnstile.alone():
            return self._send_when_free(send)

    def _send_when_free(self, send: Callable[[], Exchange]) -> Exchange:
        for attempt in range(1, _BUSY_TRIES + 1):
            if self._stopped.is_set():
                raise NoAnswer("unreachable", "the run was stopped")
            try:
                exchange = send()
            except NoAnswer:
                self.count(None)
                raise
            self.count(exchange)
            if exchange.status not in _BUSY or attempt == _BUSY_TRIES:
                return exchange
            self._stopped.wait(_retry_after(exchange, attempt))
        raise AssertionError  # pragma: no cover - the loop returns


def _retry_after(exchange: Exchange, attempt: int) -> float:
    """Seconds to wait for a busy server, from its ``Retry-After`` (RFC 9110, 10.2.3)."""
    stated = exchange.headers.get("retry-after", "")
    return min(float(stated) if stated.isdigit() else 0.25 * 2**attempt, _BUSY_WAIT_S)
