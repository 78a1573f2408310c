"""Lets many requests pass at once, or one check alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """A readers-writer lock that prefers the writer: who waits to be alone is let in next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._alone: int | None = None

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Beside others, but never beside somebody who is alone (unless that is this thread)."""
        me = threading.get_ident()
        with self._changed:
            if self._alone == me:
                entered = False
            else:
                self._changed.wait_for(lambda: self._alone is None and not self._waiting)
                self._inside += 1
                entered = True
        try:
            yield
        finally:
            if entered:
                with self._changed:
                    self._inside -= 1
                    self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """With nobody else inside. May be nested in itself."""
        me = threading.get_ident()
        with self._changed:
            nested = self._alone == me
            if not nested:
                self._waiting += 1
                self._changed.wait_for(lambda: self._alone is None and not self._inside)
                self._waiting -= 1
                self._alone = me
        try:
            yield
        finally:
            if not nested:
                with self._changed:
                    self._alone = None
                    self._changed.notify_all()

    def is_mine(self) -> bool:
        """Whether this thread is the one that is alone."""
        return self._alone == threading.get_ident()
