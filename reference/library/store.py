"""A store of models on disk, in the layout of Ollama's: manifests by name, blobs by digest.

::

    manifests/HOST/NAMESPACE/MODEL/TAG     JSON: which blobs the model is made of
    blobs/sha256-HEX                       weights, projectors, settings
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...backends import ModelFiles
from .errors import BadNameError, LibraryError, NotOursError
from .lock import locked
from .model import Model
from .names import Name, parse

HEX = re.compile(r"[0-9a-f]{64}")
MARKER = ".openai-compat-store"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
WEIGHTS = "application/vnd.ollama.image.model"
PROJECTOR = "application/vnd.ollama.image.projector"


class Store:
    """One folder. Only a store that carries our marker, or a new one, is ever written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def ours(self) -> bool:
        """Whether this program may write here."""
        if (self.folder / MARKER).exists():
            return True
        return not self.folder.exists() or not any(self.folder.iterdir())

    def models(self) -> Iterator[Model]:
        """Every readable model."""
        root = self.folder / "manifests"
        for path in self._manifests():
            try:
                name = parse("{}/{}/{}:{}".format(*path.relative_to(root).parts))
            except BadNameError:
                continue
            model = self.find(name)
            if model is not None:
                yield model

    def find(self, name: Name) -> Model | None:
        """One model, or None where it is not here or its blobs are missing."""
        path = self._manifest(name)
        try:
            manifest = json.loads(path.read_bytes())
            blobs = {layer["mediaType"]: layer["digest"] for layer in manifest["layers"]}
            weights = self._blob(blobs[WEIGHTS])
            projector = self._blob(blobs[PROJECTOR]) if PROJECTOR in blobs else None
            modified = int(path.stat().st_mtime)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not weights.is_file():
            return None
        return Model(name, ModelFiles(weights, projector), modified)

    def add(self, name: Name, model: Model) -> None:
        """Write a model under a name; blobs that are here already are not written again."""
        with self._writing():
            self._add(name, model)

    def remove(self, name: Name) -> None:
        """Forget a model, and delete the blobs that no other model has.

        Where a manifest cannot be read, no blob is deleted: it could be that one's.
        """
        with self._writing():
            self._manifest(name).unlink()
            named = [_digests(path) for path in self._manifests()]
            if None in named:
                return
            used = {digest for digests in named for digest in digests or ()}
            for blob in (self.folder / "blobs").glob("sha256-*"):
                if digest_of(blob) not in used:
                    blob.unlink()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Alone among all programs; NotOursError in a store of another one."""
        if not self.ours:
            msg = (
                f"The store {self.folder} was made by another program and is only read. "
                "Choose another folder."
            )
            raise NotOursError(msg)
        (self.folder / "blobs").mkdir(parents=True, exist_ok=True)
        (self.folder / MARKER).touch()
        with (self.folder / MARKER).open("r+b") as file, locked(file):
            yield

    def _add(self, name: Name, model: Model) -> None:
        layers = [self._layer(WEIGHTS, model.files.model)]
        if model.files.projector:
            layers.append(self._layer(PROJECTOR, model.files.projector))
        settings = json.dumps({"model_format": "gguf"}).encode()
        digest = "sha256:" + hashlib.sha256(settings).hexdigest()
        write(self._blob(digest), settings)
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest, "size": len(settings)},
            "layers": layers,
        }
        write(self._manifest(name), json.dumps(manifest).encode())

    def _layer(self, kind: str, source: Path) -> Mapping[str, Any]:
        digest = digest_of(source)
        target = self._blob(digest)
        if not target.exists():
            with source.open("rb") as file:
                write(target, file)
        return {"mediaType": kind, "digest": digest, "size": source.stat().st_size}

    def _blob(self, digest: str) -> Path:
        algorithm, _, value = digest.partition(":")
        if algorithm != "sha256" or not HEX.fullmatch(value):
            msg = f"{digest!r} is not a digest"
            raise LibraryError(msg)
        return self.folder / "blobs" / f"sha256-{value}"

    def _manifests(self) -> list[Path]:
        return sorted((self.folder / "manifests").glob("*/*/*/[!.]*"))

    def _manifest(self, name: Name) -> Path:
        parts = (name.host, name.namespace, name.model, name.tag)
        return self.folder.joinpath("manifests", *parts)


def _digests(manifest: Path) -> list[str] | None:
    """Every blob that a manifest names; None where it cannot be read."""
    try:
        read = json.loads(manifest.read_bytes())
        return [part["digest"] for part in (read["config"], *read["layers"])]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest_of(path: Path) -> str:
    """``sha256:…`` of a file; a blob of a store is named by it already."""
    if path.parent.name == "blobs" and path.name.startswith("sha256-"):
        return path.name.replace("-", ":", 1)
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, content: Any) -> None:
    """Write a file so that it is there whole or not at all; ``content`` is bytes or a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
