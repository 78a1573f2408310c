"""What a source offers: the contents of a model, and where each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..digest import of_bytes
from ..download import Wanted, Web
from ..download.patience import Tries
from ..manifest import CONFIG, Manifest, Part
from ..names import Name

NO_CONFIG = b"{}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One content, and what it is for."""

    media_type: str
    wanted: Wanted

    @property
    def part(self) -> Part:
        """As a manifest has it; with a digest that stands in for its own where that is unknown."""
        return Part(self.media_type, self.wanted.digest, self.wanted.size or 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be had."""

    pieces: tuple[Piece, ...]
    manifest: Manifest | None = None
    """None where the source has none, so that we have to write one."""

    version: str | None = None
    """For what has no known digest: the same only as long as the content is."""

    @property
    def pending(self) -> Manifest:
        """What has to be kept while the model is fetched."""
        if self.manifest:
            return self.manifest
        config = Part(CONFIG, of_bytes(NO_CONFIG), len(NO_CONFIG))
        return Manifest(config, tuple(piece.part for piece in self.pieces))


class Source(Protocol):
    """One model at one place."""

    @property
    def name(self) -> Name:
        """What the model is called here, unless somebody wants it otherwise."""

    def offer(self, web: Web, tries: Tries) -> Offer:
        """Ask what there is. Raises PullError."""
