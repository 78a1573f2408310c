"""The server of faults as a registry of models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from .faults import Answer, Faults
from .registry import CONFIG, LAYER, MANIFEST, tiny


def offer(
    faults: Faults, layers: Mapping[str, bytes] | None = None, *, pause: float = 0.0
) -> dict[str, str]:
    """Offer a model as ``library/tiny``, the embedded one by default; its paths by kind."""
    parts, paths = [], {}
    for kind, content in {"config": b'{"model_format": "gguf"}', **(layers or tiny())}.items():
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        media_type = CONFIG if kind == "config" else LAYER + kind
        parts.append({"mediaType": media_type, "digest": digest, "size": len(content)})
        paths[kind] = f"/v2/library/tiny/blobs/{digest}"
        faults.files[paths[kind]] = Answer(content, pause=pause)
    config, *rest = parts
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": rest}
    paths["manifest"] = "/v2/library/tiny/manifests/latest"
    faults.files[paths["manifest"]] = Answer(json.dumps(manifest).encode())
    return paths
