"""Lessons to look at."""

from __future__ import annotations

from typing import Any

from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.lessons import SUBJECTS


def drawn(subject: str, count: int, *, unseen: bool = False) -> list[Any]:
    """Some lessons of a subject."""
    draw = Draw(f"test {subject}", unseen=unseen)
    return [SUBJECTS[subject](draw) for _ in range(count)]
