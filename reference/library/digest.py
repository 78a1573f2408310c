"""Digests: ``sha256:`` and 64 hexadecimal digits, which name what they were computed from."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from .errors import BadManifestError

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def hexadecimal(digest: str) -> str:
    """The digits of a digest; BadManifestError where it is none."""
    found = _DIGEST.fullmatch(digest)
    if found is None:
        msg = f"{digest!r} is not a digest; one is sha256: and 64 hexadecimal digits."
        raise BadManifestError(msg)
    return found.group(1)


def of_bytes(content: bytes) -> str:
    """The digest of some bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """The digest of a file's content."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def of_unchanged(path: Path) -> str:
    """The digest of a file, computed once for as long as nobody writes it."""
    found = path.stat()
    return _of_version(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _of_version(path: Path, _modified: int, _size: int) -> str:
    return of_file(path)
