"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = ".new-"
"""Begins the name of a file that is being written; one that is left over is of no use."""


@contextmanager
def unnamed(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file to write, and where it lies; gone at the end unless it was settled."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=PREFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def settle(file: IO[bytes], temporary: Path, target: Path) -> None:
    """Have a file written to disk, and give it its name."""
    file.flush()
    os.fsync(file.fileno())
    temporary.chmod(0o644)
    move(temporary, target)


@contextmanager
def written(target: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of the target when the statement ends well."""
    with unnamed(target.parent) as (temporary, file):
        yield file
        settle(file, temporary, target)


def move(source: Path, target: Path) -> None:
    """Rename within a file system, and make the system remember it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    remember(target.parent)


def remember(folder: Path) -> None:
    """Have the names in a folder written to disk, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
