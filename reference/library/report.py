"""What ``list`` and ``show`` print."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...backends.gguf import read
from .gguf_facts import capabilities, quantisation, size
from .model import Model


def table(models: Sequence[Model]) -> str:
    """Name, size and time of every model."""
    rows = [("NAME", "SIZE", "MODIFIED")]
    for model in models:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(model.modified))
        rows.append((str(model.name), size(model.size), when))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


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
