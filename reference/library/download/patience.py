"""When to ask again: after how long, and how often in vain."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TypeVar

from .errors import BrokenOffError, CancelledError, Trouble
from .progress import Listener, Step

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and how many tries in vain are enough."""

    tries: int = 6
    first: float = 0.5
    longest: float = 30.0
    asked: float = 120.0
    """The longest wait that a server may ask for."""

    stall: float = 30.0
    """How long nothing may come over an open connection."""


USUAL = Patience()


@dataclass
class Tries:
    """Tries of one thing, from the last progress on."""

    patience: Patience
    listener: Listener
    cancelled: Event
    vain: int = field(default=0, init=False)

    def until(self, work: Callable[[], Result]) -> Result:
        """Do it until it succeeds. Raises BrokenOffError, CancelledError, and what is final."""
        while True:
            try:
                result = work()
            except Trouble as trouble:
                self._wait(trouble)
            else:
                self.progressed()
                return result

    def progressed(self) -> None:
        """Something came: the tries before it were not in vain."""
        self.vain = 0

    def _wait(self, trouble: Trouble) -> None:
        self.vain += 1
        if self.vain >= self.patience.tries:
            msg = f"{trouble} Tried {self.vain} times; what came is kept, so pull again later."
            raise BrokenOffError(msg) from trouble
        wait = self._seconds(trouble.wait)
        self.listener(Step(f"{trouble} Trying again in {wait:.0f} s."))
        if self.cancelled.wait(wait):
            raise CancelledError

    def _seconds(self, asked: float | None) -> float:
        if asked is not None:
            return min(asked, self.patience.asked)
        longest: float = min(self.patience.first * 2 ** (self.vain - 1), self.patience.longest)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - so that not all come back at once


def retry_after(value: str | None) -> float | None:
    """The seconds that a ``Retry-After`` asks for, a number or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
