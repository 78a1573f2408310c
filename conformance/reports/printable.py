"""Text of a stranger's server, made fit for a terminal of fixed width.

A server chooses most of what a report quotes. Nothing it sends may move the cursor,
change colours, reverse the writing direction or leave the column it belongs to.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x00": "\\0"}
# Control, format (bidirectional overrides, zero width), surrogate, private and unassigned
# code points, and the two separators that some terminals take for a line end.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# More combining marks than any script stacks on one letter: they would paint over other lines.
_MOST_MARKS = 3
_PARTS = re.compile(r" +|[^ ]+")
_PUNCTUATION = re.compile(r"[,;:/&}\])]")


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


def printable_lines(text: str) -> str:
    """``text`` with its line ends kept and everything else made printable."""
    return "\n".join(map(printable, text.split("\n")))


def evidence_lines(text: str, limit: int, *, most: int = 8) -> list[str]:
    """The first printable lines of ``text`` and its last, as far as ``limit`` characters go."""
    lines = text.rstrip().split("\n")
    if len(lines) > most:
        gap = f"… {len(lines) - most + 1:,} more lines …"
        lines = [*lines[: most - 2], gap, lines[-1]]
    if sum(map(len, lines)) > limit:
        each = max(limit // len(lines), 40)
        lines = [_shortened(line, each) for line in lines]
    return [printable(line) for line in lines]


def _shortened(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    return f"{line[:limit]}{ELLIPSIS} {len(line) - limit:,} more characters"


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


def clipped(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, the last an ellipsis where something is missing."""
    if columns(text) <= width:
        return text
    return text[: fitting(text, width - 1)].rstrip() + ELLIPSIS


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns; a word that fits no line is cut, if possible gently."""
    lines: list[str] = []
    line = gap = ""
    for part in _PARTS.findall(text):
        if part.isspace():
            gap = part
            continue
        word = part
        while columns(line) + columns(gap) + columns(word) > width:
            free = width - columns(line) - columns(gap)
            # A word that fits no line at all is cut where this line ends.
            if columns(word) > width and free > width // 2:
                count = _gentle(word, fitting(word, free))
                line, word = line + gap + word[:count], word[count:]
            elif not line:
                count = fitting(word, width)
                line, word = word[:count], word[count:]
            lines.append(line)
            line = gap = ""
        line, gap = line + gap + word, ""
    return [*lines, line] if line or not lines else lines


def _gentle(word: str, count: int) -> int:
    """Where to cut ``word`` before ``count``: behind punctuation, if there is some near."""
    near = [match.end() for match in _PUNCTUATION.finditer(word, count * 2 // 3, count)]
    return near[-1] if near else count


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _escaped(char: str) -> str:
    # In the notation of Python: \x1b, \u202e, \U000e0001.
    return char.encode("unicode_escape").decode("ascii")
