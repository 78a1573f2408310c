"""Go's template language as tokens: texts, and actions between double braces.

https://pkg.go.dev/text/template describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ..errors import UnknownTemplateError

_SPACE: Final = " \t\r\n"
_COMMENT: Final = re.compile(r"\{\{(?P<left>- )?\s*/\*.*?\*/(?P<right>\s+-)?\}\}", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)
    | (?P<number>-?[0-9]+)
    | (?P<variable>\$[A-Za-z0-9_]*)
    | (?P<field>\.[A-Za-z_][A-Za-z0-9_]*)
    | (?P<dot>\.)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>:=|[=|,()])
    """,
    re.VERBOSE,
)

Kind = Literal["string", "number", "variable", "field", "dot", "word", "sign"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an action; ``joined`` to the one before where no space is between them."""

    kind: Kind
    text: str
    joined: bool = False


Action = tuple[Token, ...]


def cut(template: str) -> Iterator[str | Action]:
    """The texts and the actions of a template; UnknownTemplateError where it is broken."""
    at, trim = 0, False
    while True:
        start = template.find("{{", at)
        text = template[at:] if start < 0 else template[at:start]
        if trim:
            text = text.lstrip(_SPACE)
        if start < 0:
            if text:
                yield text
            return
        comment = _COMMENT.match(template, start)
        after = template[start + 2 : start + 4]
        trimmed = after[:1] == "-" and after[1:2] in tuple(_SPACE)
        if trimmed:
            text = text.rstrip(_SPACE)
        if text:
            yield text
        if comment:
            at, trim = comment.end(), bool(comment["right"])
            continue
        action, at, trim = _action(template, start + 2 + trimmed)
        yield action


def _action(template: str, at: int) -> tuple[Action, int, bool]:
    """The tokens up to the closing braces, where these end, and whether they trim."""
    found: list[Token] = []
    spaced = True
    while True:
        if template.startswith("}}", at):
            return tuple(found), at + 2, False
        if spaced and template.startswith("-}}", at):
            return tuple(found), at + 3, True
        match = _TOKEN.match(template, at)
        if match is None:
            line = template.count("\n", 0, at) + 1
            near = template[at : at + 12].partition("\n")[0]
            msg = f"its line {line} cannot be read at {near!r}"
            raise UnknownTemplateError(msg)
        at = match.end()
        kind = match.lastgroup
        if kind != "space":
            found.append(Token(kind, match.group(), not spaced))  # type: ignore[arg-type]  # a Kind
        spaced = kind == "space"
