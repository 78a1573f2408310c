r"""A command laid out over several lines, so that it can still be copied.

Lines break after `` \`` between words. A JSON body that fits no line is broken where JSON
allows white space, which changes nothing for its reader.
"""

from __future__ import annotations

import json
import re
import shlex

from .printable import columns, printable

INDENT = "  "

# A shell word with its quotes as they stand.
_WORD = re.compile(r"""(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\[^\n])+""", re.DOTALL)
_CONTINUED = re.compile(r"\s*\\\n\s*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def command_lines(command: str, width: int) -> list[str]:
    """``command`` in lines of at most ``width`` columns, unless one word is longer.

    What is not a shell command comes back as one line.
    """
    plain = shown(_CONTINUED.sub(" ", command))
    if columns(plain) <= width or not _is_command(command):
        return [plain]
    lines: list[str] = []
    line = ""
    for group in _groups(_WORD.findall(command)):
        text = shown(group)
        joined = f"{line} {text}" if line else text
        if line and columns(joined) > width - 2:
            lines.append(f"{line} \\")
            joined = INDENT + text
        if columns(joined) > width - 2 and (body := _broken(group, width - 2 * len(INDENT))):
            lines.append(joined.removesuffix(text) + body[0])
            lines += [INDENT * 2 + part for part in body[1:-1]]
            joined = INDENT * 2 + body[-1]
        line = joined
    return [*lines, line]


def shown(word: str) -> str:
    """``word`` without anything that a terminal would obey; JSON stays equal JSON."""
    return printable("".join(char if char.isprintable() else _json_escape(char) for char in word))


def _is_command(text: str) -> bool:
    try:
        return bool(shlex.split(text))
    except ValueError:
        return False


def _json_escape(char: str) -> str:
    if char in "\n\r\t":
        return " "
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _groups(words: list[str]) -> list[str]:
    """Options together with their values: ``-H 'a: b'`` is not torn apart."""
    groups: list[str] = []
    for word in words:
        last = groups[-1] if groups else ""
        if last.startswith("-") and " " not in last and not word.startswith("-"):
            groups[-1] += f" {word}"
        else:
            groups.append(word)
    return groups


def _broken(group: str, width: int) -> list[str]:
    """An option with a quoted JSON body in two pieces or more; none if it is not one."""
    option, _, word = group.partition(" ")
    if not word.startswith(("'{", "'[")):
        return []
    try:
        (value,) = shlex.split(word)
        json.loads(value)
    except ValueError:
        return []
    pieces: list[str] = []
    piece = f"{option} '"
    for token in _tokens(value):
        quoted = shown(token.replace("'", "'\"'\"'"))
        if columns(piece) + columns(quoted) > width and not piece.endswith(" '"):
            pieces.append(piece.rstrip())
            piece = ""
        piece += quoted if piece else quoted.lstrip()
    pieces.append(f"{piece}'")
    return pieces if len(pieces) > 1 else []


def _tokens(value: str) -> list[str]:
    """JSON text cut behind each comma and opening bracket that is not in a string."""
    inside = {
        index for match in _STRING.finditer(value) for index in range(match.start(), match.end())
    }
    tokens: list[str] = []
    start = 0
    for index, char in enumerate(value, 1):
        if char in ",{[" and index - 1 not in inside:
            tokens.append(value[start:index])
            start = index
    return [*tokens, value[start:]]
