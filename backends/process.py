"""A worker process, and who waits for what from it."""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import sys
import threading
from typing import IO, cast

from .base import Description, Event, Failed, Finished
from .errors import WorkerLostError
from .wire import Accepted, Answer, Call, Happened, receive, send

Mailbox = queue.SimpleQueue[Answer | Accepted | Event]


class Process:
    """A running worker process and who waits for it."""

    description: Description
    """What its model is; set once it has loaded."""

    def __init__(self, backend: str) -> None:
        # -P: whatever lies in the working directory is not for this process to import.
        command = [sys.executable, "-P", "-m", "openai_compat.backends.host", backend]
        self._child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._in = cast("IO[bytes]", self._child.stdin)
        self._out = cast("IO[bytes]", self._child.stdout)
        self._lock = threading.Lock()
        self._waiting: dict[int, Mailbox] = {}
        self._lost: WorkerLostError | None = None
        self.pid = self._child.pid
        threading.Thread(target=self._read, daemon=True, name=f"worker-{self.pid}").start()

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._lost is None and self._child.poll() is None

    def ask(self, call: Call) -> Mailbox:
        """Send a call; its answer or events come into the mailbox."""
        mailbox: Mailbox = queue.SimpleQueue()
        with self._lock:
            if self._lost:
                raise self._lost
            self._waiting[call.number] = mailbox
            self._send(call)
        return mailbox

    def cancel(self, number: int) -> None:
        """Stop a request; nothing more comes into its mailbox."""
        with self._lock:
            if self._waiting.pop(number, None) is not None and not self._lost:
                self._send(Call(number, "cancel"))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._lost = self._lost or WorkerLostError("The model was unloaded.")
            with contextlib.suppress(OSError):  # what was not written is for nobody
                self._in.close()
        try:
            self._child.wait(2)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _send(self, call: Call) -> None:
        # An error means that it is gone: the reading thread tells everybody who waits.
        with contextlib.suppress(OSError, ValueError):
            send(self._in, call)

    def _read(self) -> None:
        try:
            while True:
                self._deliver(receive(self._out))
        except (EOFError, OSError):
            pass
        code = self._child.wait()
        with self._lock:
            self._lost = self._lost or WorkerLostError(obituary(code))
            waiting, self._waiting = self._waiting, {}
        for number, mailbox in waiting.items():
            mailbox.put(Failed(number, self._lost))
        self._out.close()
        with self._lock, contextlib.suppress(OSError):  # what was not written is for nobody
            self._in.close()

    def _deliver(self, message: Answer | Happened) -> None:
        if isinstance(message, Answer):
            with self._lock:
                mailbox = self._waiting.pop(message.number, None)
            if mailbox is not None:
                mailbox.put(message)
            return
        for event in message.events:
            with self._lock:
                mailbox = self._waiting.get(event.id)
                if isinstance(event, Finished | Failed):
                    self._waiting.pop(event.id, None)
            if mailbox is not None:
                mailbox.put(event)


def obituary(code: int) -> str:
    """Why a process ended, for the message of an error."""
    if code < 0:
        return (
            f"The engine's process ended by {signal.Signals(-code).name} while it worked on this. "
            "It is started again for the next request; if it happens again with this model, "
            "the file is damaged or the engine cannot run it: try another file or backend."
        )
    return (
        f"The engine's process ended with exit code {code}. "
        "It is started again for the next request."
    )
