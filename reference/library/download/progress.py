"""What a pull says while it works, in the shape in which Ollama's own API says it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

OFTEN = 0.1
"""Seconds between two reports on one content."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done, and of a content how much of it is here, in bytes."""

    status: str
    digest: str | None = None
    total: int | None = None
    completed: int | None = None

    def encode(self) -> dict[str, Any]:
        """As JSON has it."""
        fields = {"digest": self.digest, "total": self.total, "completed": self.completed}
        return {"status": self.status, **{k: v for k, v in fields.items() if v is not None}}


Listener = Callable[[Step], None]


def unheard(step: Step) -> None:
    """Listen to nothing."""
    del step


@dataclass
class Meter:
    """Reports on one content, some times a second."""

    listener: Listener
    digest: str
    total: int | None
    _told: float = field(default=0.0, init=False)

    def at(self, completed: int, *, last: bool = False) -> None:
        """So many bytes are here."""
        now = time.monotonic()
        if last or now - self._told >= OFTEN:
            self._told = now
            short = self.digest.removeprefix("sha256:")[:12]
            self.listener(Step(f"pulling {short}", self.digest, self.total, completed))
