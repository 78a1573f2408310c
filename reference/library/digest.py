"""Digests: ``sha256:`` and 64 hexadecimal digits, which name what they were computed from."""

from __future__ import annotations

import hashlib
import re
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
