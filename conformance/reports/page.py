"""A page of a terminal: lines of fixed width, with or without colour."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from .printable import clipped, columns, evidence_lines, padded, printable, wrapped
from .shell import command_lines

MARGIN = 6
"""Where the text below an id starts."""
LABEL = 10
"""The width of a label such as ``expected``, with the space after it."""
NAME = 22
"""The width of one of the columns that names are put in."""

# A longer command fills the page with a body that nobody reads; the JSON report has it.
_MOST_COMMAND = 1500


class Ink(StrEnum):
    """The escape sequence that starts each kind of text; colours every terminal has."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    GOOD = "32"
    BAD = "1;31"
    WARN = "33"
    EXTRA = "36"


class Page:
    """Lines in the making. Text from outside is made printable here, and nowhere later."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self._colour = colour
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def paint(self, text: str, ink: Ink) -> str:
        """``text`` between escape sequences, where colour was asked for."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self._colour and ink and text else text

    def blank(self) -> None:
        """An empty line, unless the last one is empty already."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def rule(self, title: str = "", ink: Ink = Ink.BOLD) -> None:
        """A horizontal line, with the title of the section it starts."""
        self.blank()
        head = f"{self.paint(title, ink)} " if title else ""
        line = "─" * (self.width - len(title) - 1 if title else self.width)
        self._lines.append(head + self.paint(line, Ink.DIM))

    def line(self, text: str, *, indent: int = 0, ink: Ink = Ink.PLAIN) -> None:
        """A paragraph."""
        for part in wrapped(printable(text), self.width - indent):
            self._lines.append(" " * indent + self.paint(part, ink))

    def items(self, texts: list[str]) -> None:
        """Short texts beside each other, none of them torn apart."""
        row = ""
        for text in map(printable, texts):
            if row and columns(row) + 2 + columns(text) > self.width:
                self._lines.append(self.paint(row, Ink.DIM))
                row = ""
            row += f"  {text}" if row else text
        self._lines.append(self.paint(row, Ink.DIM))

    def ends(self, left: str, right: str, ink: Ink = Ink.BOLD, right_ink: Ink = Ink.DIM) -> None:
        """One line with ``right`` at its right end; ``left`` is cut if both do not fit."""
        right = clipped(printable(right), self.width // 2)
        room = self.width - columns(right)
        left = padded(clipped(printable(left), room - 1), room)
        self._lines.append(self.paint(left, ink) + self.paint(right, right_ink))

    def verdict(self, word: str, name: str, right: str, ink: Ink) -> None:
        """The first line of a finding: ``FAIL  chat.stream.done            MUST``."""
        room = self.width - MARGIN - len(right) - 1
        name = clipped(printable(name), room)
        gap = " " * (room + 1 - columns(name))
        word = self.paint(padded(word, MARGIN), ink)
        self._lines.append(f"{word}{self.paint(name, Ink.BOLD)}{gap}{self.paint(right, ink)}")

    def labelled(
        self, label: str, text: str, *, indent: int = MARGIN, ink: Ink = Ink.PLAIN
    ) -> None:
        """A label, and text that hangs behind it; no line at all if there is no text."""
        if text:
            self._hang(label, wrapped(printable(text), self.width - indent - LABEL), indent, ink)

    def evidence(self, label: str, text: str, *, limit: int = 600) -> None:
        """Labelled text that may be long or have several lines."""
        if text:
            room = self.width - MARGIN - LABEL
            lines = evidence_lines(text, limit)
            self._hang(label, [part for line in lines for part in wrapped(line, room)])

    def command(self, label: str, command: str) -> None:
        """A labelled command that can be copied from the page."""
        if len(command) > _MOST_COMMAND:
            self.labelled(label, f"({len(command):,} characters; the JSON report has the command)")
        elif command:
            self._hang(label, command_lines(command, self.width - MARGIN - LABEL))

    def entry(self, label: str, name: str, text: str, *, ink: Ink) -> None:
        """A name behind a label, and what is to be said of it behind the name."""
        left = f"{label}{clipped(printable(name), self.width - len(label))}"
        start = len(label) + NAME
        room = self.width - start
        lines = wrapped(printable(text), room)
        if columns(left) < start:
            left = padded(left, start)
            self._lines.append(self.paint(left, ink) + lines.pop(0))
        else:
            self._lines.append(self.paint(left, ink))
        self._lines.extend(" " * start + line for line in lines)

    def grid(self, label: str, names: list[str], *, ink: Ink) -> None:
        """Names in aligned columns behind a label; a long one takes several columns."""
        room = self.width - len(label)
        rows = [""]
        for name in (clipped(printable(name), room) for name in names):
            if rows[-1] and columns(rows[-1]) + columns(name) > room:
                rows.append("")
            rows[-1] += padded(name, -(-(columns(name) + 1) // NAME) * NAME)
        for row in rows:
            self._lines.append(self.paint(label, ink) + row.rstrip())
            label = " " * len(label)

    def table(self, name: str, cells: Sequence[str], cell: int, *, ink: Ink = Ink.PLAIN) -> None:
        """One row: a name that takes what the cells leave, and cells of equal width."""
        room = max(self.width - cell * len(cells), NAME)
        texts = [padded(clipped(printable(name), room - 1), room)]
        texts += [padded(clipped(printable(text), cell), cell) for text in cells]
        self._lines.append(self.paint("".join(texts).rstrip(), ink))

    def counted(self, count: int, text: str) -> None:
        """A number, and text that hangs behind it."""
        lines = wrapped(printable(text), self.width - MARGIN)
        for number, line in enumerate(lines):
            head = "" if number else f"{count:,}".rjust(MARGIN - 2)
            self._lines.append(padded(head, MARGIN) + line)

    def _hang(
        self, label: str, lines: list[str], indent: int = MARGIN, ink: Ink = Ink.PLAIN
    ) -> None:
        head = padded(clipped(printable(label), LABEL - 1), LABEL)
        for line in lines:
            shown = (self.paint(head, Ink.DIM) if head.strip() else head) + self.paint(line, ink)
            self._lines.append(" " * indent + shown if shown.strip() else "")
            head = " " * LABEL
