"""The defects of real servers, from ``defects.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Defect:
    """One defect: where it was reported, and what a client sees of it."""

    id: str
    ref: str
    symptom: str
    unseen: str = ""
    """Why no exchange can show it; empty where a broken server simulates it."""


def defects() -> tuple[Defect, ...]:
    """All of them; an unknown or missing key is a TypeError."""
    rows = yaml.safe_load((Path(__file__).parent / "defects.yaml").read_text(encoding="utf-8"))
    return tuple(Defect(**row) for row in rows["defects"])
