"""A store of models on disk, in the layout of Ollama's: manifests by name, contents by digest.

::

    manifests/HOST/NAMESPACE/MODEL/TAG     JSON: which contents the model is made of
    pending/HOST/NAMESPACE/MODEL/TAG       the same of a model that is still being fetched
    blobs/sha256-HEX                       weights, projectors, settings
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...backends import ModelFiles
from . import atomic
from .blobs import Blobs
from .digest import of_bytes
from .errors import BadManifestError, BadNameError, NotOursError
from .lock import locked
from .manifest import PROJECTOR, WEIGHTS, Manifest
from .model import Model, Stored
from .names import Name, parse

MARKER = ".openai-compat-store"
MANIFESTS, PENDING = "manifests", "pending"
KEPT = 7 * 24 * 3600
"""Seconds that what came of a broken download is kept."""


class Store:
    """One folder. Only a store that carries our marker, or a new one, is ever written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = Blobs(folder / "blobs")

    @property
    def ours(self) -> bool:
        """Whether this program may write here."""
        marker = self.folder / MARKER
        if marker.exists() or not self.folder.exists():
            return True
        # Asked again: another program may have made the store between the two looks.
        return not any(self.folder.iterdir()) or marker.exists()

    def models(self) -> Iterator[Model]:
        """Every readable model."""
        for name in self.names(MANIFESTS):
            model = self._model(name)
            if model is not None:
                yield model

    def names(self, kind: str) -> Iterator[Name]:
        """The names of the models that have a manifest, or a pending one."""
        root = self.folder / kind
        for path in within(root, 4):
            try:
                yield parse("{}/{}/{}:{}".format(*path.relative_to(root).parts))
            except BadNameError:
                continue

    def find(self, name: Name) -> Model | None:
        """One model, in whatever case its name is written; None where it or its blobs are not."""
        return self._model(name) or next(
            filter(None, map(self._model, self.alike(name, MANIFESTS))), None
        )

    def holds(self, name: Name) -> bool:
        """Whether a name is taken, be its model damaged or not complete."""
        return any(any(self.alike(name, kind)) for kind in (MANIFESTS, PENDING))

    def alike(self, name: Name, kind: str) -> Iterator[Name]:
        """The names here that differ from a name in nothing but case."""
        return (one for one in self.names(kind) if one.folded == name.folded)

    def _model(self, name: Name) -> Model | None:
        path = self.manifest_path(name)
        try:
            content = path.read_bytes()
            manifest = Manifest.read(content)
            modified = path.stat().st_mtime
        except (OSError, BadManifestError):
            return None
        weights, projector = manifest.first(WEIGHTS), manifest.first(PROJECTOR)
        if weights is None or not self.blobs.has(weights.digest, weights.size):
            return None
        files = ModelFiles(
            self.blobs.path(weights.digest),
            self.blobs.path(projector.digest) if projector else None,
        )
        return Model(name, files, modified, Stored(manifest, self.blobs, of_bytes(content)))

    def manifest_path(self, name: Name, kind: str = MANIFESTS) -> Path:
        """Where the manifest of a name lies or would lie."""
        return self.folder.joinpath(kind, name.host, name.namespace, name.model, name.tag)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Alone among all programs; what no model needs any more is deleted at the end.

        Raises NotOursError in a store of another program.
        """
        if not self.ours:
            msg = (
                f"The store {self.folder} was made by another program and is only read. "
                "Choose another folder."
            )
            raise NotOursError(msg)
        self.folder.mkdir(parents=True, exist_ok=True)
        marker = self.folder / MARKER
        marker.touch()
        with marker.open("r+b") as file, locked(file):
            self.blobs.folder.mkdir(exist_ok=True)
            try:
                yield Writer(self)
            finally:
                self._collect()

    def _collect(self) -> None:
        """Delete the contents that no manifest names, unless there is one that cannot be read."""
        used: set[str] = set()
        for kind in (MANIFESTS, PENDING):
            for path in within(self.folder / kind, 4):
                if path.name.startswith(atomic.PREFIX) or (kind == PENDING and _forgotten(path)):
                    path.unlink()
                elif not path.name.startswith("."):
                    try:
                        used.update(part.digest for part in Manifest.read(path.read_bytes()))
                    except (OSError, BadManifestError):
                        return
        for path, digest in self.blobs.names():
            if digest not in used:
                path.unlink(missing_ok=True)


def within(folder: Path, depth: int) -> Iterator[Path]:
    """What lies so many levels below a folder, which other programs may change meanwhile."""
    try:
        entries = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if depth == 1:
            yield entry
        else:
            yield from within(entry, depth - 1)


def _forgotten(pending: Path) -> bool:
    """Whether a download began so long ago that nobody will go on with it."""
    return time.time() - pending.stat().st_mtime > KEPT


@dataclass(frozen=True, slots=True)
class Writer:
    """What can be done to a store while no other program writes it."""

    store: Store

    @property
    def blobs(self) -> Blobs:
        """The contents."""
        return self.store.blobs

    def commit(self, name: Name, manifest: Manifest) -> None:
        """Make a model of contents that are here; BadManifestError where one is not."""
        for part in manifest:
            if not self.blobs.has(part.digest, part.size):
                msg = f"The model {str(name)!r} lacks its part {part.digest} of {part.size} bytes."
                raise BadManifestError(msg)
        self._write(name, manifest, MANIFESTS)
        self._forget(name, PENDING)

    def begin(self, name: Name, manifest: Manifest) -> None:
        """Note a model whose contents are still to come, so that they are kept meanwhile."""
        self._write(name, manifest, PENDING)

    def abandon(self, name: Name) -> None:
        """Give up a model whose contents were still to come; one that is complete stays."""
        self._forget(name, PENDING)

    def remove(self, name: Name) -> bool:
        """Forget a model, also one that is damaged or not complete; whether there was one."""
        found = [self._forget(name, MANIFESTS), self._forget(name, PENDING)]
        return any(found)

    def _write(self, name: Name, manifest: Manifest, kind: str) -> None:
        named = next(self.store.alike(name, kind), name)
        with atomic.written(self.store.manifest_path(named, kind)) as file:
            file.write(manifest.encode())

    def _forget(self, name: Name, kind: str) -> bool:
        named = next(self.store.alike(name, kind), name)
        path = self.store.manifest_path(named, kind)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        atomic.remember(path.parent)
        for folder in list(path.parents)[:3]:
            if any(folder.iterdir()):
                break
            folder.rmdir()
        return True
