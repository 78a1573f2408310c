"""A line that moves while somebody is watching."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self, TextIO

_CELLS = 24


class Progress:
    """Draws how many checks are done; says nothing where nobody watches."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._watched = stream.isatty()
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._done = self._bad = self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watched:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def say(self, text: str) -> None:
        """Show a text until the next step."""
        if self._watched:
            self._stream.write(f"\r\x1b[K{text}")
            self._stream.flush()

    def expect(self, total: int) -> None:
        """Say how many checks there will be."""
        self._total = total

    def step(self, *, bad: bool) -> None:
        """One check more is done; ``bad`` if it failed or could not be judged."""
        with self._lock:
            self._done += 1
            self._bad += bad
            full = _CELLS * self._done // max(self._total, 1)
            bar = "█" * full + "░" * (_CELLS - full)
            failed = f" · {self._bad} failed" if self._bad else ""
            seconds = time.monotonic() - self._begun
            self.say(f"{bar} {self._done}/{self._total} checks{failed} · {seconds:.0f} s")
