"""A request against its generated schema: a mistake is a 400 that says what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError, relevance
from jsonschema.validators import extend

from ..spec import Endpoint, load_schema
from .errors import ApiError

RUN = re.compile(r"\s+")
SHOWN = 60
"""Characters of a wrong value that a message repeats."""

HINTS = {r"image_url(\.url)?$": "a data URI (data:image/png;base64,…) or bare base64"}
"""What is right, by the path of the mistake, where the schema's own words say too little."""

KINDS = {
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def _pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """The keyword ``pattern``, in linear time.

    Runs of white space are looked at as one: a pattern that allows white space in two places
    would else try every way to share a long run between them.
    """
    if not isinstance(instance, str):
        return
    text = RUN.sub(" ", instance) if r"\s" in pattern else instance
    if not re.search(pattern, text):
        yield ValidationError(f"{_shown(instance)} does not match {pattern!r}")


_Validator: Any = extend(  # type: ignore[no-untyped-call, unused-ignore]
    Draft202012Validator, {"pattern": _pattern}
)


@cache
def _validator(profile: str, endpoint: Endpoint) -> Any:
    return _Validator(dict(load_schema(profile, f"{endpoint}.request")))


def validate(profile: str, endpoint: Endpoint, body: Mapping[str, Any]) -> None:
    """Raise the ApiError (400) of the most telling mistake, if there is any."""
    errors = list(_validator(profile, endpoint).iter_errors(body))
    if errors:
        error = _deepest(min(errors, key=lambda found: (_depth(found), str(found.path))))
        param, message = _explain(error)
        code = "missing_required_parameter" if error.validator == "required" else "invalid_value"
        raise ApiError(400, message, param=param, code=code)


def no_schema(value: Any) -> str | None:
    """Why a value is no JSON Schema; None for one that is."""
    try:
        Draft202012Validator.check_schema(value)
    except SchemaError as error:
        return error.message[:200]
    return None


def _depth(error: ValidationError) -> int:
    return len(error.absolute_path)


def _deepest(error: ValidationError) -> ValidationError:
    """The mistake inside an alternative: of the one that the value was probably meant to be."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [found for found in branches.values() if not any(map(_is_other_kind, found))]
        if len(meant) > 1:  # arrays of several kinds: the one whose elements are of its kind
            meant = [found for found in meant if all(one.validator != "type" for one in found)]
        if len(meant) != 1:
            return error
        error = max(meant[0], key=relevance)
    return error


def _is_other_kind(error: ValidationError) -> bool:
    return error.validator in {"type", "const", "enum"} and not error.path


def _explain(error: ValidationError) -> tuple[str, str]:
    """The path of the mistake, and a sentence on what was wrong and what would be right."""
    path = list(error.absolute_path)
    if error.validator == "required":
        wanted: Any = error.validator_value
        given: Any = error.instance
        missing = next(name for name in wanted if name not in given)
        param = spell([*path, missing])
        return param, f"{param!r} is missing; it is required."
    param = spell(path)
    for pattern, hint in HINTS.items():
        if re.search(pattern, param):
            return param, f"{param!r} must be {hint}, not {_shown(error.instance)}."
    return param, f"{param!r} must be {_right(error)}, not {_shown(error.instance)}."


def spell(path: Iterable[str | int]) -> str:
    """``messages[2].content[0].type``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _right(error: ValidationError) -> str:
    """What the schema at the place of the mistake allows, in words."""
    schema: Any = error.schema
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        words = [_words(_resolved(error, option)) for option in alternatives]
        return " or ".join(dict.fromkeys(words))
    return _words(schema)


def _resolved(error: ValidationError, schema: Any) -> Any:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if not reference:
        return schema
    name = reference.rsplit("/", 1)[-1]
    for inner in error.context or ():
        if name in list(inner.schema_path):
            return inner.schema
    return {}


def _words(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "a value of the documented kind"
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(json.dumps(value) for value in schema["enum"])
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    words = " or ".join(KINDS[kind] for kind in kinds if kind != "null") or "a documented value"
    limits = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "minItems": "with at least {} element(s)",
        "maxItems": "with at most {} element(s)",
        "minLength": "with at least {} character(s)",
        "maxLength": "with at most {} character(s)",
        "pattern": "of the form {}",
    }
    for key, phrase in limits.items():
        if key in schema:
            words += " " + phrase.format(schema[key])
    return words


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
