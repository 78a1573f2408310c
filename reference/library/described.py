"""Models as JSON, in the shapes of Ollama's own API: what ``list``, ``show`` and clients get."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...backends import BackendError
from ...backends.gguf import Gguf, read
from .gguf_facts import amount, capabilities, quantisation
from .model import Model
from .modelfile import write
from .settings import Settings

ABILITIES = {
    "chat": "completion",
    "tools": "tools",
    "vision": "vision",
    "infill": "insert",
    "embeddings": "embedding",
}
"""Ollama's words for what a model can do."""


def when(seconds: float) -> str:
    """A time in Unix seconds as RFC 3339 has it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list says of a model file."""

    family: str = ""
    parameters: str = ""
    quantisation: str = ""


@lru_cache(maxsize=256)
def _facts(path: Path, _modified: int, _size: int) -> Facts:
    gguf = read(path)
    return Facts(gguf.architecture, amount(gguf.parameters), quantisation(gguf))


def facts(path: Path) -> Facts:
    """The facts of a file, read once for as long as nobody writes it; none of a damaged one."""
    try:
        found = path.stat()
        return _facts(path, found.st_mtime_ns, found.st_size)
    except (BackendError, OSError):
        return Facts()


def details(model: Model) -> dict[str, Any]:
    """The family of a model, its size and how it is stored."""
    known = facts(model.files.model)
    families = [known.family, *(("clip",) if model.files.projector else ())]
    return {
        "parent_model": "",
        "format": "gguf",
        "family": known.family,
        "families": families,
        "parameter_size": known.parameters,
        "quantization_level": known.quantisation,
    }


def tag(model: Model) -> dict[str, Any]:
    """A model as a list has it."""
    return {
        "name": str(model.name),
        "model": str(model.name),
        "modified_at": when(model.modified),
        "size": model.size,
        "digest": model.digest.removeprefix("sha256:"),
        "details": details(model),
    }


def shown(model: Model, *, verbose: bool = False) -> dict[str, Any]:
    """Everything about a model; long lists of its file with ``verbose`` only.

    Raises ModelFileError for a damaged file, DamagedBlobError for damaged settings.
    """
    gguf = read(model.files.model)
    settings = model.settings
    template = settings.template or gguf.get("tokenizer.chat_template") or ""
    has = capabilities(gguf, template, projector=model.files.projector is not None)
    found: dict[str, Any] = {
        "license": licence(settings, gguf),
        "modelfile": write([str(model.name)], settings),
        "parameters": "\n".join(f"{name:<30} {value}" for name, value in parameters(settings)),
        "template": template,
        "details": details(model),
        "model_info": information(gguf, verbose=verbose),
        "capabilities": [ABILITIES[name] for name in has],
        "modified_at": when(model.modified),
    }
    if settings.system:
        found["system"] = settings.system
    if settings.messages:
        found["messages"] = [
            {"role": one.role, "content": one.content} for one in settings.messages
        ]
    if model.files.projector:
        found["projector_info"] = information(read(model.files.projector), verbose=verbose)
    return found


def parameters(settings: Settings) -> list[tuple[str, str]]:
    """The parameters as pairs of texts; of one with several values several pairs."""
    return [
        (name, json.dumps(one, ensure_ascii=False))
        for name, value in settings.parameters.items()
        for one in (value if isinstance(value, tuple) else (value,))
    ]


def licence(settings: Settings, gguf: Gguf) -> str:
    """The licences of a model; where its settings have none, the one that its file names."""
    return "\n\n".join(settings.licences) or str(gguf.get("general.license", ""))


def information(gguf: Gguf, *, verbose: bool) -> dict[str, Any]:
    """The metadata of a file; without ``verbose`` its lists are null."""
    kept = {
        key: None if isinstance(value, list) and not verbose else value
        for key, value in gguf.metadata.items()
    }
    return {**kept, "general.parameter_count": gguf.parameters}
