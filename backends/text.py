"""From bytes to text that may be sent: whole characters, and no part of a stop string."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class Utf8:
    """Bytes in any portions → text. Bytes that cannot be UTF-8 are refused, not replaced."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, data: bytes) -> str | None:
        """The characters that these bytes complete; None, and no change, where they are wrong."""
        before = self._decoder.getstate()
        try:
            return self._decoder.decode(data)
        except UnicodeDecodeError:
            self._decoder.setstate(before)
            return None

    @property
    def pending(self) -> bool:
        """Whether a character has begun that is not complete."""
        return bool(self._decoder.getstate()[0])


class StopMatcher:
    """Finds the first stop string in a stream of text, and holds back what may become one.

    The text before a stop string is released, the stop string itself never is. Where two
    begin at the same place, or overlap, the one that is complete first wins.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """The text that can be sent now; sets ``stopped`` when a stop string is complete."""
        if not self._stops:
            return text
        for character in text:
            self._held += character
            for stop in self._stops:
                if self._held.endswith(stop):
                    self.stopped = True
                    released, self._held = self._held[: -len(stop)], ""
                    return released
        keep = self._pending()
        released, self._held = (
            self._held[: len(self._held) - keep],
            self._held[len(self._held) - keep :],
        )
        return released

    def end(self) -> str:
        """What was held back: after the last text it cannot become a stop string any more."""
        released, self._held = self._held, ""
        return released

    def _pending(self) -> int:
        """Length of the longest end of the held text that begins a stop string."""
        longest = min(len(self._held), max(map(len, self._stops)) - 1)
        for length in range(longest, 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0
