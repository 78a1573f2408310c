"""The worker process itself: hosts one model, takes calls, and steps the backend.

Started as ``python -m openai_compat.backends.host NAME``. Calls come on standard input,
answers and events go to what was standard output; native code that prints goes to
standard error instead, where it cannot break a message.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

from .base import Failed
from .errors import BackendError
from .registry import backend
from .wire import Accepted, Answer, Call, Happened, receive, send

if TYPE_CHECKING:
    from .base import Backend


class Host:
    """One backend and the two pipes to its owner."""

    def __init__(self, served: Backend, calls: IO[bytes], answers: IO[bytes]) -> None:
        self._backend = served
        self._answers = answers
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._running: set[int] = set()
        threading.Thread(target=self._listen, args=(calls,), daemon=True).start()

    def _listen(self, pipe: IO[bytes]) -> None:
        while True:
            try:
                self._calls.put(receive(pipe))
            except EOFError:
                os._exit(0)  # the owner is gone; native code may be busy in the other thread

    def run(self) -> None:
        """Serve calls, and step while there is work; never returns."""
        while True:
            if not self._backend.busy:
                self._take(self._calls.get())
            while True:
                try:
                    self._take(self._calls.get_nowait())
                except queue.Empty:
                    break
            self._step()

    def _take(self, call: Call) -> None:
        if call.method == "cancel":
            self._running.discard(call.number)
            self._backend.cancel(call.number)
            return
        error: BackendError | None = None
        value: Any = None
        try:
            if call.method == "submit":
                self._backend.submit(call.number, *call.arguments)
                self._running.add(call.number)
                send(self._answers, Happened((Accepted(call.number),)))
                return
            value = getattr(self._backend, call.method)(*call.arguments, **call.named)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the caller has to know
            error = named(failure)
        if call.method == "submit" and error:
            send(self._answers, Happened((Failed(call.number, error),)))
        else:
            send(self._answers, Answer(call.number, value, error))

    def _step(self) -> None:
        try:
            events = self._backend.step()
        except Exception as failure:  # noqa: BLE001 - it has hit every running request
            error = named(failure)
            events = [Failed(number, error) for number in sorted(self._running)]
            for number in self._running:
                self._backend.cancel(number)
            self._running.clear()
        if events:
            send(self._answers, Happened(tuple(events)))


def named(failure: Exception) -> BackendError:
    """A backend's own error as it is; anything else as one that says where to look."""
    if isinstance(failure, BackendError):
        return failure
    sys.stderr.write(f"openai-compat worker: {type(failure).__name__}: {failure}\n")
    return BackendError("The backend failed; the server's standard error has the reason.")


def main() -> None:
    """Entry point of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner, who then leaves
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    calls = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    Host(backend(sys.argv[1])(), calls, answers).run()


if __name__ == "__main__":
    main()
