"""Tools: what is offered, the grammar that keeps calls well-formed, and reading them back.

Calls are written as ``<tool_call>{"name": …, "arguments": …}</tool_call>``, the way of the
Hermes and Qwen families and of the embedded models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from ...backends import Constraint
from ..errors import ApiError

OPEN, CLOSE = "<tool_call>", "</tool_call>"

SPACES = r"[ \n]{0,8}"
GUIDANCE = {"lenient": True, "whitespace_pattern": SPACES}
"""Keywords of JSON Schema that cannot be enforced token by token are left to the caller."""

GRAMMAR = r"""
talk[suffix="{open}"]: /(?s:.*)/
calls: {calls}
call: SPACE? one SPACE? "{close}"
one: %json {schema}
SPACE: /[ \n]+/
"""
SEVERAL = f'call (SPACE? "{OPEN}" call)* SPACE?'
SINGLE = "call"
PLAIN = r"""
start: plain | talk calls
plain: PLAIN?
PLAIN: /(?s:.+)/ & ~/(?s:.*){open}(?s:.*)/
"""
FORMED = r"""
start: plain | "{open}" calls
plain: %json {form}
"""
FORCED = r"""
start: "{open}" calls
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``arguments`` is JSON text."""

    name: str
    arguments: str


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

    def constraint(self, form: Constraint | None) -> Constraint:
        """Text without a call, or calls that fit the functions' parameters.

        ``form`` is what the text has to be where no call is made.
        """
        start = FORCED if self.forced else PLAIN if form is None else FORMED
        options = [
            _call_schema(function)
            for function in self.functions
            if self.allowed is None or function["name"] in self.allowed
        ]
        grammar = (start + GRAMMAR).format(
            calls=SINGLE if self.single else SEVERAL,
            open=OPEN,
            close=CLOSE,
            schema=json.dumps({"anyOf": options, "x-guidance": GUIDANCE}),
            form=json.dumps(_schema(form)) if form else "",
        )
        return Constraint("grammar", grammar)


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
            names = [one["function"]["name"] for one in some if one.get("type") == "function"]
            if not names:
                param = "tool_choice.allowed_tools.tools"
                msg = f"{param!r} names no function, so none could be called: use 'none' for that."
                raise ApiError(400, msg, param=param, code="invalid_value")
            _known(names, functions, "tool_choice.allowed_tools.tools")
            return replace(box, forced=mode == "required", allowed=frozenset(names))
    return box


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
    try:
        Draft202012Validator.check_schema(function.get("parameters") or {})
    except SchemaError as error:
        msg = f"{param!r} is not a JSON Schema: {error.message[:200]}."
        raise ApiError(400, msg, param=param, code="invalid_schema") from error
    return function


def _known(names: Sequence[str], functions: Sequence[dict[str, Any]], param: str) -> None:
    there = {function["name"] for function in functions}
    for name in names:
        if name not in there:
            what = param.partition(".")[0]
            msg = f"{what!r} names {name!r}, which is none of the functions on offer."
            raise ApiError(400, msg, param=param, code="invalid_value")


def _schema(form: Constraint) -> Any:
    schema = {"type": "object"} if form.kind == "json_object" else dict(form.value)
    return {**schema, "x-guidance": {"whitespace_pattern": SPACES}}


def _call_schema(function: dict[str, Any]) -> dict[str, Any]:
    parameters = {"type": "object", **(function.get("parameters") or {})}
    return {
        "type": "object",
        "properties": {"name": {"const": function["name"]}, "arguments": parameters},
        "required": ["name", "arguments"],
        "additionalProperties": False,
    }


class Reader:
    """Separates text from calls as they come; nothing of a call ever becomes text."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._spoken = False

    def feed(self, text: str) -> Iterator[str | Call]:
        """Text and calls that are complete; what may be the beginning of a call is held back."""
        self._held += text
        while True:
            if self._inside:
                found = _read(self._held)
                if found is None:
                    return
                call, self._held = found
                yield call
            else:
                before, mark, after = self._held.partition(OPEN)
                if not mark:
                    break
                self._held = after
                if before.strip():
                    yield before.rstrip()
            self._inside = not self._inside
            self._spoken = True
        yield from self._free()

    def end(self) -> Iterator[str]:
        """Text that was held back; half a call is dropped."""
        if not self._inside and self._held:
            held, self._held = self._held, ""
            if held.strip() or not self._spoken:
                yield held

    def _free(self) -> Iterator[str]:
        keep = next((n for n in range(len(OPEN) - 1, 0, -1) if self._held.endswith(OPEN[:n])), 0)
        ready = self._held[: len(self._held) - keep].rstrip()
        if ready:
            self._held = self._held[len(ready) :]
            yield ready


def _read(text: str) -> tuple[Call, str] | None:
    """A call at the beginning of a text, and what comes behind it; None while it is not complete.

    The mark that closes it may stand in one of its strings too: it ends where its JSON does.
    """
    end = text.find(CLOSE)
    while end >= 0:
        try:
            call = json.loads(text[:end])
            arguments = json.dumps(call.get("arguments", {}), ensure_ascii=False)
            return Call(call["name"], arguments), text[end + len(CLOSE) :]
        except (ValueError, TypeError, KeyError, AttributeError):
            end = text.find(CLOSE, end + 1)
    return None
