"""Manifests: which contents a model is made of, in the form that registries and stores share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .digest import hexadecimal
from .errors import BadManifestError

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
WEIGHTS = "application/vnd.ollama.image.model"
PROJECTOR = "application/vnd.ollama.image.projector"
ADAPTER = "application/vnd.ollama.image.adapter"
TEMPLATE = "application/vnd.ollama.image.template"
SYSTEM = "application/vnd.ollama.image.system"
PARAMS = "application/vnd.ollama.image.params"
MESSAGES = "application/vnd.ollama.image.messages"
LICENSE = "application/vnd.ollama.image.license"


@dataclass(frozen=True, slots=True)
class Part:
    """One content: what it is for, its digest, and its length in bytes."""

    media_type: str
    digest: str
    size: int

    def encode(self) -> dict[str, Any]:
        """As the manifest's JSON has it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model: a description of what it is, and its contents."""

    config: Part
    layers: tuple[Part, ...]

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """The manifest of a file or an answer; BadManifestError where it is none."""
        try:
            found = json.loads(content)
            layers = tuple(map(_part, found["layers"]))
            return cls(_part(found["config"]), layers)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = "The manifest is damaged: it does not name the contents of a model."
            raise BadManifestError(msg) from error

    def encode(self) -> bytes:
        """The manifest as JSON."""
        made = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.config.encode(),
            "layers": [layer.encode() for layer in self.layers],
        }
        return json.dumps(made, separators=(",", ":")).encode()

    def __iter__(self) -> Iterator[Part]:
        """Every content, the description first."""
        yield self.config
        yield from self.layers

    @property
    def size(self) -> int:
        """Bytes of all contents."""
        return sum(part.size for part in self)

    def first(self, media_type: str) -> Part | None:
        """The first layer of a kind."""
        return next(iter(self.all(media_type)), None)

    def all(self, media_type: str) -> list[Part]:
        """Every layer of a kind."""
        return [layer for layer in self.layers if layer.media_type == media_type]


def _part(found: Mapping[str, Any]) -> Part:
    media_type, digest, size = found["mediaType"], found["digest"], found["size"]
    hexadecimal(digest)
    if not isinstance(media_type, str) or isinstance(size, bool) or not isinstance(size, int):
        raise TypeError
    return Part(media_type, digest, size)
