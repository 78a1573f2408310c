"""A lock on an open file, which the system takes back when its program ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[Any], *, on: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if on else msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[Any], *, on: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if on else fcntl.LOCK_UN)


@contextmanager
def locked(file: IO[Any]) -> Iterator[None]:
    """Wait until no other program has the lock, and keep it for the body of the statement."""
    _lock(file, on=True)
    try:
        yield
    finally:
        _lock(file, on=False)
