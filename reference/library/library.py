"""The library: a store that is written, stores that are only read, and the embedded models."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...backends import ModelFiles
from ...backends.gguf import check_model, read
from .. import embedded
from .blobs import Blobs
from .errors import NoSuchModelError, NotOursError
from .manifest import Manifest
from .model import Model
from .names import Name, parse
from .packing import pack
from .settings import Settings, keep
from .store import Store


def default_folder() -> Path:
    """Where the platform keeps a program's data."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home())))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "openai-compat" / "models"


class Library:
    """Models by name; the first layer that has a name wins."""

    def __init__(self, own: Store, others: tuple[Store, ...] = ()) -> None:
        self.own = own
        self._others = others

    @classmethod
    def open(cls, folder: Path | None) -> Library:
        """The library of a command line: a folder that is not ours becomes a read-only layer."""
        foreign = os.environ.get("OLLAMA_MODELS")
        others = [Store(Path(foreign))] if foreign else []
        if folder is None:
            return cls(Store(default_folder()), tuple(others))
        store = Store(folder)
        if store.ours:
            return cls(store, tuple(others))
        return cls(Store(default_folder()), (store, *others))

    def models(self) -> list[Model]:
        """Every model, the last modified first."""
        found: dict[Name, Model] = {}
        for model in self._layers():
            found.setdefault(model.name, model)
        return sorted(found.values(), key=lambda model: (-model.modified, str(model.name)))

    def find(self, text: str) -> Model:
        """The model of a name, its tag optional. Raises NoSuchModelError, BadNameError."""
        name = parse(text)
        for store in (self.own, *self._others):
            model = store.find(name)
            if model is not None:
                return model
        for model in _embedded():
            if model.name.folded == name.folded:
                return model
        raise NoSuchModelError(text)

    def copy(self, source: str, target: str, projector: Path | None = None) -> Model:
        """Give a model a second name, in our own store; with a projector, also other eyes.

        Raises NoSuchModelError, BadNameError, and ModelFileError for a bad projector.
        """
        return self._keep(self.find(source), parse(target), projector)

    def take(self, weights: Path, target: str, projector: Path | None = None) -> Model:
        """Make a model of a GGUF file; ModelFileError for one that no engine could load."""
        name = parse(target)
        check_model(read(weights))
        return self._keep(Model(name, ModelFiles(weights), 0), name, projector)

    def _keep(self, model: Model, name: Name, projector: Path | None) -> Model:
        settings = model.settings if projector else Settings()
        if projector is not None:
            read(projector)
            model = replace(model, files=replace(model.files, projector=projector), stored=None)
        with self.own.writing() as writer:
            writer.commit(name, taken(writer.blobs, model, settings))
        return self.find(str(name))

    def remove(self, text: str) -> None:
        """Delete a model from our own store, also a damaged or an unfinished one.

        Raises NoSuchModelError, BadNameError, and NotOursError for one of another layer.
        """
        name = parse(text)
        if self.own.holds(name):
            with self.own.writing() as writer:
                writer.remove(name)
            return
        model = self.find(text)
        where = model.stored.blobs.folder.parent if model.stored else model.files.model.parent
        msg = f"The model {str(model.name)!r} is in {where}, which is only read."
        raise NotOursError(msg)

    def _layers(self) -> Iterator[Model]:
        for store in (self.own, *self._others):
            yield from store.models()
        yield from _embedded()


def _embedded() -> Iterator[Model]:
    for name, (weights, projector) in embedded.models().items():
        modified = weights.stat().st_mtime
        yield Model(parse(name), ModelFiles(weights, projector), modified)


def taken(blobs: Blobs, model: Model, settings: Settings) -> Manifest:
    """Keep all that a model is made of; DamagedBlobError where a content is not what it was."""
    if model.stored is None:
        return pack(blobs, model.files, keep(blobs, settings))
    for part in model.stored.manifest:
        blobs.put_file(model.stored.blobs.path(part.digest), part.digest)
    return model.stored.manifest
