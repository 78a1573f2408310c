"""One loaded model in a process of its own, seen from the server.

A native abort, a kill or a bad file ends that process only: whoever waited gets a
`openai_compat.backends.errors.WorkerLost`, and the next call starts a new process.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from .base import (
    Description,
    Embedding,
    Event,
    Failed,
    Finished,
    Generation,
    LoadOptions,
    ModelFiles,
    TextEvent,
)
from .errors import BackendError, WorkerLost
from .wire import Accepted, Answer, Call, Happened, receive, send

Mailbox = queue.SimpleQueue[Answer | Accepted | Event]


class Process:
    """A running worker process and who waits for it."""

    def __init__(self, backend: str) -> None:
        command = [sys.executable, "-m", "openai_compat.backends.host", backend]
        self._child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._lock = threading.Lock()
        self._waiting: dict[int, Mailbox] = {}
        self._lost: WorkerLost | None = None
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
            self._lost = self._lost or WorkerLost("The model was unloaded.")
            if self._child.stdin:
                self._child.stdin.close()
        try:
            self._child.wait(2)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _send(self, call: Call) -> None:
        assert self._child.stdin is not None
        # An error means that it is gone: the reading thread tells everybody who waits.
        with contextlib.suppress(OSError, ValueError):
            send(self._child.stdin, call)

    def _read(self) -> None:
        assert self._child.stdout is not None
        try:
            while True:
                self._deliver(receive(self._child.stdout))
        except (EOFError, OSError):
            pass
        code = self._child.wait()
        with self._lock:
            self._lost = self._lost or WorkerLost(obituary(code))
            waiting, self._waiting = self._waiting, {}
        for number, mailbox in waiting.items():
            mailbox.put(Failed(number, self._lost))
        self._child.stdout.close()

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


class Stream:
    """The events of one request, as they happen; `close` stops the generation.

    Making one, and iterating, raise the BackendError of a request that failed.
    """

    def __init__(self, process: Process, number: int, generation: Generation) -> None:
        self._process = process
        self._number = number
        self._done = False
        self._mailbox = process.ask(Call(number, "submit", (generation,)))
        accepted = self._mailbox.get()
        if isinstance(accepted, Failed):
            self._done = True
            raise accepted.error

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> TextEvent | Finished:
        event = None
        while event is None:
            event = self.poll(None)
        return event

    def poll(self, timeout: float | None) -> TextEvent | Finished | None:
        """The next event, or None when none came within ``timeout`` seconds."""
        if self._done:
            raise StopIteration
        try:
            event = self._mailbox.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(event, Failed):
            self._done = True
            raise event.error
        assert isinstance(event, TextEvent | Finished), "nothing else follows Accepted"
        self._done = isinstance(event, Finished)
        return event

    @property
    def done(self) -> bool:
        """Whether the last event has been taken."""
        return self._done

    def close(self) -> None:
        """Stop the generation if it still runs."""
        if not self._done:
            self._done = True
            self._process.cancel(self._number)


class Worker:
    """A model behind a process that is started when it is first needed, and again after a loss."""

    def __init__(self, backend: str, files: ModelFiles, options: LoadOptions | None = None) -> None:
        self._backend = backend
        self._files = files
        self._options = options or LoadOptions()
        self._numbers = itertools.count(1)
        self._start = threading.Lock()
        self._process: Process | None = None
        self._description: Description | None = None

    @property
    def pid(self) -> int | None:
        """Of the running process, or None."""
        process = self._process
        return process.pid if process and process.alive else None

    def describe(self) -> Description:
        """What the model is and can do; starts the process. BackendError where it cannot load."""
        self._running()
        assert self._description is not None
        return self._description

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text."""
        tokens: list[int] = self._call("tokenize", text, special=special)
        return tokens

    def detokenize(self, tokens: Sequence[int]) -> bytes:
        """The bytes that tokens stand for."""
        data: bytes = self._call("detokenize", tuple(tokens))
        return data

    def embed(self, inputs: Sequence[str | Sequence[int]]) -> list[Embedding]:
        """One vector for each input, in order."""
        vectors: list[Embedding] = self._call("embed", tuple(inputs))
        return vectors

    def generate(self, generation: Generation) -> Stream:
        """Start a request. BackendError where no process can be started."""
        return Stream(self._running(), next(self._numbers), generation)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._start:
            if self._process:
                self._process.close()
            self._process = None

    def _running(self) -> Process:
        with self._start:
            if self._process is None or not self._process.alive:
                process = Process(self._backend)
                try:
                    self._ask(process, "load", self._files, self._options)
                    self._description = self._ask(process, "describe")
                except BackendError:
                    process.close()
                    raise
                self._process = process
            return self._process

    def _call(self, method: str, *arguments: Any, **named: Any) -> Any:
        return self._ask(self._running(), method, *arguments, **named)

    def _ask(self, process: Process, method: str, *arguments: Any, **named: Any) -> Any:
        answer = process.ask(Call(next(self._numbers), method, arguments, named)).get()
        if isinstance(answer, Failed):
            raise answer.error
        assert isinstance(answer, Answer)
        if answer.error:
            raise answer.error
        return answer.value
