"""How many threads a model is worth."""

from __future__ import annotations

import os
from pathlib import Path

SMALL = 64 << 20
"""Bytes. Below this one thread is faster: the others would mostly wait for each other."""


def threads_for(model: Path) -> int:
    """One for a small model, else one for each core this process may use, up to eight."""
    if model.stat().st_size < SMALL:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    return max(1, min(8, cores))
