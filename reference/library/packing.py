"""From files to a manifest: their contents go into a store, with a description of the model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...backends import ModelFiles
from ...backends.gguf import Gguf, read
from .blobs import Blobs
from .gguf_facts import amount, quantisation
from .manifest import CONFIG, PROJECTOR, WEIGHTS, Manifest, Part


def pack(blobs: Blobs, files: ModelFiles, settings: Sequence[Part] = ()) -> Manifest:
    """Keep the files of a model; its manifest, with the settings behind them.

    Raises ModelFileError for a file that is no GGUF file.
    """
    layers = [kept(blobs, WEIGHTS, files.model)]
    if files.projector:
        layers.append(kept(blobs, PROJECTOR, files.projector))
    return assembled(blobs, read(files.model), [*layers, *settings])


def assembled(blobs: Blobs, gguf: Gguf, layers: Sequence[Part]) -> Manifest:
    """The manifest of contents that are kept already, with a new description."""
    description = json.dumps(config(gguf, layers)).encode()
    part = Part(CONFIG, blobs.put(description), len(description))
    return Manifest(part, tuple(layers))


def kept(blobs: Blobs, kind: str, path: Path) -> Part:
    """Keep a file."""
    return Part(kind, blobs.put_file(path), path.stat().st_size)


def config(gguf: Gguf, layers: Sequence[Part]) -> dict[str, Any]:
    """What a store says of a model beside its contents."""
    families = [gguf.architecture]
    if any(layer.media_type == PROJECTOR for layer in layers):
        families.append("clip")
    return {
        "model_format": "gguf",
        "model_family": gguf.architecture,
        "model_families": families,
        "model_type": amount(gguf.parameters),
        "file_type": quantisation(gguf),
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in layers]},
    }
