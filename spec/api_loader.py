"""Reads ``api/*.yaml``: the operations with their fields, and the objects they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import get_args

from .model import Api, Endpoint, Field, Json, Level, Operation
from .reading import Section, SpecError, guess, read_yaml


def read_api(folder: Traversable | None = None) -> Api:
    """The API surface in this folder, by default our own; raises SpecError."""
    folder = folder or files(__package__) / "api"
    operations: dict[Endpoint, Operation] = {}
    objects: dict[str, Json] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        page = Section(read_yaml(file), file.name)
        for name, schema in Section(page.take("definitions", {}), file.name).entries():
            if name in objects:
                raise page.error(f"the definition {name!r} is a duplicate")
            objects[name] = schema
        source = page.text("source", "")
        for section in page.sections("operations", []):
            operation = _operation(section, source)
            if operation.endpoint in operations:
                raise section.error(f"the endpoint {operation.endpoint!r} is a duplicate")
            operations[operation.endpoint] = operation
        page.close()
    in_order = {name: operations[name] for name in get_args(Endpoint) if name in operations}
    api = Api(in_order, objects)
    _check_references(api)
    return api


def _operation(section: Section, source: str) -> Operation:
    endpoint = section.text("endpoint")
    if endpoint not in get_args(Endpoint):
        raise section.error(f"unknown endpoint {endpoint!r}{guess(endpoint, get_args(Endpoint))}")
    method = section.text("method")
    if method not in {"GET", "POST"}:
        raise section.error(f"'method' must be GET or POST, not {method!r}")
    features = [_field(part, endpoint, "feature", source) for part in section.sections("features")]
    operation = Operation(
        endpoint=endpoint,  # type: ignore[arg-type]  # checked above
        id=section.text("id"),
        method=method,  # type: ignore[arg-type]  # checked above
        path=section.text("path"),
        summary=section.text("summary"),
        fields=(*features, *_fields(section, endpoint, source)),
        response=section.text("response"),
        chunk=section.text_or_none("chunk"),
    )
    section.close()
    _refuse_duplicates(section, (field.name for field in operation.fields))
    return operation


def _fields(section: Section, endpoint: str, source: str) -> Iterator[Field]:
    for part in section.sections("fields"):
        aspects = list(part.sections("aspects", []))
        field = _field(part, endpoint, "field", source)
        yield field
        for aspect in aspects:
            yield _field(aspect, endpoint, "aspect", field.source, field)


def _field(
    section: Section, endpoint: str, kind: str, source: str, parent: Field | None = None
) -> Field:
    name = section.text("name")
    nullable = section.flag("nullable", default=False) if kind == "field" else False
    required = section.flag("required", default=False) if kind == "field" else False
    neutral = section.items("neutral", object, ()) if kind == "field" else ()
    if nullable and not required:
        neutral = (*neutral, None)
    field = Field(
        endpoint=endpoint,  # type: ignore[arg-type]  # checked by the caller
        name=f"{parent.name}.{name}" if parent else name,
        kind=kind,  # type: ignore[arg-type]  # one of three literals of this module
        requires=section.text("requires"),
        source=section.text("source", source),
        level=section.choice("level", Level, Level.MUST),
        schema=section.take("schema") if kind == "field" else None,
        required=required,
        nullable=nullable,
        neutral=neutral,
        visible=section.flag("visible", default=True),
        deprecated=section.flag("deprecated", default=False),
        capability=section.text_or_none("capability") or (parent.capability if parent else None),
    )
    if not field.source:
        raise section.error("'source' is missing, here and at the head of the file")
    section.close()
    return field


def _refuse_duplicates(section: Section, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise section.error(f"{name!r} is a duplicate")
        seen.add(name)


def _check_references(api: Api) -> None:
    """Raise SpecError where a schema names a definition or an aspect that there is not."""
    aspects = {
        field.name
        for operation in api.operations.values()
        for field in operation.fields
        if field.kind == "aspect"
    }
    for operation in api.operations.values():
        for name in (operation.response, operation.chunk):
            if name is not None and name not in api.objects:
                problem = f"there is no definition {name!r}{guess(name, api.objects)}"
                raise SpecError("api", operation.endpoint, problem)
    schemas = {field.id: field.schema for field in fields_of(api) if field.schema is not None}
    for row, schema in (schemas | dict(api.objects)).items():
        for key, value in _keywords(schema):
            target = str(value).removeprefix("#/$defs/")
            if key == "$ref" and target not in api.objects:
                problem = f"there is no definition {target!r}{guess(target, api.objects)}"
                raise SpecError("api", row, problem)
            if key == "x-aspect" and target not in aspects:
                raise SpecError(
                    "api", row, f"there is no aspect {target!r}{guess(target, aspects)}"
                )


def fields_of(api: Api) -> Iterator[Field]:
    """Every field, aspect and feature of the API surface, in the order of the files."""
    for operation in api.operations.values():
        yield from operation.fields


def _keywords(schema: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key, value
            yield from _keywords(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _keywords(item)
