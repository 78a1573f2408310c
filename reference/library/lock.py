"""A lock on an open file, which the system takes back when its program ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(file: IO[Any]) -> Iterator[None]:
    """Wait until no other program has the lock, and keep it for the body of the statement."""
    if fcntl is None:
        import msvcrt

        handle: Any = msvcrt
        handle.locking(file.fileno(), handle.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if fcntl is None:
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            handle.locking(file.fileno(), handle.LK_UNLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_UN)
