"""A value that conforms to a JSON Schema: what structured outputs know, and a little more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .rules import wrong

if TYPE_CHECKING:
    from .copybook import Copybook

_DEEP = 5
"""From this depth on recursive schemas are ended as soon as they allow it."""
_HINTS = {
    "object": ("properties", "required", "additionalProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def incomplete(schema: Any, where: str = "") -> str | None:
    """What keeps a schema from ``strict`` mode: an object requires all it knows and no more."""
    if isinstance(schema, list):
        return next(
            filter(None, (incomplete(one, f"{where}/{i}") for i, one in enumerate(schema))), None
        )
    if not isinstance(schema, dict):
        return None
    properties = schema.get("properties")
    if schema.get("type") == "object" or isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            return f"at '{where}', 'additionalProperties' must be given and be false"
        if set(properties or ()) - set(schema.get("required") or ()):
            return f"at '{where}', 'required' must name every key of 'properties'"
    inner = [(key, schema[key]) for key in ("items", "anyOf", "oneOf", "allOf") if key in schema]
    for key in ("properties", "$defs", "definitions"):
        if isinstance(schema.get(key), dict):
            inner += [(f"{key}/{name}", one) for name, one in schema[key].items()]
    return next(filter(None, (incomplete(one, f"{where}/{key}") for key, one in inner)), None)


def write(schema: Any, book: Copybook, param: str) -> Any:
    """A value that the schema allows; a Refusal that names ``param`` if it makes no sense."""
    try:
        return _Writer(schema, book).write(schema)
    except (
        TypeError,
        ValueError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        re.error,
    ):
        raise wrong(param, "it must be a valid JSON Schema") from None


class _Writer:
    """Writes values for one schema; ``root`` is where its references point into."""

    def __init__(self, root: Any, book: Copybook) -> None:
        self._root = root
        self._book = book

    def write(self, schema: Any, depth: int = 0) -> Any:
        """A value that a part of the schema allows."""
        schema = self._resolve(schema)
        if not isinstance(schema, dict):
            return self._book.string(None, None, 0, 99)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._book.pick(list(schema["enum"]))
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                rest = {name: value for name, value in schema.items() if name != key}
                return self.write(
                    _merged(rest, self._resolve(self._branch(schema[key], depth))), depth
                )
        return getattr(self, f"_{self._kind(schema, depth)}")(schema, depth)

    def _resolve(self, schema: Any) -> Any:
        """Follow references and merge ``allOf``."""
        for _ in range(16):
            if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
                break
            target = self._root
            for key in schema["$ref"].removeprefix("#").strip("/").split("/"):
                if key and isinstance(target, dict):
                    target = target.get(key.replace("~1", "/").replace("~0", "~"))
            schema = _merged({key: value for key, value in schema.items() if key != "$ref"}, target)
        if isinstance(schema, dict) and "allOf" in schema:
            whole = {key: value for key, value in schema.items() if key != "allOf"}
            for part in schema["allOf"]:
                whole = _merged(whole, self._resolve(part))
            return whole
        return schema

    def _branch(self, branches: list[Any], depth: int) -> Any:
        def is_null(branch: Any) -> bool:
            return isinstance(branch, dict) and branch.get("type") == "null"

        if depth >= _DEEP:
            return next(filter(is_null, branches), branches[-1])
        return self._book.rng.choice(
            [branch for branch in branches if not is_null(branch)] or branches
        )

    def _kind(self, schema: dict[str, Any], depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            return (
                "null"
                if depth >= _DEEP and "null" in kind
                else next((one for one in kind if one != "null"), "null")
            )
        if kind in ("object", "array", "string", "number", "integer", "boolean", "null"):
            return str(kind)
        return next(
            (name for name, keys in _HINTS.items() if any(key in schema for key in keys)), "string"
        )

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = schema.get("required") or ()
        names = [name for name in properties if depth < _DEEP or name in required]
        names += [name for name in required if name not in properties]
        value = {name: self.write(properties.get(name, {}), depth + 1) for name in names}
        more = schema.get("additionalProperties", True)
        while more is not False and len(value) < (
            schema.get("minProperties") or (0 if properties else 1)
        ):
            value[f"word{len(value)}"] = self.write(
                more if isinstance(more, dict) else {}, depth + 1
            )
        return value

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        least = int(schema.get("minItems") or 0)
        most = int(schema.get("maxItems", max(least, 0 if depth >= _DEEP else 2)))
        value = [self.write(one, depth + 1) for one in schema.get("prefixItems") or ()]
        tries = 0
        while len(value) < min(most, max(least, 0 if depth >= _DEEP else 2)) and tries < 50:
            tries += 1
            item = self.write(schema.get("items", {}), depth + 1)
            if not schema.get("uniqueItems") or item not in value:
                value.append(item)
        return value

    def _string(self, schema: dict[str, Any], _: int) -> str:
        shortest, longest = int(schema.get("minLength") or 0), int(schema.get("maxLength", 200))
        return self._book.string(schema.get("format"), schema.get("pattern"), shortest, longest)

    def _integer(self, schema: dict[str, Any], depth: int) -> int:
        return int(self._number({"multipleOf": 1, **schema}, depth))

    def _number(self, schema: dict[str, Any], _: int) -> float:
        step = schema.get("multipleOf")
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        low = (0 if high is None or high > 0 else high - 100) if low is None else low
        high = low + 100 if high is None else high
        edge = (
            (step or 0.001) if "exclusiveMinimum" in schema or "exclusiveMaximum" in schema else 0
        )
        number = self._book.number(
            low + edge * ("exclusiveMinimum" in schema),
            high - edge * ("exclusiveMaximum" in schema),
        )
        if step:
            number = -(-low // step) * step + (number - low) // step * step
        return int(number) if float(number).is_integer() else number

    def _boolean(self, *_: object) -> bool:
        return bool(self._book.rng.getrandbits(1))

    def _null(self, *_: object) -> None:
        return None


def _merged(one: dict[str, Any], other: Any) -> dict[str, Any]:
    """Both schemas at once, as far as objects go."""
    if not isinstance(other, dict):
        return one
    merged = {**one, **other}
    if "properties" in one and "properties" in other:
        merged["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        merged["required"] = [*one["required"], *other["required"]]
    return merged
