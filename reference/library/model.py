"""A model of the library."""

from __future__ import annotations

from dataclasses import dataclass

from ...backends import ModelFiles
from .blobs import Blobs
from .digest import of_unchanged
from .errors import DamagedBlobError
from .manifest import Manifest, Part
from .names import NAMESPACE, Name
from .settings import Settings, read


@dataclass(frozen=True, slots=True)
class Stored:
    """How a store holds a model: what it is made of, and where these contents lie."""

    manifest: Manifest
    blobs: Blobs
    digest: str
    """Of the manifest's own file."""

    def text(self, part: Part) -> str:
        """A content that is text, such as a template; LibraryError where it cannot be read."""
        try:
            return self.blobs.path(part.digest).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            msg = f"The part {part.digest} of a model is missing or damaged: pull the model again."
            raise DamagedBlobError(msg) from error


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
    def digest(self) -> str:
        """What tells apart two models of one name: of the manifest, else of the weights."""
        return self.stored.digest if self.stored else of_unchanged(self.files.model)

    @property
    def settings(self) -> Settings:
        """What it brings beside its weights, read anew; DamagedBlobError where it is damaged."""
        return read(self.stored.manifest, self.stored.text) if self.stored else Settings()

    @property
    def size(self) -> int:
        """Bytes of all that it is made of."""
        if self.stored:
            return self.stored.manifest.size
        files = (self.files.model, self.files.projector)
        return sum(path.stat().st_size for path in files if path)
