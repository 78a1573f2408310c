"""A store as Ollama lays it out, made by hand: nothing of ours writes it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from openai_compat.reference import embedded

TYPE = "application/vnd.ollama.image."


def blob(store: Path, content: bytes, media_type: str) -> dict[str, Any]:
    """Write a content, and say how a manifest names it."""
    digest = hashlib.sha256(content).hexdigest()
    path = store / "blobs" / f"sha256-{digest}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}


def made(store: Path, name: str = "registry.ollama.ai/library/theirs/latest", **more: str) -> Path:
    """A model with the embedded weights; ``more`` are contents by kind, such as ``system``."""
    weights, _ = embedded.models()["tiny"]
    layers = [blob(store, weights.read_bytes(), f"{TYPE}model")]
    layers += [blob(store, text.encode(), TYPE + kind) for kind, text in more.items()]
    config = {
        "model_format": "gguf",
        "model_family": "llama",
        "model_families": ["llama"],
        "model_type": "1.4M",
        "file_type": "F16",
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
    }
    docker = "application/vnd.docker."
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{docker}distribution.manifest.v2+json",
        "config": blob(store, json.dumps(config).encode(), f"{docker}container.image.v1+json"),
        "layers": layers,
    }
    path = store / "manifests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return path
