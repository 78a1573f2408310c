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

    def _take(file: IO[Any]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[Any], *, on: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if on else fcntl.LOCK_UN)

    def _take(file: IO[Any]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(file: IO[Any]) -> Iterator[None]:
    """Wait until no other program has the lock, and keep it for the body of the statement."""
    _lock(file, on=True)
    try:
        yield
    finally:
        _lock(file, on=False)


def free(file: IO[Any]) -> bool:
    """Take the lock if no other program has it, until the file is closed; whether it was so."""
    try:
        _take(file)
    except OSError:
        return False
    return True
