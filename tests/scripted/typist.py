"""From tokens to text that may be shown: whole characters only, and nothing of a stop string."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .language import Step
    from .request import Request
    from .server import Scripted


def whole_characters(data: bytes) -> tuple[str, bytes]:
    """The text of some bytes, and the bytes at their end that only begin a character."""
    for keep in range(min(3, len(data)), 0, -1):
        lead = data[-keep]
        if lead >= 0xC0 and keep < (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4):
            return data[:-keep].decode(errors="replace"), data[-keep:]
    return data.decode(errors="replace"), b""


def first_stop(text: str, stops: Sequence[str], start: int) -> int:
    """Where the earliest stop string begins, or -1."""
    found = [at for at in (text.find(stop, start) for stop in stops) if at >= 0]
    return min(found, default=-1)


def begun_stop(text: str, stops: Sequence[str]) -> int:
    """How many characters at the end of the text may be the beginning of a stop string."""
    longest = 0
    for stop in stops:
        for size in range(min(len(stop) - 1, len(text)), longest, -1):
            if text.endswith(stop[:size]):
                longest = size
                break
    return longest


class Typist:
    """Collects the steps of one text and releases what is certain."""

    def __init__(self, server: Scripted, request: Request, stops: Sequence[str]) -> None:
        self._server = server
        self._request = request
        self._stops = stops
        self._reach = max(map(len, stops), default=0)
        self._rest = b""
        self._released = 0
        self._held: list[tuple[int, Step]] = []
        self.text = ""
        self.stopped = False

    def type(self, step: Step) -> tuple[str, list[Step]]:
        """Take a token; give back the text and the tokens that it releases."""
        before = len(self.text)
        self._held.append((before, step))
        text, self._rest = self._server.decode(self._request, self._rest + step.data)
        if not text:
            return "", []
        self.text += text
        hold = 0
        if self._stops:
            start = max(0, before - self._reach + 1)
            at = self._server.find_stop(self._request, self.text, self._stops, start)
            if at >= 0:
                self.stopped = True
                self.text = self.text[:at]
            else:
                hold = self._server.hold(self._request, self.text, self._stops)
        return self._release(len(self.text) - hold)

    def end(self) -> tuple[str, list[Step]]:
        """Release what was held back for a stop that did not come; half characters are lost."""
        rest = "" if self.stopped else self._server.decode_rest(self._request, self._rest)
        self.text += rest
        released, steps = self._release(len(self.text))
        if not self.stopped:
            steps += [step for _, step in self._held]
        self._held = []
        return released, steps

    def _release(self, end: int) -> tuple[str, list[Step]]:
        start, self._released = self._released, max(self._released, end)
        steps = [step for at, step in self._held if at < self._released]
        del self._held[: len(steps)]
        return self.text[start : self._released], steps
