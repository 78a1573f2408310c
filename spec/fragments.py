"""Turns schema fragments of ``api/*.yaml`` into plain JSON Schema, as pure functions.

The fragments use two keywords of their own. ``x-aspect`` marks the part that belongs to an
aspect; :func:`narrow` keeps, opens or drops it as a profile says. ``x-by`` names the property
that tells the alternatives of a ``oneOf`` apart; :func:`branch` writes it as if and then, so
that a validator's error names the one wrong value instead of listing every alternative, and
:func:`discriminate` writes it as OpenAPI's discriminator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .model import Json, OnUse

Stand = Callable[[str], OnUse]
"""What a profile does with an aspect, by the aspect's name."""

Objects = Mapping[str, Json]


def narrow(schema: Json, stand: Stand, objects: Objects) -> Json:
    """The fragment as a profile has it: without what is refused, and ``True`` for what is ignored.

    Whatever is left has no ``x-aspect``; ``False`` stands for a fragment that is refused whole.
    """
    if isinstance(schema, list):
        return [narrow(item, stand, objects) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-aspect" in schema and (on_use := stand(schema["x-aspect"])) is not OnUse.HONOUR:
        return on_use is OnUse.IGNORE
    narrowed = {
        key: narrow(value, stand, objects) for key, value in schema.items() if key != "x-aspect"
    }
    if "x-by" in schema:
        pairs = zip(schema["oneOf"], narrowed["oneOf"], strict=True)
        narrowed["oneOf"] = [
            _opened(option, schema["x-by"], objects) if kept is True else kept
            for option, kept in pairs
            if kept is not False
        ]
    elif "anyOf" in schema:
        return _any_of(
            [option for option in narrowed.pop("anyOf") if option is not False], narrowed
        )
    return narrowed


def _any_of(options: list[Json], rest: dict[str, Json]) -> Json:
    if True in options:
        return rest or True
    if len(options) == 1:
        return rest | options[0]
    return rest | {"anyOf": options} if options else False


def branch(schema: Json, objects: Objects) -> Json:
    """The fragment with each ``x-by`` written as one ``if`` and ``then`` for each alternative.

    A choice between null and one thing becomes ``if`` and ``else``, for the same reason.
    """
    if isinstance(schema, list):
        return [branch(item, objects) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: branch(value, objects) for key, value in schema.items()}
    if "anyOf" in plain and plain["anyOf"][1:] == [{"type": "null"}]:
        option = plain.pop("anyOf")[0]
        return plain | {"if": {"type": "null"}, "else": option}
    if "x-by" not in plain:
        return plain
    key = plain.pop("x-by")
    options = plain.pop("oneOf")
    values = [tag(option, key, objects) for option in options]
    return plain | {
        "type": "object",
        "required": [key],
        "properties": {key: {"enum": values}},
        "allOf": [
            {"if": _tagged(key, value), "then": option}
            for value, option in zip(values, options, strict=True)
            if option != _tagged(key, value)
        ],
    }


def discriminate(schema: Json) -> Json:
    """The fragment with each ``x-by`` written as OpenAPI's ``discriminator``."""
    if isinstance(schema, list):
        return [discriminate(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: discriminate(value) for key, value in schema.items()}
    if "x-by" in plain:
        plain["discriminator"] = {"propertyName": plain.pop("x-by")}
    return plain


def tag(option: Json, key: str, objects: Objects) -> str:
    """The constant by which an alternative is known: its value for the property ``key``."""
    option = objects[option["$ref"].removeprefix("#/$defs/")] if "$ref" in option else option
    value: str = option["properties"][key]["const"]
    return value


def nullable(schema: Json) -> Json:
    """The schema, with null allowed as well."""
    if isinstance(schema, bool):
        return schema or {"type": "null"}
    if isinstance(schema.get("type"), str):
        return schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    options = schema["anyOf"] if schema.keys() == {"anyOf"} else [schema]
    return {"anyOf": [*options, {"type": "null"}]}


def references(schema: Json) -> Iterator[str]:
    """The names of the definitions that a schema refers to, itself and not through others."""
    if isinstance(schema, list):
        for item in schema:
            yield from references(item)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            else:
                yield from references(value)


def closure(schema: Json, define: Callable[[str], Json]) -> dict[str, Json]:
    """Every definition that a schema needs, by name; ``define`` gives the one of a name."""
    definitions: dict[str, Json] = {}
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop()
        if name not in definitions:
            definitions[name] = define(name)
            waiting.extend(references(definitions[name]))
    return definitions


def _opened(option: Json, key: str, objects: Objects) -> Json:
    """An alternative of which only the constant is left, because its rest is ignored."""
    return _tagged(key, tag(option, key, objects))


def _tagged(key: str, value: str) -> Json:
    return {"type": "object", "required": [key], "properties": {key: {"const": value}}}
