"""How the fields of a request have to fit together, and what of the contract is not here.

A profile says which fields are honoured; those that no server of this kind can honour are
refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Endpoint, OnUse, load_requirements
from .errors import ApiError
from .matrix import Matrix
from .strict import mistakes
from .validation import no_schema

Fields = Mapping[str, Any]
Mistake = tuple[str, str]
"""The path of what is wrong, and a sentence that says what would be right."""

COMBINATION: Final = "error-combination"
"""The requirement that fields have to fit together."""

_PARTS = {
    "input_audio": "No model here hears. Send the words as a text part.",
    "file": "Files are not read here. Send what the file says as a text part.",
}


def check(matrix: Matrix, endpoint: Endpoint, fields: Fields) -> None:
    """Raise the ApiError (400) of the first mistake, if there is any.

    What a profile ignores is no mistake, and what fits together is OpenAI's sentence: only
    servers that promise it refuse the rest.
    """
    rules = _ALWAYS.get(endpoint, ())
    if COMBINATION in load_requirements(matrix.profile):
        rules = (*rules, *_FITTING.get(endpoint, ()))
    for rule in rules:
        if rule is _custom and matrix.on_use(endpoint, "tools.custom") is OnUse.IGNORE:
            continue
        for param, message in rule(fields):
            raise ApiError(400, message, param=param, code="invalid_value")


def _needs(name: str, other: str, *, right: str) -> Callable[[Fields], Iterator[Mistake]]:
    """A rule: a field makes sense beside another one only."""

    def rule(fields: Fields) -> Iterator[Mistake]:
        if name in fields and not fields.get(other):
            yield name, f"{name!r} is only allowed together with {other!r}: {right}."

    return rule


def _apart(name: str, other: str, *, right: str) -> Callable[[Fields], Iterator[Mistake]]:
    """A rule: two fields exclude each other."""

    def rule(fields: Fields) -> Iterator[Mistake]:
        if fields.get(name) and fields.get(other):
            yield name, f"{name!r} and {other!r} exclude each other: {right}."

    return rule


def _absent(name: str, why: str) -> Callable[[Fields], Iterator[Mistake]]:
    """A rule: a field asks for what no model here has."""

    def rule(fields: Fields) -> Iterator[Mistake]:
        if name in fields:
            yield name, f"{name!r} is not supported here: {why}."

    return rule


def _sound(fields: Fields) -> Iterator[Mistake]:
    for index, kind in enumerate(fields.get("modalities") or ()):
        if kind != "text":
            msg = "Answers here are text. Leave 'modalities' out, or send [\"text\"]."
            yield f"modalities[{index}]", msg


def _parts(fields: Fields) -> Iterator[Mistake]:
    for index, message in enumerate(fields["messages"]):
        content = message.get("content")
        for place, part in enumerate(content if isinstance(content, list) else ()):
            if part["type"] in _PARTS:
                yield f"messages[{index}].content[{place}].type", _PARTS[part["type"]]


def _custom(fields: Fields) -> Iterator[Mistake]:
    right = "Send a function with one parameter of type string instead."
    for index, tool in enumerate(fields.get("tools") or ()):
        if tool["type"] == "custom":
            yield f"tools[{index}].type", f"Custom tools are not supported here. {right}"
    choice = fields.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] == "custom":
        yield "tool_choice.type", f"Custom tools are not supported here. {right}"


def _best_of(fields: Fields) -> Iterator[Mistake]:
    best, choices = fields.get("best_of", 1), fields.get("n", 1)
    if "best_of" in fields and best < choices:
        yield "best_of", f"'best_of' is {best}; it must be at least 'n', which is {choices}."
    elif best > 1 and fields.get("stream"):
        msg = "'best_of' compares whole texts, so its answer cannot be streamed: leave one out."
        yield "best_of", msg


def _strict(fields: Fields) -> Iterator[Mistake]:
    form = (fields.get("response_format") or {}).get("json_schema") or {}
    asked = [("response_format.json_schema.schema", form.get("strict"), form.get("schema"))]
    for index, tool in enumerate(fields.get("tools") or ()):
        function = tool.get("function") or {}
        param = f"tools[{index}].function.parameters"
        asked.append((param, function.get("strict"), function.get("parameters")))
    for param, strict, schema in asked:
        if strict and schema is not None:
            wrong = no_schema(schema)
            if wrong:
                yield param, f"{param!r} is not a JSON Schema: {wrong}."
                return
            for place, why in mistakes(schema):
                where = f" at {place!r}" if place else ""
                yield param, f"{param!r} is not strict{where}: {why}."


Rule = Callable[[Fields], Iterator[Mistake]]
_ALWAYS: Mapping[str, tuple[Rule, ...]] = {
    "chat": (
        _apart("functions", "tools", right="'functions' is the older form; send 'tools' only"),
        _custom,
        _parts,
        _sound,
        _absent("audio", "answers are text"),
        _absent("moderation", "there is no moderation service"),
        _absent("web_search_options", "nothing is fetched from the network"),
    ),
    "completions": (
        _best_of,
        _apart("echo", "suffix", right="a gap has no beginning to repeat"),
    ),
}
"""What cannot be answered."""
_STREAM = _needs("stream_options", "stream", right="set 'stream' to true, or leave it out")
_FITTING: Mapping[str, tuple[Rule, ...]] = {
    "chat": (
        _STREAM,
        _needs("top_logprobs", "logprobs", right="set 'logprobs' to true"),
        _needs("tool_choice", "tools", right="send the tools to choose from"),
        _needs("parallel_tool_calls", "tools", right="send the tools that it is about"),
        _needs("function_call", "functions", right="send the functions to choose from"),
        _strict,
    ),
    "completions": (_STREAM,),
}
"""What could be answered, and is refused as at OpenAI."""
