"""What ``list`` and ``show`` print."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ...backends.gguf import read
from .described import licence, parameters
from .gguf_facts import capabilities, quantisation, size
from .model import Model


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def table(models: Sequence[Model]) -> str:
    """Name, id, size and time of every model."""
    rows = [("NAME", "ID", "SIZE", "MODIFIED")]
    for model in models:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(model.modified))
        short = model.digest.removeprefix("sha256:")[:12]
        rows.append((str(model.name), short, size(model.size), when))
    return aligned(rows)


def loaded(models: Sequence[Mapping[str, Any]]) -> str:
    """Name, id, size and context of the models that a server has loaded."""
    rows = [("NAME", "ID", "SIZE", "CONTEXT")]
    rows += [
        (one["name"], one["digest"][:12], size(one["size"]), f"{one['context_length']} tokens")
        for one in models
    ]
    return aligned(rows)


def details(model: Model) -> str:
    """Everything about one model; LibraryError or ModelFileError where it is damaged."""
    gguf, settings = read(model.files.model), model.settings
    template = settings.template or gguf.get("tokenizer.chat_template") or ""
    has = capabilities(gguf, template, projector=model.files.projector is not None)
    lines = {
        "name": str(model.name),
        "architecture": gguf.architecture,
        "parameters": f"{gguf.parameters / 1e6:.2f} M",
        "context": f"{gguf.get('{arch}.context_length')} tokens",
        "embedding": f"{gguf.get('{arch}.embedding_length')} dimensions",
        "quantisation": quantisation(gguf),
        "size": size(model.size),
        "capabilities": ", ".join(has),
        "licence": first_line(licence(settings, gguf)) or "unknown",
    }
    parts = [columns(list(lines.items()))]
    if settings.parameters:
        parts.append("settings\n" + columns(parameters(settings)))
    if settings.system:
        parts.append(f"system\n{settings.system}")
    if settings.messages:
        said = [(one.role, one.content) for one in settings.messages]
        parts.append("messages\n" + columns(said))
    return "\n\n".join([*parts, *([f"template\n{template}"] if template else [])])


def columns(pairs: Sequence[tuple[str, str]]) -> str:
    """Names, and behind each what it is."""
    width = max(14, 2 + max(len(name) for name, _ in pairs))
    return "\n".join(f"{name:<{width}}{value}" for name, value in pairs)


def first_line(text: str) -> str:
    """A text that may be long, such as a licence, as a line."""
    lines = text.strip().splitlines()
    return lines[0] + (" …" if len(lines) > 1 else "") if lines else ""
