"""Ids and the clock, in one place so that a test can replace them."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import dataclass

ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Identity:
    """Makes ids that do not repeat, and tells the time in Unix seconds."""

    def new(self, prefix: str, length: int = 29) -> str:
        """An id such as ``chatcmpl-…``."""
        return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))

    def now(self) -> int:
        """The time in whole Unix seconds."""
        return int(time.time())
