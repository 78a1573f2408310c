"""One loaded model in a process of its own, seen from the server.

A native abort, a kill or a bad file ends that process only: whoever waited gets a
`openai_compat.backends.errors.WorkerLostError`, and the next call starts a new process.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Sequence
from typing import Any, cast

from .base import (
    Description,
    Embedding,
    Failed,
    Finished,
    Generation,
    LoadOptions,
    ModelFiles,
    TextEvent,
)
from .errors import BackendError
from .process import Process
from .wire import Answer, Call


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
        self._done = isinstance(event, Finished)
        return cast("TextEvent | Finished", event)  # nothing else follows Accepted

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

    @property
    def pid(self) -> int | None:
        """Of the running process, or None."""
        process = self._process
        return process.pid if process and process.alive else None

    @property
    def context_length(self) -> int | None:
        """Tokens of the loaded model's context, or None where it is not loaded."""
        process = self._process
        return process.description.context_length if process and process.alive else None

    def describe(self) -> Description:
        """What the model is and can do; starts the process. BackendError where it cannot load."""
        return self._running().description

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
                    process.description = self._ask(process, "describe")
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
        if isinstance(answer, Answer) and answer.error:
            raise answer.error
        return cast("Answer", answer).value
