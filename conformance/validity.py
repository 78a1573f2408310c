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
        return sorted(set(_missing(_validator("openai", name).schema, value, "")))


@cache
def _validator(profile: str, name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(load_schema(profile, name))


def _errors(validator: jsonschema.Draft202012Validator, value: Json) -> list[str]:
    found = []
    for error in validator.iter_errors(value):
        best = jsonschema.exceptions.best_match([error]) or error
        message = best.message if len(best.message) < 200 else f"{best.message[:199]}…"
        found.append(f"{best.json_path}: {message}")
    return found


def _missing(schema: Any, value: Json, path: str, root: Any = None) -> list[str]:
    root = schema if root is None else root
    while isinstance(schema, Mapping) and "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    if not isinstance(schema, Mapping):
        return []
    found: list[str] = []
    for branch in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(branch, ()):
            found += _missing(part, value, path, root)
    if isinstance(value, dict):
        found += [f"{path}.{key}" for key in schema.get("x-recommended", ()) if key not in value]
        for key, part in schema.get("properties", {}).items():
            if key in value:
                found += _missing(part, value[key], f"{path}.{key}", root)
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            found += _missing(schema["items"], item, f"{path}[]", root)
    return found
