"""Text of a stranger's server, made fit for a terminal of fixed width.

A server chooses most of what a report quotes. Nothing it sends may move the cursor,
change colours, reverse the writing direction or leave the column it belongs to.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x00": "\\0"}
# Control, format (bidirectional overrides, zero width), surrogate, private and unassigned
# code points, and the two separators that some terminals take for a line end.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# More combining marks than any script stacks on one letter: they would paint over other lines.
_MOST_MARKS = 3


def printable(text: str) -> str:
    """``text`` on one line, with everything that is not a visible character escaped."""
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in _UNPRINTABLE or marks > _MOST_MARKS:
            out.append(_SHORT.get(char) or _escaped(char))
        else:
            out.append(" " if category == "Zs" else char)
    return "".join(out)


def columns(text: str) -> int:
    """How many columns of a terminal printable ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def fitting(text: str, width: int) -> int:
    """How many leading characters of ``text`` fit into ``width`` columns; at least one."""
    if text.isascii():
        return max(width, 1)
    used = 0
    for count, char in enumerate(text):
        used += _columns(char)
        if used > width:
            return max(count, 1)
    return max(len(text), 1)


def padded(text: str, width: int) -> str:
    """``text`` followed by as many spaces as fill ``width`` columns."""
    return text + " " * (width - columns(text))


def shortened(text: str, limit: int) -> str:
    """``text`` with its middle left out, and the count of what is missing, beyond ``limit``."""
    if len(text) <= limit:
        return text
    head, tail = limit * 2 // 3, limit // 3
    gap = f" {ELLIPSIS} {len(text) - head - tail:,} more characters {ELLIPSIS} "
    return text[:head] + gap + text[-tail:]


def clipped(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, the last an ellipsis where something is missing."""
    if columns(text) <= width:
        return text
    return text[: fitting(text, width - 1)].rstrip() + ELLIPSIS


def wrapped(text: str, width: int, *, first: int | None = None) -> list[str]:
    """Lines of at most ``width`` columns (``first`` for the first); a longer word is cut."""
    lines: list[str] = []
    line = ""
    room = width if first is None else first
    for word in text.split(" "):
        rest = word
        while rest:
            joined = f"{line} {rest}" if line else rest
            if columns(joined) <= room:
                line = joined
                break
            # A word that fits no line at all is cut where this line ends.
            free = room - columns(line) - 1 if line else room
            if columns(rest) > width and free > width // 2:
                count = fitting(rest, free)
                line, rest = (f"{line} " if line else "") + rest[:count], rest[count:]
            lines.append(line)
            line, room = "", width
    if line or not lines:
        lines.append(line)
    return lines


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _escaped(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
