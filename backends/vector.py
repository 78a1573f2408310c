"""Embedding vectors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def normalised(values: Iterable[float]) -> tuple[float, ...]:
    """The vector with length 1 (float32); a zero vector stays as it is."""
    vector = np.fromiter(values, dtype=np.float32)
    length = float(np.linalg.norm(vector))
    return tuple(map(float, vector / length if length else vector))
