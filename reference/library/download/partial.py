"""A content that is on its way: the file that holds what came of it, and the digest of that."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import IO

from .. import atomic
from ..blobs import CHUNK
from ..lock import free
from .errors import BrokenOffError, CancelledError, NoSpaceError

FULL = {errno.ENOSPC, errno.EDQUOT}
LOOK = 0.2
"""Seconds until it is looked again whether another program has finished."""


class Partial:
    """An open file that no other program writes."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self._hashed = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        """Of all that is here."""
        return f"sha256:{self._hashed.hexdigest()}"

    def recall(self, cancelled: Event, told: Callable[[int], None]) -> None:
        """Read what came of an earlier download; ``told`` hears how much that is so far."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            if cancelled.is_set():
                raise CancelledError
            self._hashed.update(chunk)
            self.size += len(chunk)
            told(self.size)

    def append(self, chunk: bytes) -> None:
        """Write what came; it is in the system's hands at once. Raises NoSpaceError."""
        left = memoryview(chunk)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            if error.errno in FULL:
                msg = "The disk is full; what came is kept."
                raise NoSpaceError(msg) from error
            raise
        self._hashed.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Forget what came."""
        self._file.seek(0)
        self._file.truncate()
        self._hashed = hashlib.sha256()
        self.size = 0

    @property
    def empty(self) -> bool:
        """Whether nothing came, also of an earlier download."""
        return not os.fstat(self._file.fileno()).st_size

    def discard(self) -> None:
        """Delete it."""
        if _same(self._file, self.path):
            self.path.unlink(missing_ok=True)

    def settle(self, target: Path) -> None:
        """Make it the content that it was to become; BrokenOffError where it was deleted."""
        if not _same(self._file, self.path):
            msg = "Another command has deleted what came, because no model needed it any more."
            raise BrokenOffError(msg)
        atomic.settle(self._file, self.path, target)


@contextmanager
def opened(path: Path, cancelled: Event, wait: Callable[[], None]) -> Iterator[Partial]:
    """The partial of a path, once no other program writes it; ``wait`` is told if one does.

    Raises CancelledError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path, cancelled, wait) as file:
        partial = Partial(path, file)
        try:
            yield partial
        finally:
            if partial.empty:
                partial.discard()


@contextmanager
def _alone(path: Path, cancelled: Event, wait: Callable[[], None]) -> Iterator[IO[bytes]]:
    told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            # Another program may have renamed or deleted it between the two lines.
            if free(file) and _same(file, path):
                yield file
                return
        if not told:
            wait()
            told = True
        if cancelled.wait(LOOK):
            raise CancelledError


def _same(file: IO[bytes], path: Path) -> bool:
    """Whether a name still leads to an open file."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False
