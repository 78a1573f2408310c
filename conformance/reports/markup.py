"""Markdown from texts that must stay texts: no HTML, links, mentions or broken tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from .printable import evidence_lines, printable
from .shell import shown

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
# What starts a heading, a list or a rule at the beginning of a line.
_START = re.compile(r"^(\d*)([-+#=.)])")
_TICKS = re.compile("`+")
# An empty comment between the two halves keeps GitHub from making a mention or a link.
_SPLIT = "<!-- -->"


def prose(text: str) -> str:
    """``text`` as it stands, whatever Markdown makes of its characters."""
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", plain))
    plain = plain.replace("@", f"@{_SPLIT}").replace("://", f":{_SPLIT}//")
    return re.sub(r"\bwww\.", f"www{_SPLIT}.", plain, flags=re.IGNORECASE)


def code(text: str) -> str:
    """``text`` as a code span that may stand in a table."""
    plain = printable(text).replace("|", "\\|") or " "
    ticks = _fence(plain, 1)
    pad = " " if "`" in plain else ""
    return f"{ticks}{pad}{plain}{pad}{ticks}"


def html_code(text: str) -> str:
    """``text`` as code where Markdown is not read, as in a summary."""
    return f"<code>{html.escape(printable(text))}</code>"


def evidence(text: str) -> str:
    """``text`` as a fenced block; what is left out of a long one is counted."""
    return _fenced("text", evidence_lines(text, 1500, most=20))


def commands(*lines: str) -> str:
    """A fenced block of commands, whole."""
    return _fenced("sh", [shown(line) for line in lines if line])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def folded(summary: str, body: str) -> str:
    """``body`` behind a line of HTML that opens it."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _fenced(language: str, lines: Sequence[str]) -> str:
    fence = _fence("\n".join(lines), 3)
    return "\n".join((f"{fence}{language}", *lines, fence))


def _fence(text: str, least: int) -> str:
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
