"""A curl line laid out over several lines, so that it can still be copied.

Lines break after `` \\`` between words. A JSON body that fits no line is broken where JSON
allows white space, which changes nothing for its reader.
"""

from __future__ import annotations

import json
import re
import shlex

from .printable import columns, printable

INDENT = "  "

# A shell word with its quotes, or a line that is continued.
_WORD = re.compile(r"""(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\[^\n])+""", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def command_lines(command: str, width: int) -> list[str]:
    """``command`` in lines of at most ``width`` columns, unless one word is longer."""
    words = _WORD.findall(command)
    plain = shown(command.replace("\\\n", " "))
    if columns(plain) <= width or not words:
        return [plain]
    lines: list[str] = []
    line = ""
    for group in _groups(words):
        text = shown(group)
        joined = f"{line} {text}" if line else text
        if line and columns(joined) > width - 2:
            lines.append(f"{line} \\")
            joined = INDENT + text
        if columns(joined) > width - 2 and (body := _broken(group, width - 2 - len(INDENT))):
            joined = joined.removesuffix(text) + body[0]
            for part in body[1:]:
                lines.append(joined)
                joined = INDENT * 2 + part
        line = joined
    lines.append(line)
    return lines


def shown(word: str) -> str:
    """``word`` without anything that a terminal would obey; JSON stays equal JSON."""
    return printable("".join(char if char.isprintable() else _json_escape(char) for char in word))


def _json_escape(char: str) -> str:
    if char in "\n\r\t":
        return " "
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _groups(words: list[str]) -> list[str]:
    """Options together with their values: ``-H 'a: b'`` is not torn apart."""
    groups: list[str] = []
    for word in words:
        if groups and _takes_value(groups[-1]) and not word.startswith("-"):
            groups[-1] += f" {word}"
        else:
            groups.append(word)
    return groups


def _takes_value(group: str) -> bool:
    return group.startswith("-") and " " not in group


def _broken(group: str, width: int) -> list[str]:
    """The pieces of an option with a quoted JSON body; none if it is not one."""
    option, _, word = group.rpartition(" ") if "'" not in group else group.partition(" ")
    if not word.startswith(("'{", "'[")):
        return []
    try:
        (value,) = shlex.split(word)
        json.loads(value)
    except ValueError:
        return []
    pieces: list[str] = []
    piece = f"{option} '" if option else "'"
    for token in _tokens(value):
        quoted = shown(token.replace("'", "'\"'\"'"))
        if columns(piece) + columns(quoted) > width and not piece.endswith("'"):
            pieces.append(piece)
            piece = ""
        piece += quoted
    return [*pieces, f"{piece}'"]


def _tokens(value: str) -> list[str]:
    """JSON text cut after each comma, colon and opening bracket that is not in a string."""
    tokens: list[str] = []
    start = 0
    strings = [match.span() for match in _STRING.finditer(value)]
    inside = {index for begin, end in strings for index in range(begin, end)}
    for index, char in enumerate(value):
        if char in ",{[" and index not in inside:
            tokens.append(value[start : index + 1])
            start = index + 1
    return [*tokens, value[start:]]
