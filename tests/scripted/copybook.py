"""Where the values of tool arguments and of JSON answers come from: the user's words, or chance."""

from __future__ import annotations

import re
import string
from re import _constants as op  # type: ignore[attr-defined, unused-ignore]  # from 3.12 on
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]  # from 3.12 on
from typing import TYPE_CHECKING, Any

from .vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|'([^']+)'(?!\w)|`([^`]+)`")
_NAME = re.compile(r"[^\W\d_a-z][\w'-]*(?: [^\W\d_a-z][\w'-]*)*")
_SENTENCE = re.compile(r"^\W*|[.!?:]\s+")
_PAIR = re.compile(r"\b(?:in|for|of|at) (\w+) and (?:in |for |of |at )?(\w+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SHAPES = {
    "date": "2024-09-25",
    "date-time": "2024-09-25T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "word@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/word",
    "uuid": "6fa459ea-ee8a-4ca4-894e-db77e160355e",
}


def copyable(text: str) -> list[str]:
    """What a message offers to copy: quoted strings, else names, else its last word.

    Without names “in this and that” gives both. The first word of a sentence is no name,
    unless “and” follows.
    """
    if quoted := ["".join(groups) for groups in _QUOTED.findall(text)]:
        return quoted
    starts = {found.end() for found in _SENTENCE.finditer(text)}
    names = [
        found[0]
        for found in _NAME.finditer(text)
        if found[0] != "I"
        and (found.start() not in starts or text.startswith(" and ", found.end()))
    ]
    pair = _PAIR.search(text)
    return names or (list(pair.groups()) if pair else re.findall(r"[^\W_]{3,}", text)[-1:])


class Copybook:
    """Hands out ``strings`` and the numbers of ``text`` in their order, then what chance gives."""

    def __init__(self, rng: Random, text: str = "", strings: Sequence[str] = ()) -> None:
        self._strings = list(strings)
        self._numbers = [float(found) for found in _NUMBER.findall(text)]
        self._text = text.lower()
        self.rng = rng

    def pick(self, values: list[Any]) -> Any:
        """One of some values: the one that the text names, or by chance."""
        named = [
            value
            for value in values
            if isinstance(value, str) and value and value.lower() in self._text
        ]
        return named[0] if named else self.rng.choice(values)

    def number(self, low: float, high: float) -> float:
        """A number of a range, a whole one if the range holds one."""
        fitting = next((number for number in self._numbers if low <= number <= high), None)
        if fitting is not None:
            self._numbers.remove(fitting)
            return fitting
        bottom, top = -(-low // 1), high // 1
        return float(self.rng.randint(int(bottom), int(top))) if bottom <= top else (low + high) / 2

    def string(self, shape: str | None, pattern: str | None, shortest: int, longest: int) -> str:
        """A string of a format, a pattern and a length."""
        if shape in _SHAPES:
            return _SHAPES[shape]
        if pattern is not None:
            fitting = next((one for one in self._strings if re.search(pattern, one)), None)
            return fitting if fitting is not None else _matching(parser.parse(pattern), self.rng)
        text = self._strings.pop(0) if self._strings else self.rng.choice(WORDS)
        while len(text) < shortest:
            text += f" {self.rng.choice(WORDS)}"
        return text[:longest]


def _matching(pattern: Iterable[tuple[Any, Any]], rng: Random) -> str:
    """A string that a simple regular expression matches from its beginning to its end."""
    text = ""
    for kind, given in pattern:
        if kind is op.LITERAL:
            text += chr(given)
        elif kind is op.IN:
            text += rng.choice(_members(given))
        elif kind is op.ANY or kind is op.NOT_LITERAL:
            text += rng.choice("abcxyz")
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, inner = given
            text += "".join(
                _matching(inner, rng) for _ in range(rng.randint(least, min(int(most), least + 3)))
            )
        elif kind is op.SUBPATTERN:
            text += _matching(given[-1], rng)
        elif kind is op.BRANCH:
            text += _matching(rng.choice(given[1]), rng)
    return text


def _members(group: list[tuple[Any, Any]]) -> str:
    """The printable characters of a character class."""
    classes = {
        op.CATEGORY_DIGIT: string.digits,
        op.CATEGORY_SPACE: " ",
        op.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
    }
    found = ""
    for kind, given in group:
        if kind is op.LITERAL:
            found += chr(given)
        elif kind is op.RANGE:
            found += "".join(map(chr, range(given[0], min(given[1], given[0] + 256) + 1)))
        elif kind is op.CATEGORY:
            found += classes.get(given, "x")
    if group[0][0] is op.NEGATE:
        found = "".join(one for one in string.ascii_letters + string.digits if one not in found)
    return found
