"""The lines of a Modelfile as instructions: where each value begins, and where it ends.

A value is what stands on the line, without the white space around it. One that begins with a
double quote ends with one at the end of its line, or of a later line; three quotes end with three.
Nothing is escaped within quotes. A comment has a line of its own.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from .errors import ModelfileError

QUOTE, QUOTES = '"', '"""'
_WORD = re.compile(r"\S+")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = "a Modelfile is UTF-8, or UTF-16 with a byte order mark"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; both count from 1, the column in characters."""

    line: int
    column: int

    def wrong(self, message: str) -> ModelfileError:
        """The error that something here is wrong."""
        return ModelfileError(self.line, self.column, message)


@dataclass(frozen=True, slots=True)
class Word:
    """A text of a Modelfile and its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Instruction:
    """One of `NAMES`, and its value."""

    name: str
    value: Word
    key: Word | None = None
    """The parameter or the role, for the two instructions that have one."""


NAMES = ("FROM", "PARAMETER", "TEMPLATE", "SYSTEM", "MESSAGE", "ADAPTER", "LICENSE", "REQUIRES")
"""Every instruction; a file may have them in any case."""
KEYED = ("PARAMETER", "MESSAGE")


def guess(text: str, known: Iterable[str]) -> str:
    """What somebody may have meant, else all there is."""
    names = list(known)
    near = {name.lower(): name for name in names}
    found = get_close_matches(text.lower(), near, 1)
    return f"did you mean {near[found[0]]!r}?" if found else f"there are {', '.join(names)}."


def decoded(content: bytes) -> str:
    """The text of a file; ModelfileError where it is none."""
    mark, encoding = next(
        ((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8")
    )
    body = content[len(mark) :]
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, "replace")
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise place.wrong(f"these bytes are no text: {_ENCODINGS}.") from error


def instructions(text: str) -> Iterator[Instruction]:
    """Every instruction of a Modelfile; ModelfileError for a line that is none."""
    lines = text.replace("\r\n", "\n").split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        words = _WORD.finditer(line)
        first = next(words, None)
        if first is None or first.group().startswith("#"):
            index += 1
            continue
        name = first.group().upper()
        if name not in NAMES:
            msg = f"{first.group()!r} is not an instruction; {guess(name, NAMES)}"
            raise Place(index + 1, first.start() + 1).wrong(msg)
        key, end = None, first.end()
        if name in KEYED:
            second = next(words, None)
            if second is None:
                what = "the name of a parameter" if name == "PARAMETER" else "a role"
                raise Place(index + 1, end + 1).wrong(f"{name} needs {what} and a value.")
            key = Word(second.group(), Place(index + 1, second.start() + 1))
            end = second.end()
        place = Place(index + 1, end + 1 + len(line[end:]) - len(line[end:].lstrip()))
        if not line[end:].strip():
            before = name if key is None else f"{name} {key.text}"
            msg = f'{before} needs a value on the same line (an empty one is "").'
            raise Place(index + 1, end + 1).wrong(msg)
        rest = (lines[after] for after in range(index + 1, len(lines)))
        found = value(chain([line[end:]], rest))
        if found is None:
            quotes = QUOTES if line[place.column - 1 :].startswith(QUOTES) else QUOTE
            msg = f"the text that begins here never ends: {quotes} is missing at the end of a line."
            raise place.wrong(msg)
        content, count = found
        yield Instruction(name, Word(content, place), key)
        index += count


def value(lines: Iterable[str]) -> tuple[str, int] | None:
    """The value that begins in the first line, and how many lines it takes; None without end."""
    read: list[str] = []
    quotes = ""
    for line in lines:
        if not read:
            begun = line.strip()
            if not begun.startswith(QUOTE):
                return begun, 1
            quotes = QUOTES if begun.startswith(QUOTES) else QUOTE
        read.append(line if read else line.lstrip())
        ended = read[-1].rstrip()
        if ended.endswith(quotes) and (len(read) > 1 or len(ended) >= 2 * len(quotes)):
            whole = "\n".join([*read[:-1], ended])
            return whole[len(quotes) : -len(quotes)], len(read)
    return None


def written(text: str) -> str:
    """A value as a Modelfile has it; ValueError for one that no Modelfile can have."""
    for form in (text, f"{QUOTES}{text}{QUOTES}", f"{QUOTE}{text}{QUOTE}"):
        if text and value(form.split("\n")) == (text, form.count("\n") + 1):
            return form
    if not text:
        return QUOTE * 2
    raise ValueError
