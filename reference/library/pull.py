"""Pulling: from a source to a model of our own store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from ...backends.errors import ModelFileError
from ...backends.gguf import check_model, read
from . import atomic
from .download import Fetcher, Listener, Patience, Step, Web
from .download.fetch import free_space
from .download.patience import USUAL, Tries
from .download.progress import Meter, unheard
from .manifest import CONFIG, PROJECTOR, WEIGHTS, Manifest, Part
from .model import Model
from .names import Name
from .packing import config
from .sources import Offer, Source
from .store import Store, Writer

VERSION = "pulled_version"
"""In the description of a model: what was pulled, where no digest says it beforehand."""


@dataclass(frozen=True, slots=True)
class Pull:
    """What to pull, under which name, and how."""

    store: Store
    source: Source
    name: Name
    insecure: bool = False
    listener: Listener = unheard
    cancelled: Event = field(default_factory=Event)
    patience: Patience = USUAL
    free: Callable[[Path], int] = free_space

    def run(self) -> bool:
        """Pull it; False if it was here already, as the source has it now.

        Raises PullError, BadManifestError, NotOursError, and ModelFileError for a file that no
        engine could load. What came of a pull that was interrupted is kept for a week.
        """
        with Web(stall=self.patience.stall, insecure=self.insecure) as web:
            self.listener(Step("pulling manifest"))
            tries = Tries(self.patience, self.listener, self.cancelled)
            offer = self.source.offer(web, tries)
            if self._current(offer):
                for piece in offer.pieces:
                    meter = Meter(self.listener, piece.part.digest, piece.part.size)
                    meter.at(piece.part.size, last=True)
                self.listener(Step("success"))
                return False
            with self.store.writing() as writer:
                writer.begin(self.name, offer.pending)
            fetcher = Fetcher(
                web, self.store.blobs, self.patience, self.listener, self.cancelled, self.free
            )
            self._fetch(offer, fetcher)
        return True

    def _fetch(self, offer: Offer, fetcher: Fetcher) -> None:
        wanted = [piece.wanted for piece in offer.pieces]
        fetcher.room_for(wanted)
        digests = {one.digest: fetcher.fetch(one) for one in wanted}
        self.listener(Step("verifying sha256 digest"))
        try:
            self._check(offer)
        except ModelFileError:
            with self.store.writing() as writer:
                writer.abandon(self.name)
            raise
        self.listener(Step("writing manifest"))
        with self.store.writing() as writer:
            manifest = offer.manifest or self._manifest(offer, digests, writer)
            writer.commit(self.name, manifest)
        self.listener(Step("success"))

    def _check(self, offer: Offer) -> None:
        """Whether the files can be loaded; ModelFileError if not."""
        for piece in offer.pieces:
            if piece.media_type == WEIGHTS:
                check_model(read(self._path(piece.wanted.digest, known=piece.wanted.known)))
            elif piece.media_type == PROJECTOR:
                read(self._path(piece.wanted.digest, known=piece.wanted.known))

    def _path(self, digest: str, *, known: bool) -> Path:
        blobs = self.store.blobs
        return blobs.path(digest) if known else blobs.partial(digest)

    def _manifest(self, offer: Offer, digests: dict[str, str], writer: Writer) -> Manifest:
        """The manifest of a model that came without one; each content gets its own name."""
        layers = []
        for piece in offer.pieces:
            digest = digests[piece.wanted.digest]
            path = writer.blobs.path(digest)
            if not piece.wanted.known:
                atomic.move(writer.blobs.partial(piece.wanted.digest), path)
            layers.append(Part(piece.media_type, digest, path.stat().st_size))
        weights = next(layer for layer in layers if layer.media_type == WEIGHTS)
        described = config(read(writer.blobs.path(weights.digest)), layers)
        if offer.version:
            described[VERSION] = offer.version
        content = json.dumps(described).encode()
        return Manifest(Part(CONFIG, writer.blobs.put(content), len(content)), tuple(layers))

    def _current(self, offer: Offer) -> bool:
        """Whether the model is here as it is offered, and whole."""
        model = self.store.find(self.name)
        if model is None or model.stored is None:
            return False
        manifest = model.stored.manifest
        if not all(self.store.blobs.has(part.digest, part.size) for part in manifest):
            return False
        if offer.manifest:
            return manifest == offer.manifest
        if offer.version:
            return _version(model, manifest.config) == offer.version
        return manifest.layers == tuple(piece.part for piece in offer.pieces)


def _version(model: Model, part: Part) -> str | None:
    """What a description says of where its model came from."""
    if model.stored is None:
        return None
    try:
        found = json.loads(model.stored.text(part))
    except ValueError:
        return None
    return found.get(VERSION) if isinstance(found, dict) else None
