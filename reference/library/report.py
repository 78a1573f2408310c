"""What ``list`` and ``show`` print."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...backends.gguf import Gguf, read
from .model import Model

KILO = 1000
FILE_TYPES = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1",
              10: "Q2_K", 12: "Q3_K_M", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M",
              18: "Q6_K", 32: "BF16"}  # fmt: skip


def size(number: float) -> str:
    """Bytes for people: 1.9 MB."""
    for unit in ("B", "kB", "MB"):
        if number < KILO:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= KILO
    return f"{number:.1f} GB"


def table(models: Sequence[Model]) -> str:
    """Name, size and time of every model."""
    rows = [("NAME", "SIZE", "MODIFIED")]
    for model in models:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(model.modified))
        rows.append((str(model.name), size(model.files.model.stat().st_size), when))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def capabilities(gguf: Gguf, *, projector: bool) -> list[str]:
    """What the file says the model can do."""
    template = gguf.get("tokenizer.chat_template") or ""
    infill = gguf.get("tokenizer.ggml.fim_pre_token_id") is not None
    found = {
        "chat": gguf.writes_text,
        "tools": "tools" in template,
        "vision": projector,
        "infill": gguf.writes_text and infill,
        "embeddings": True,
    }
    return [name for name, has in found.items() if has]


def details(model: Model) -> str:
    """Everything about one model."""
    gguf = read(model.files.model)
    has = capabilities(gguf, projector=model.files.projector is not None)
    kind = gguf.get("general.file_type")
    lines = {
        "name": str(model.name),
        "architecture": gguf.architecture,
        "parameters": f"{gguf.parameters / 1e6:.2f} M",
        "context": f"{gguf.get('{arch}.context_length')} tokens",
        "embedding": f"{gguf.get('{arch}.embedding_length')} dimensions",
        "quantisation": FILE_TYPES.get(kind, f"type {kind}"),
        "size": size(model.files.model.stat().st_size),
        "capabilities": ", ".join(has),
        "licence": str(gguf.get("general.license", "unknown")),
    }
    text = "\n".join(f"{key:<14}{value}" for key, value in lines.items())
    template = gguf.get("tokenizer.chat_template")
    return f"{text}\n\ntemplate\n{template}" if template else text
