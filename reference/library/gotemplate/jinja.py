"""From a tree of Go's template language to a Jinja chat template that renders the same.

What Ollama gives its templates is made at the beginning, of what chat templates are given here:
messages of the same role that follow each other are one, and all system messages together are
``.System``. A template with ``.Messages`` is rendered once; an older one for every turn, and the
last time up to where the answer begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..errors import UnknownTemplateError
from .tree import Assign, Branch, Call, Expression, Leave, Literal, Node, Output, Path

_START: Final = """
{% macro show(value) %}
{% if value is mapping or (value is defined and value is sequence and value is not string) %}
{{ value | tojson(separators=(',', ':')) }}
{% elif value is boolean %}{{ 'true' if value else 'false' }}
{% elif value is not none %}{{ value }}
{% endif %}
{% endmacro %}
{% set go = namespace(messages=[], systems=[], system='', prompt='', response='') %}
{% for message in messages %}
{% if message.role == 'system' %}{% set go.systems = go.systems + [message.content] %}{% endif %}
{% set last = go.messages[-1] if go.messages else none %}
{% if last and last.role == message.role and message.role != 'tool' %}
{% set merged = dict(last, content=last.content ~ '\\n\\n' ~ message.content) %}
{% set go.messages = go.messages[:-1] + [merged] %}
{% else %}{% set go.messages = go.messages + [message] %}
{% endif %}
{% endfor %}
"""
_ONCE: Final = "{% set go.system = go.systems | join('\\n\\n') %}"
_FORGET: Final = "{% set go.system = '' %}{% set go.prompt = '' %}{% set go.response = '' %}"
_TURNS: Final = f"""
{{% for message in go.messages %}}
{{% if message.role == 'system' %}}
{{% if go.prompt or go.response %}}{{{{ turn() }}}}{_FORGET}{{% endif %}}
{{% set go.system = message.content %}}
{{% elif message.role == 'user' %}}
{{% if go.response %}}{{{{ turn() }}}}{_FORGET}{{% endif %}}
{{% set go.prompt = message.content %}}
{{% elif message.role == 'assistant' %}}{{% set go.response = message.content %}}
{{% endif %}}
{{% endfor %}}
{{{{ begun() }}}}
"""

_ROOT: Final = {
    "System": "go.system",
    "Messages": "go.messages",
    "Prompt": "go.prompt",
    "Response": "go.response",
    "Suffix": "''",
    "Tools": "(tools or [])",
    "Think": "(enable_thinking is defined and enable_thinking)",
    "ThinkLevel": "(reasoning_effort or '')",
    "IsThinkSet": "(enable_thinking is defined)",
}
"""What a template is given, under Ollama's names."""
_FIELDS: Final = {
    "Role": "role",
    "Content": "content",
    "Thinking": "reasoning_content",
    "ToolCalls": "tool_calls",
    "ToolName": "name",
    "ToolCallID": "tool_call_id",
    "ID": "id",
    "Type": "type",
    "Function": "function",
    "Name": "name",
    "Description": "description",
    "Parameters": "parameters",
    "Arguments": "arguments",
}
"""The parts of messages, calls and tools."""
_SIGNS: Final = {"ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def jinja(nodes: Sequence[Node]) -> str:
    """The Jinja template of a tree; UnknownTemplateError where it has none."""
    names = set(_named(nodes))
    start = _one_line(_START)
    if "Messages" in names:
        return start + _ONCE + "".join(_Scope().block(nodes))
    if "Response" not in names:
        nodes = [*nodes, Output(Path(".", ("Response",)))]
    turn = "".join(_Scope().block(nodes))
    begun = "".join(_Scope().block(_cut(nodes)[0]))
    macros = (
        f"{{% macro turn() %}}{turn}{{% endmacro %}}{{% macro begun() %}}{begun}{{% endmacro %}}"
    )
    return start + macros + _one_line(_TURNS)


def _one_line(text: str) -> str:
    return text.replace("\n", "")


def _named(nodes: Sequence[Node]) -> Iterator[str]:
    """Every field that a tree names."""
    for node in nodes:
        if isinstance(node, Output | Assign | Branch):
            yield from _fields(node.value)
        if isinstance(node, Branch):
            yield from _named((*node.body, *node.other))


def _fields(value: Expression) -> Iterator[str]:
    if isinstance(value, Path):
        yield from value.fields
        if not isinstance(value.base, str):
            yield from _fields(value.base)
    elif isinstance(value, Call):
        for argument in value.arguments:
            yield from _fields(argument)


def _cut(nodes: Sequence[Node]) -> tuple[list[Node], bool]:
    """A tree up to the first place where it writes the response, and whether there is one."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Output) and "Response" in _fields(node.value):
            return [*kept, node], True
        if isinstance(node, Branch):
            body, found = _cut(node.body)
            other, found = ([], True) if found else _cut(node.other)
            kept.append(Branch(node.word, node.value, tuple(body), tuple(other), node.variables))
            if found:
                return kept, True
        else:
            kept.append(node)
    return kept, False


@dataclass
class _Count:
    """Numbers for names, none twice in a template."""

    last: int = 0

    def name(self) -> str:
        self.last += 1
        return f"go{self.last}"


@dataclass
class _Scope:
    """What the dot and the variables are at some place of a template."""

    dot: str | None = None
    """None where the dot is what the template was given."""
    variables: Mapping[str, str] = field(default_factory=dict)
    count: _Count = field(default_factory=_Count)

    def block(self, nodes: Sequence[Node]) -> Iterator[str]:
        """The Jinja of nodes, with the variables that they declare."""
        inner = _Scope(self.dot, dict(self.variables), self.count)
        for node in nodes:
            yield from inner.node(node)

    def node(self, node: Node) -> Iterator[str]:
        match node:
            case str():
                yield f"{{{{ {node!r} }}}}"
            case Output(value):
                yield f"{{{{ show({self.value(value)}) }}}}"
            case Leave(word):
                yield f"{{% {word} %}}"
            case Assign(variable, value, new):
                found = self.value(value)
                if new:
                    yield self.declare(variable, found)
                else:
                    yield f"{{% set {self._variable(variable)} = {found} %}}"
            case Branch("range"):
                yield from self._range(node)
            case Branch():
                yield from self._branch(node)

    def declare(self, variable: str, value: str) -> str:
        """A new variable: an attribute, which later assignments reach from within loops."""
        name = self.count.name()
        self.variables = {**self.variables, variable: f"{name}.value"}
        return f"{{% set {name} = namespace(value={value}) %}}"

    def _branch(self, node: Branch) -> Iterator[str]:
        inner, tested = self, self.value(node.value)
        if node.word == "with":
            name = self.count.name()
            yield f"{{% set {name} = {tested} %}}"
            inner, tested = _Scope(name, self.variables, self.count), name
        yield f"{{% if {tested} %}}"
        yield from inner.block(node.body)
        if node.other:
            yield "{% else %}"
            yield from self.block(node.other)
        yield "{% endif %}"

    def _range(self, node: Branch) -> Iterator[str]:
        """A loop; Jinja's own ``else`` of one would come after ``continue``, too."""
        name, values = self.count.name(), self.value(node.value)
        if node.other:
            yield f"{{% if {values} %}}"
        yield f"{{% for {name} in {values} %}}"
        inner = _Scope(name, dict(self.variables), self.count)
        for variable, value in zip(node.variables[::-1], (name, "loop.index0"), strict=False):
            yield inner.declare(variable, value)
        yield from inner.block(node.body)
        yield "{% endfor %}"
        if node.other:
            yield "{% else %}"
            yield from self.block(node.other)
            yield "{% endif %}"

    def value(self, value: Expression) -> str:
        """An expression."""
        match value:
            case Literal(constant):
                return repr(constant)
            case Path(base, fields):
                return self._path(base, fields)
            case Call(function, arguments):
                return self._call(function, [self.value(one) for one in arguments])

    def _path(self, base: str | Expression, fields: Sequence[str]) -> str:
        if base == "$" or (base == "." and self.dot is None):
            if not fields or fields[0] not in _ROOT:
                what = f".{fields[0]}" if fields else "what it was given as a whole"
                raise UnknownTemplateError(f"it asks for {what}, which is not known here")
            found, fields = _ROOT[fields[0]], fields[1:]
        elif base == ".":
            found = str(self.dot)
        else:
            found = self._variable(base) if isinstance(base, str) else f"({self.value(base)})"
        for name in fields:
            if name not in _FIELDS:
                raise UnknownTemplateError(f"it asks for .{name}, which is not known here")
            found += f"[{_FIELDS[name]!r}]"
        return found

    def _variable(self, name: str) -> str:
        if name not in self.variables:
            raise UnknownTemplateError(f"its variable {name} has no value")
        return self.variables[name]

    def _call(self, function: str, given: list[str]) -> str:
        found = ""
        match function, given:
            case (("and" | "or"), [_, *_]):
                found = f" {function} ".join(given)
            case "not", [one]:
                found = f"not {one}"
            case "eq", [one, other, *others]:
                found = " or ".join(f"{one} == {another}" for another in (other, *others))
            case (("ne" | "lt" | "le" | "gt" | "ge"), [one, other]):
                found = f"{one} {_SIGNS[function]} {other}"
            case "len", [one]:
                found = f"{one} | length"
            case "index", [one, *keys]:
                found = one + "".join(f"[{key}]" for key in keys)
            case "slice", [one, start, *end] if len(end) <= 1:
                found = f"{one}[{start}:{''.join(end)}]"
            case "json", [one]:
                found = f"{one} | tojson(separators=(',', ':'))"
        if not found:
            raise UnknownTemplateError(f"its function {function} is not known here")
        return f"({found})"
