"""Contents by digest: ``sha256-HEX``, with ``-partial`` behind it while they are fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import atomic
from .digest import hexadecimal, of_bytes
from .errors import DamagedBlobError

CHUNK = 1 << 20
PARTIAL = "-partial"


@dataclass(frozen=True, slots=True)
class Blobs:
    """The contents of a store, each once, under the name of its digest."""

    folder: Path

    def path(self, digest: str) -> Path:
        """Where a content lies or would lie; BadManifestError for what is no digest."""
        return self.folder / f"sha256-{hexadecimal(digest)}"

    def partial(self, digest: str) -> Path:
        """Where a content lies that is not complete yet."""
        path = self.path(digest)
        return path.with_name(path.name + PARTIAL)

    def has(self, digest: str, size: int) -> bool:
        """Whether a content is here, and as long as it should be."""
        try:
            return self.path(digest).stat().st_size == size
        except OSError:
            return False

    def put(self, content: bytes) -> str:
        """Keep some bytes; their digest."""
        digest = of_bytes(content)
        if not self.has(digest, len(content)):
            with atomic.written(self.path(digest)) as file:
                file.write(content)
        return digest

    def put_file(self, source: Path, expected: str | None = None) -> str:
        """Keep the content of a file; its digest. DamagedBlobError where another was expected."""
        if expected and self.has(expected, source.stat().st_size):
            return expected
        self.folder.mkdir(parents=True, exist_ok=True)
        hashed = hashlib.sha256()
        with source.open("rb") as file, atomic.unnamed(self.folder) as (temporary, copy):
            while chunk := file.read(CHUNK):
                hashed.update(chunk)
                copy.write(chunk)
            digest = f"sha256:{hashed.hexdigest()}"
            if expected not in (None, digest):
                msg = f"The file {source} is damaged: its content is not that of its name."
                raise DamagedBlobError(msg)
            if not self.has(digest, copy.tell()):
                atomic.settle(copy, temporary, self.path(digest))
        return digest

    def names(self) -> Iterator[tuple[Path, str | None]]:
        """Every file, and the digest that it belongs to; None for one of unfinished writing."""
        for path in self.folder.glob("*"):
            if path.name.startswith(atomic.PREFIX):
                yield path, None
            elif path.name.startswith("sha256-"):
                yield path, path.name.removesuffix(PARTIAL).replace("-", ":", 1)
