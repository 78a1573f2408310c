"""Work that takes a while, and tells how far it is: one JSON object a line."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import falcon

from ...backends import BackendError
from .. import sse
from ..errors import ApiError
from ..library import LibraryError
from . import asked

Status = dict[str, Any]
Work = Callable[[Callable[[Status], None], threading.Event], None]
"""Tells its statuses to the first argument, `SUCCESS` last; stops soon after the second is set."""
SUCCESS: Status = {"status": "success"}


def respond(response: falcon.Response, work: Work, *, stream: bool) -> None:
    """Answer with the statuses of a work as they come, or with its end alone."""
    if stream:
        response.content_type = "application/x-ndjson"
        response.stream = Lines(work)
        return
    try:
        work(lambda _status: None, threading.Event())
    except LibraryError as error:
        raise asked.refused(error) from error
    response.data = sse.encode(SUCCESS)


class Lines:
    """The body of such an answer: the work runs in a thread until it ends or the client leaves."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._statuses: queue.SimpleQueue[Status | None] = queue.SimpleQueue()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._work(self._statuses.put, self._left)
        except LibraryError as error:
            self._statuses.put(asked.refused(error).plain())
        except (BackendError, OSError) as error:
            self._statuses.put(ApiError(500, str(error)).plain())
        finally:
            self._statuses.put(None)

    def __iter__(self) -> Iterator[bytes]:
        self._thread.start()
        while (status := self._statuses.get()) is not None:
            yield sse.encode(status) + b"\n"

    def close(self) -> None:
        """Called by the server when the answer has ended or the client has left."""
        self._left.set()
        if self._thread.is_alive():
            self._thread.join()
