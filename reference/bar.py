"""How a terminal, or a file, shows what a pull does."""

from __future__ import annotations

import shutil
import time
from collections import deque
from dataclasses import dataclass, field
from textwrap import fill
from typing import TextIO

from .library.download import Step
from .library.gguf_facts import size

WIDTH = 79
BAR = 14
WINDOW = 5.0
"""Seconds over which the speed is measured."""

INTERVAL = 10.0
"""Seconds between two lines about one content where there is no terminal."""

MINUTE, HOUR = 60, 3600


@dataclass
class Speed:
    """Bytes a second, of late."""

    seen: deque[tuple[float, int]] = field(default_factory=deque)

    def at(self, now: float, completed: int) -> float:
        """The speed, after so many bytes."""
        if self.seen and completed < self.seen[-1][1]:
            self.seen.clear()
        self.seen.append((now, completed))
        while len(self.seen) > 2 and now - self.seen[1][0] > WINDOW:  # noqa: PLR2004 - first and last
            self.seen.popleft()
        began, already = self.seen[0]
        return (completed - already) / (now - began) if now > began else 0.0


def duration(seconds: float) -> str:
    """Seconds for people: 42s, 3m07s, 2h05m."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole}s"
    if whole < HOUR:
        return f"{whole // MINUTE}m{whole % MINUTE:02}s"
    return f"{whole // HOUR}h{whole % HOUR // MINUTE:02}m"


def line(step: Step, speed: float) -> str:
    """One content in at most 79 columns."""
    done = step.completed or 0
    if not step.total:
        return f"{step.status}  {size(done)}  {size(speed)}/s"
    share = min(1.0, done / step.total)
    bar = ("=" * int(share * BAR)).ljust(BAR)
    left = "" if done >= step.total or speed <= 0 else duration((step.total - done) / speed)
    text = f"{step.status} {share:4.0%} [{bar}] {size(done):>8}/{size(step.total)}"
    return f"{text} {size(speed):>8}/s {left}".rstrip()[:WIDTH]


class Display:
    """Listens to a pull: one line for each content, which a terminal sees change."""

    def __init__(self, to: TextIO, *, terminal: bool | None = None) -> None:
        self._to = to
        self._terminal = to.isatty() if terminal is None else terminal
        self._speed = Speed()
        self._status = ""
        self._told = 0.0
        self._open = False

    def __call__(self, step: Step) -> None:
        """Show a step."""
        now = time.monotonic()
        if step.status != self._status:
            self.end()
            self._status, self._speed, self._told = step.status, Speed(), 0.0
        if step.digest is None:
            self._write(f"{fill(step.status, WIDTH)}\n")
            return
        speed = self._speed.at(now, step.completed or 0)
        whole = step.total is not None and step.completed == step.total
        text = line(step, speed)
        if self._terminal:
            columns = min(WIDTH, shutil.get_terminal_size().columns - 1)
            self._write(f"\r{text[:columns].ljust(columns)}")
            self._open = True
        elif whole or now - self._told >= INTERVAL:
            self._told = now
            self._write(f"{text}\n")

    def end(self) -> None:
        """Leave the line that changes."""
        if self._open:
            self._write("\n")
            self._open = False

    def _write(self, text: str) -> None:
        self._to.write(text)
        self._to.flush()
