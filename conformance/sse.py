"""Server-sent events as they came over the wire: raw fields, bytes and arrival times.

Follows the parsing rules of the HTML standard, section 9.2.6, but keeps what a client
throws away (comments, named events, unknown fields), because that is evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``at`` is when its last byte arrived, in seconds after the request was sent.

    ``name`` is the value of an ``event:`` field, ``data`` the joined ``data:`` lines,
    or None for a block without any (a comment, an ``id:``).
    """

    at: float
    data: str | None
    name: str | None = None
    fields: tuple[str, ...] = ()
    complete: bool = True
    """False for a last block that the server did not end with an empty line."""

    @property
    def is_done(self) -> bool:
        """Whether this is the sentinel that ends a stream."""
        return self.data is not None and self.data.strip() == "[DONE]"


def parse_events(segments: Iterable[tuple[float, bytes]]) -> tuple[Event, ...]:
    """Split a body into events; ``segments`` are (arrival in seconds, bytes) in order."""
    events: list[Event] = []
    block: list[bytes] = []
    rest = b""
    at = 0.0
    first = True
    for at, segment in segments:
        rest += segment
        if first and rest:
            rest = rest.removeprefix(_BOM)
            first = False
        while (match := _LINE_END.search(rest)) is not None:
            if match.end() == len(rest) and match.group() == b"\r":
                break  # the second half of a CRLF may be in the next segment
            line, rest = rest[: match.start()], rest[match.end() :]
            if line:
                block.append(line)
            elif block:
                events.append(_event(at, block, complete=True))
                block = []
    if tail := rest.removesuffix(b"\r"):
        block.append(tail)
    if block:
        events.append(_event(at, block, complete=rest == b"\r"))
    return tuple(events)


def _event(at: float, block: list[bytes], *, complete: bool) -> Event:
    name: str | None = None
    data: list[str] = []
    fields: list[str] = []
    for line in block:
        field, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        fields.append(field)
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
    return Event(at, "\n".join(data) if "data" in fields else None, name, tuple(fields), complete)
