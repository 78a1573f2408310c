"""The part of JSON Schema that ``strict`` allows: every answer has every key, and no other.

After OpenAI's guide to structured outputs, "Supported schemas".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .validation import spell

REFUSED: Final = (
    "allOf", "dependentRequired", "dependentSchemas", "else", "if", "not", "oneOf",
    "patternProperties", "propertyNames", "then", "unevaluatedProperties",
)  # fmt: skip
"""Keywords that strict schemas may not have."""

Path = tuple[str | int, ...]


def mistakes(schema: Any) -> Iterator[tuple[str, str]]:
    """What a strict schema may not be: the path of the place, and what would be right there.

    Of a value that is a JSON Schema.
    """
    if isinstance(schema, bool) or schema.get("type") != "object":
        yield "", "a strict schema has to be of type object at its root"
        return
    yield from ((spell(path), why) for path, why in _within(schema, ()))


def _within(schema: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(schema, dict):
        return
    for keyword in REFUSED:
        if keyword in schema:
            yield (*path, keyword), f"{keyword!r} is not permitted in strict schemas"
    kinds = schema.get("type")
    if kinds == "object" or (isinstance(kinds, list) and "object" in kinds):
        yield from _object(schema, path)
    for keyword in ("properties", "$defs", "definitions"):
        for name, one in schema.get(keyword, {}).items():
            yield from _within(one, (*path, keyword, name))
    for keyword in ("anyOf", "prefixItems"):
        for index, one in enumerate(schema.get(keyword, ())):
            yield from _within(one, (*path, keyword, index))
    yield from _within(schema.get("items"), (*path, "items"))


def _object(schema: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    if schema.get("additionalProperties") is not False:
        yield path, "'additionalProperties' has to be false"
    properties, required = schema.get("properties", {}), schema.get("required", ())
    missing = [name for name in properties if name not in required]
    if missing:
        named = ", ".join(map(repr, missing))
        yield path, f"'required' has to name every property, {named} too; let it be null instead"
