"""Tools: what is offered, the grammar that keeps calls well-formed, and reading them back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...backends import Constraint
from ..errors import ApiError
from ..validation import no_schema
from ..wanted import SPACES, schema_of
from .calls import ID, Call, CallForm, read

GUIDANCE = {"lenient": True, "whitespace_pattern": SPACES}
"""Keywords of JSON Schema that cannot be enforced token by token are left to the caller."""


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The functions on offer, and what may and has to be done with them."""

    functions: tuple[dict[str, Any], ...]
    forced: bool = False
    """Whether one has to be called."""
    single: bool = False
    """Whether no more than one may be called."""
    allowed: frozenset[str] | None = None
    """The names of those that may be called; None: all."""

    def constraint(self, written: CallForm, form: Constraint | None = None) -> Constraint:
        """Text without a call, or calls that fit the functions' parameters.

        ``form`` is what the text has to be where no call is made.
        """
        callable_ = [
            function
            for function in self.functions
            if self.allowed is None or function["name"] in self.allowed
        ]
        grammar = Grammar(written, single=self.single)
        grammar.calls(callable_)
        grammar.start(form, forced=self.forced)
        return Constraint("grammar", "\n".join(grammar.rules), special=written.control)


def toolbox(
    tools: Sequence[dict[str, Any]], choice: Any = "auto", *, parallel: bool = True
) -> Toolbox | None:
    """The functions among the tools; ApiError (400) where a schema or a choice is wrong."""
    functions = []
    for index, tool in enumerate(tools):
        function = tool.get("function")
        if function is not None:
            functions.append(_checked(function, f"tools[{index}].function.parameters"))
    if choice == "none" or not functions:
        return None
    box = Toolbox(tuple(functions), forced=choice == "required", single=not parallel)
    match choice:
        case {"type": "function", "function": {"name": name}}:
            _known([name], functions, "tool_choice.function.name")
            named = (function for function in functions if function["name"] == name)
            return replace(box, functions=tuple(named), forced=True)
        case {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": some}}:
            names = _allowed(some)
            _known(names, functions, "tool_choice.allowed_tools.tools")
            return replace(box, forced=mode == "required", allowed=frozenset(names))
    return box


def _allowed(some: Sequence[dict[str, Any]]) -> list[str]:
    """The functions that ``allowed_tools`` names."""
    param, names = "tool_choice.allowed_tools.tools", []
    for index, one in enumerate(some):
        match one:
            case {"type": "function", "function": {"name": str(name)}}:
                names.append(name)
            case _:
                right = '{"type": "function", "function": {"name": …}}'
                msg = f"'{param}[{index}]' must be {right}."
                raise ApiError(400, msg, param=f"{param}[{index}]", code="invalid_value")
    if not names:
        msg = f"{param!r} names no function, so none could be called: use 'none' for that."
        raise ApiError(400, msg, param=param, code="invalid_value")
    return names


def older(functions: Sequence[dict[str, Any]], choice: Any = "auto") -> Toolbox | None:
    """The toolbox of the deprecated ``functions`` and ``function_call``: one call at most."""
    for index, function in enumerate(functions):
        _checked(function, f"functions[{index}].parameters")
    if isinstance(choice, dict):
        _known([choice["name"]], functions, "function_call.name")
        choice = {"type": "function", "function": choice}
    tools = [{"type": "function", "function": function} for function in functions]
    return toolbox(tools, choice, parallel=False)


def _checked(function: dict[str, Any], param: str) -> dict[str, Any]:
    wrong = no_schema(function.get("parameters") or {})
    if wrong:
        msg = f"{param!r} is not a JSON Schema: {wrong}."
        raise ApiError(400, msg, param=param, code="invalid_schema")
    return function


def _known(names: Sequence[str], functions: Sequence[dict[str, Any]], param: str) -> None:
    there = {function["name"] for function in functions}
    for name in names:
        if name not in there:
            what = param.partition(".")[0]
            msg = f"{what!r} names {name!r}, which is none of the functions on offer."
            raise ApiError(400, msg, param=param, code="invalid_value")


class Grammar:
    """Rules in llguidance's Lark for answers with calls; ``special_0`` … are control tokens."""

    def __init__(self, form: CallForm, *, single: bool) -> None:
        self._form = form
        self._single = single or form.next is None
        self.rules: list[str] = []

    def calls(self, functions: Sequence[dict[str, Any]]) -> None:
        """The rule ``calls``: behind the mark, one call or several."""
        form = self._form
        rest = self._literal(form.open[len(form.mark) :])
        more = "" if self._single else f" ({self._literal(form.next or '')} call)*"
        self.rules.append(f"calls: {rest} call{more} {self._literal(form.close)}")
        names = [f"call_{index}" for index in range(len(functions))]
        self.rules.append(f"call: {' | '.join(names)}")
        for name, function in zip(names, functions, strict=True):
            schema = {"type": "object", **(function.get("parameters") or {})}
            json_text = json.dumps(schema | {"x-guidance": GUIDANCE})
            literal = self._literal(function["name"] + form.between)
            self.rules.append(f"{name}: {literal} {name}_arguments")
            self.rules.append(f"{name}_arguments: %json {json_text}")

    def start(self, form: Constraint | None, *, forced: bool) -> None:
        """The rule ``start``: calls, and unless they are forced text, perhaps of a form."""
        mark = self._form.mark
        opened = f"{self._literal(mark)} calls"
        if forced:
            self.rules.append(f"start: {opened}")
            return
        if form is not None:
            self.rules += [
                f"start: plain | {opened}",
                f"plain: %json {json.dumps(schema_of(form))}",
            ]
            return
        self.rules += ["plain: PLAIN?", self._plain(mark or self._form.open)]
        if not mark:
            self.rules.append(f"start: plain | {opened}")
        elif mark in self._form.control:
            self.rules += [f"start: plain | TEXT? {opened}", r"TEXT: /(?s:.+)/"]
        else:
            talk = f"talk[suffix={json.dumps(mark)}]: /(?s:.*)/"
            self.rules += ["start: plain | talk calls", talk]

    def _plain(self, mark: str) -> str:
        """Text that does not begin a call: nowhere, or if calls have no mark, not at its start."""
        before = "(?s:.*)" if self._form.mark else ""
        return f"PLAIN: /(?s:.+)/ & ~/{before}{_escaped(mark)}(?s:.*)/"

    def _literal(self, text: str) -> str:
        """A text with control tokens and ids in it, as a sequence of the grammar."""
        control = sorted(self._form.control, key=len, reverse=True)
        cut = re.compile("(" + "|".join(map(re.escape, (*control, ID))) + ")")
        parts = []
        for part in cut.split(text):
            if part in control:
                parts.append(f"special_{self._form.control.index(part)}")
            elif part == ID:
                parts.append("/[a-zA-Z0-9]{9}/")
            elif part:
                parts.append(json.dumps(part, ensure_ascii=False))
        return " ".join(parts)


def _escaped(text: str) -> str:
    """A text as a regular expression between slashes."""
    return re.escape(text).replace("/", r"\/").replace("\\\n", r"\n").replace(r"\ ", " ")


class Reader:
    """Separates text from calls as they come; nothing of a call ever becomes text."""

    def __init__(self, form: CallForm) -> None:
        self._form = form
        self._held = ""
        self._inside = False
        self._called = False
        self._talked = False

    def feed(self, text: str) -> Iterator[str | Call]:
        """Text and calls that are complete; what may be the beginning of a call is held back."""
        self._held += text
        while True:
            if self._inside:
                found = read(self._held, self._form)
                if found is None:
                    return
                call, self._held, self._inside = found
                yield call
                continue
            before, opened, after = self._held.partition(self._form.open)
            if not opened or (not self._form.mark and (before or self._talked)):
                break
            self._held, self._inside, self._called = after, True, True
            if before.strip():
                yield before.rstrip()
        yield from self._free()

    def end(self) -> Iterator[str | Call]:
        """What was held back; half a call is dropped, unless it is whole as other JSON."""
        if self._inside:
            found = read(self._held, self._form, final=True)
            if found is not None:
                call, self._held, self._inside = found
                yield call
        held, self._held, mark = self._held, "", self._form.mark
        if self._inside or (mark and held.startswith(mark)):
            whole = self._form.open + held
            if not mark and _is_json(whole):
                yield whole
        elif held and (held.strip() or not self._called):
            yield held

    def _free(self) -> Iterator[str]:
        ready = self._held[: len(self._held) - self._pending()].rstrip()
        if ready:
            self._talked = True
            self._held = self._held[len(ready) :]
            yield ready

    def _pending(self) -> int:
        """How many characters at the end may begin a call."""
        held, mark, opened = self._held, self._form.mark, self._form.open
        if not mark:
            return len(held) if not self._talked and opened.startswith(held) else 0
        if mark in held:
            return len(held) - held.index(mark)
        return next((n for n in range(len(mark) - 1, 0, -1) if held.endswith(mark[:n])), 0)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
