"""The OpenAPI 3.1 document of what a profile documents."""

from __future__ import annotations

from collections.abc import Mapping

from .answer_schema import answer_schema
from .fragments import discriminate
from .model import Api, Json, Operation, Profile
from .request_schema import request_schema

ERRORS: Mapping[str, str] = {
    "400": "The request is wrong",
    "401": "The key is missing or wrong",
    "404": "There is no such model or path",
    "405": "The path does not have this method",
    "413": "The request is too large",
    "422": "The request is understood and cannot be followed",
    "429": "Too many requests",
    "500": "The server failed",
    "503": "The server is busy",
}
"""What each status of an error answer means."""

_RETRY = {"429", "503"}


def openapi(api: Api, profile: Profile) -> dict[str, Json]:
    """The operations of the API surface, with requests as the profile has them.

    Paths are relative to the base URL. The parts of a request are components named
    ``endpoint.part``, because one part can differ from endpoint to endpoint.
    """
    components: dict[str, Json] = {}
    paths: dict[str, Json] = {}
    for operation in api.operations.values():
        entry = _operation(api, profile, operation, components)
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {"title": profile.title, "version": "1", "description": profile.source},
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {status: _error(status) for status in ERRORS},
        },
    }


def _operation(
    api: Api, profile: Profile, operation: Operation, components: dict[str, Json]
) -> dict[str, Json]:
    for name in (operation.response, "error"):
        _register(answer_schema(api, name), name, "", components)
    content: dict[str, Json] = {"application/json": {"schema": _component(operation.response)}}
    if operation.chunk:
        _register(answer_schema(api, operation.chunk), operation.chunk, "", components)
        content["text/event-stream"] = {"schema": _event(operation.chunk)}
    entry: dict[str, Json] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": {
            "200": {"description": "The answer", "content": content},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
        },
    }
    if "{model}" in operation.path:
        schema = {"type": "string", "minLength": 1}
        entry["parameters"] = [{"name": "model", "in": "path", "required": True, "schema": schema}]
    if operation.method == "POST":
        prefix = f"{operation.endpoint}."
        schema = request_schema(api, profile, operation.endpoint)
        _register(schema, f"{prefix}request", prefix, components)
        body = {"application/json": {"schema": _component(f"{prefix}request")}}
        entry["requestBody"] = {"required": True, "content": body}
    return entry


def _event(chunk: str) -> dict[str, Json]:
    """One server-sent event: its data is a chunk or an error as JSON, or [DONE] at the end."""
    payload = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"anyOf": [_component(chunk), _component("error")]},
    }
    data = {"anyOf": [{"const": "[DONE]"}, payload]}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


def _error(status: str) -> dict[str, Json]:
    response: dict[str, Json] = {
        "description": ERRORS[status],
        "content": {"application/json": {"schema": _component("error")}},
    }
    if status in _RETRY:
        schema = {"type": "integer", "minimum": 0}
        header = {"description": "Seconds to wait before the next try", "schema": schema}
        response["headers"] = {"Retry-After": header}
    return response


def _register(schema: dict[str, Json], name: str, prefix: str, into: dict[str, Json]) -> None:
    """Add a schema and its definitions to the components, theirs with a prefix."""
    parts = {f"{prefix}{part}": part_schema for part, part_schema in schema["$defs"].items()}
    parts[name] = {key: value for key, value in schema.items() if key != "$defs"}
    for part, part_schema in parts.items():
        into[part] = discriminate(_rebased(part_schema, prefix))


def _rebased(schema: Json, prefix: str) -> Json:
    if isinstance(schema, list):
        return [_rebased(item, prefix) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"#/components/schemas/{prefix}{value.removeprefix('#/$defs/')}"
        if key == "$ref"
        else _rebased(value, prefix)
        for key, value in schema.items()
    }


def _component(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
