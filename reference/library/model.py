"""A model of the library."""

from __future__ import annotations

from dataclasses import dataclass

from ...backends import ModelFiles
from .blobs import Blobs
from .manifest import Manifest
from .names import NAMESPACE, Name


@dataclass(frozen=True, slots=True)
class Stored:
    """How a store holds a model: what it is made of, and where these contents lie."""

    manifest: Manifest
    blobs: Blobs


@dataclass(frozen=True, slots=True)
class Model:
    """Its name, its files and when it was last modified (Unix seconds)."""

    name: Name
    files: ModelFiles
    modified: float
    stored: Stored | None = None
    """None for one that is no store's: an embedded model, or a file."""

    @property
    def created(self) -> int:
        """When it was last modified, in whole seconds, as the API says it (C82)."""
        return int(self.modified)

    @property
    def owner(self) -> str:
        """The user whose model it is, ``library`` by default."""
        return self.name.namespace or NAMESPACE

    @property
    def size(self) -> int:
        """Bytes of all that it is made of."""
        if self.stored:
            return self.stored.manifest.size
        files = (self.files.model, self.files.projector)
        return sum(path.stat().st_size for path in files if path)
