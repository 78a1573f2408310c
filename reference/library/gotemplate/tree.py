"""Go's template language as a tree: the part of it that chat templates need."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..errors import UnknownTemplateError
from .tokens import Action, Token, cut


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true, false or nil."""

    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """Fields of a variable (``$`` is what the template was given), of the dot, or of a value."""

    base: str | Expression
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Literal | Path | Call


@dataclass(frozen=True, slots=True)
class Output:
    """A value, written out."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Assign:
    """A variable that gets a value: a new one, or another value."""

    variable: str
    value: Expression
    new: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """``break`` or ``continue``."""

    word: str


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``, ``with`` or ``range``; its body, and what is behind ``else``."""

    word: str
    value: Expression
    body: tuple[Node, ...]
    other: tuple[Node, ...] = ()
    variables: tuple[str, ...] = ()
    """Of a range: its element, or its index and its element."""


Node = str | Output | Assign | Leave | Branch

CONSTANTS: Final = {"true": True, "false": False, "nil": None}
OPENING: Final = ("if", "with", "range")


def parse(template: str) -> tuple[Node, ...]:
    """The tree of a template; UnknownTemplateError for what no chat template here needs."""
    reader = _Reader(list(cut(template)))
    nodes, ended = reader.body()
    if ended:
        raise _unknown(ended)
    return nodes


def _unknown(action: Sequence[Token]) -> UnknownTemplateError:
    text = "".join(("" if token.joined else " ") + token.text for token in action)
    return UnknownTemplateError(f"the action {{{{{text} }}}} is not known here")


@dataclass
class _Reader:
    pieces: list[str | Action]
    at: int = 0

    def body(self) -> tuple[tuple[Node, ...], Action]:
        """Nodes up to an ``end`` or ``else`` that belongs to none of them, and that action."""
        nodes: list[Node] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if isinstance(piece, str):
                nodes.append(piece)
                continue
            word = piece[0].text if piece and piece[0].kind == "word" else ""
            if word in ("end", "else"):
                return tuple(nodes), piece
            if word in OPENING:
                nodes.append(self._branch(word, piece[1:]))
            elif word in ("break", "continue") and len(piece) == 1:
                nodes.append(Leave(word))
            else:
                nodes.append(_action(piece))
        return tuple(nodes), ()

    def _branch(self, word: str, head: Action) -> Branch:
        variables: tuple[str, ...] = ()
        names = [token.text for token in head if token.kind == "variable"]
        signs = [token.text for token in head[:4]]
        if word == "range" and ":=" in signs:
            variables = tuple(names[: 2 if "," in signs else 1])
            head = head[signs.index(":=") + 1 :]
        value = _pipeline(head)
        body, ended = self.body()
        other: tuple[Node, ...] = ()
        if len(ended) > 1 and ended[0].text == "else" and ended[1].text == "if":
            other = (self._branch("if", ended[2:]),)
            return Branch(word, value, body, other, variables)
        if [token.text for token in ended] == ["else"]:
            other, ended = self.body()
        if [token.text for token in ended] != ["end"]:
            raise UnknownTemplateError(f"a {word} in it has no end")
        return Branch(word, value, body, other, variables)


def _action(action: Action) -> Node:
    if len(action) > 2 and action[0].kind == "variable" and action[1].text in (":=", "="):  # noqa: PLR2004 - name, sign, value
        return Assign(action[0].text, _pipeline(action[2:]), new=action[1].text == ":=")
    return Output(_pipeline(action))


def _pipeline(action: Action) -> Expression:
    tokens = _Tokens(action)
    found = tokens.pipeline()
    if not tokens.done:
        raise _unknown(action)
    return found


@dataclass
class _Tokens:
    action: Action
    at: int = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.action)

    @property
    def next(self) -> str:
        return "" if self.done else self.action[self.at].text

    def pipeline(self) -> Expression:
        """Commands, each of which gets what the one before has made as its last argument."""
        found = self._command(())
        while self.next == "|":
            self.at += 1
            found = self._command((found,))
        return found

    def _command(self, piped: tuple[Expression, ...]) -> Expression:
        if self.done:
            raise _unknown(self.action)
        first = self.action[self.at]
        if first.kind == "word" and first.text not in CONSTANTS:
            self.at += 1
            return Call(first.text, (*self._operands(), *piped))
        operands = tuple(self._operands())
        if len(operands) != 1 or piped:
            raise _unknown(self.action)
        return operands[0]

    def _operands(self) -> Iterator[Expression]:
        while not self.done and self.next not in ("|", ")"):
            yield self._operand()

    def _operand(self) -> Expression:
        token = self.action[self.at]
        self.at += 1
        match token.kind:
            case "string":
                return Literal(self._text(token.text))
            case "number":
                return Literal(int(token.text))
            case "word":
                constant = token.text in CONSTANTS
                return Literal(CONSTANTS[token.text]) if constant else Call(token.text, ())
            case "field":
                return Path(".", (token.text[1:], *self._fields()))
            case "variable" | "dot":
                return Path(token.text, self._fields())
        return self._bracketed(token)

    def _bracketed(self, opened: Token) -> Expression:
        inner = self.pipeline() if opened.text == "(" else None
        if inner is None or self.next != ")":
            raise _unknown(self.action)
        self.at += 1
        fields = self._fields()
        return Path(inner, fields) if fields else inner

    def _text(self, token: str) -> str:
        if token[0] == "`":
            return token[1:-1]
        try:
            return str(json.loads(token, strict=False))
        except ValueError as error:
            raise _unknown(self.action) from error

    def _fields(self) -> tuple[str, ...]:
        start = self.at
        while (
            not self.done and self.action[self.at].kind == "field" and self.action[self.at].joined
        ):
            self.at += 1
        return tuple(token.text[1:] for token in self.action[start : self.at])
