"""What ``list`` and ``show`` print."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ...backends.gguf import read
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
    """Everything about one model."""
    gguf = read(model.files.model)
    has = capabilities(gguf, projector=model.files.projector is not None)
    lines = {
        "name": str(model.name),
        "architecture": gguf.architecture,
        "parameters": f"{gguf.parameters / 1e6:.2f} M",
        "context": f"{gguf.get('{arch}.context_length')} tokens",
        "embedding": f"{gguf.get('{arch}.embedding_length')} dimensions",
        "quantisation": quantisation(gguf),
        "size": size(model.size),
        "capabilities": ", ".join(has),
        "licence": str(gguf.get("general.license", "unknown")),
    }
    text = "\n".join(f"{key:<14}{value}" for key, value in lines.items())
    template = gguf.get("tokenizer.chat_template")
    return f"{text}\n\ntemplate\n{template}" if template else text
