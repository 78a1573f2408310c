"""Requests and answers against the generated JSON Schemas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema

from ..spec import load_schema
from .exchange import Json

_NAMES = {
    "/chat/completions": "chat.request",
    "/completions": "completions.request",
    "/embeddings": "embeddings.request",
}


_MESSAGE = 200
"""The longest message of a validator that is shown whole, in characters."""


class Validity:
    """Finds what is wrong, as short sentences with the path of the value."""

    def request(self, path: str, body: Json) -> list[str]:
        """What is wrong with a request of ours; a built-in profile that allows it will do."""
        name = _NAMES[path]
        found = _errors(_validator("openai", name), body)
        return found and _errors(_validator("ollama", name), body) and found

    def answer(self, name: str, value: Json) -> list[str]:
        """What is wrong with an answer; ``name`` is a schema's (``chat.response``)."""
        return _errors(_validator("openai", name), value)

    def recommended(self, name: str, value: Json) -> list[str]:
        """Keys the contract requires although clients cope without them, where absent."""
        schema = _validator("openai", name).schema
        return sorted(set(_missing(schema, schema, value, "")))


@cache
def _validator(profile: str, name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(load_schema(profile, name))


def _errors(validator: jsonschema.Draft202012Validator, value: Json) -> list[str]:
    found = []
    for error in validator.iter_errors(value):
        best = jsonschema.exceptions.best_match([error]) or error
        message = best.message if len(best.message) < _MESSAGE else f"{best.message[:_MESSAGE]}…"
        found.append(f"{best.json_path}: {message}")
    return found


def _missing(root: Any, schema: Any, value: Json, path: str) -> list[str]:
    while isinstance(schema, Mapping) and "$ref" in schema:
        schema = _resolved(root, schema["$ref"])
    if not isinstance(schema, Mapping):
        return []
    found: list[str] = []
    for branch in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(branch, ()):
            found += _missing(root, part, value, path)
    if isinstance(value, dict):
        found += [f"{path}.{key}" for key in schema.get("x-recommended", ()) if key not in value]
        for key, part in schema.get("properties", {}).items():
            found += _missing(root, part, value[key], f"{path}.{key}") if key in value else []
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            found += _missing(root, schema["items"], item, f"{path}[]")
    return found


def _resolved(root: Any, reference: str) -> Any:
    target = root
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return target
