"""What this machine's processor can do, as far as an engine has to be told."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

SMALL = 64 << 20
"""Bytes. Below this one thread is faster: the others would mostly wait for each other."""


@cache
def flags() -> frozenset[str] | None:
    """Instruction sets by the names of Linux; None where nobody says."""
    path = Path("/proc/cpuinfo")
    if platform.machine() not in {"x86_64", "AMD64"} or not path.exists():
        return None
    return frozenset(path.read_text(encoding="utf-8").split())


def threads_for(model: Path) -> int:
    """One for a small model, else one for each core this process may use, up to eight."""
    if model.stat().st_size < SMALL:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    return max(1, min(8, cores))
