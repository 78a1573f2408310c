"""What the specification is made of: small frozen dataclasses, filled by the loaders.

A *field* (or a *feature*) is a part of the API surface, from ``api/*.yaml``.
A *row* says what a profile documents of it, from ``profiles/*.yaml``.
A *requirement* is a sentence that is not about one field, from ``requirements/*.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Json = Any
"""A value that came from JSON or YAML: null, bool, number, string, list or string-keyed dict."""

Endpoint = Literal["chat", "completions", "models", "model", "embeddings"]


class Level(StrEnum):
    """How binding a sentence is, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Documented(StrEnum):
    """What a profile's documentation says of a field."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNLISTED = "unlisted"


class OnUse(StrEnum):
    """What a server of this profile does with a field that a request uses."""

    HONOUR = "honour"
    IGNORE = "ignore"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Field:
    """One request field, one aspect of a field, or one feature of an endpoint.

    ``schema`` is a JSON Schema fragment (draft 2020-12) without null; an aspect
    (``messages.image-base64``) and a feature (``streaming``) have none.
    ``neutral`` are the values that mean the same as leaving the field out and must
    always be accepted. ``requires`` is one sentence: what honouring it means.
    """

    endpoint: Endpoint
    name: str
    kind: Literal["field", "aspect", "feature"]
    requires: str
    source: str
    level: Level = Level.MUST
    """How binding it is on a server whose profile supports it."""
    schema: Mapping[str, Json] | None = None
    required: bool = False
    nullable: bool = False
    neutral: tuple[Json, ...] = ()
    visible: bool = True
    """Whether honouring it can be told from ignoring it by the answers of a server."""
    deprecated: bool = False
    capability: str | None = None
    """The capability whose absence excuses it: vision, tools, embeddings, infill or json."""

    @property
    def id(self) -> str:
        """``chat.temperature``: unique over the whole API surface."""
        return f"{self.endpoint}.{self.name}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One HTTP operation of an endpoint; ``path`` is relative to the base URL."""

    endpoint: Endpoint
    id: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    fields: tuple[Field, ...]
    response: str
    """Name of the answer's object in ``Api.objects``."""
    chunk: str | None = None
    """Name of the object of each streamed event, where the operation streams."""


@dataclass(frozen=True, slots=True)
class Api:
    """The API surface: operations by endpoint, and response objects as JSON Schemas by name."""

    operations: Mapping[Endpoint, Operation]
    objects: Mapping[str, Mapping[str, Json]]

    def field(self, endpoint: str, name: str) -> Field:
        """The field with this name, or KeyError."""
        for operation in self.operations.values():
            if operation.endpoint == endpoint:
                for field in operation.fields:
                    if field.name == name:
                        return field
        msg = f"{endpoint}.{name} is not in the API surface"
        raise KeyError(msg)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a profile's matrix: what its document says of a field, a feature or a note."""

    endpoint: Endpoint | Literal["general", "management"]
    name: str
    kind: Literal["field", "feature", "note"]
    documented: Documented
    on_use: OnUse
    claims: tuple[int, ...] = ()
    field: Field | None = None
    """The part of the API surface this row is about; None for a note."""
    requirements: tuple[str, ...] = ()
    """For a note: ids of the requirements, or ``endpoint.name`` of the fields, that show it."""
    unseen: str | None = None
    """For a note that no exchange with a server can show: the reason."""

    @property
    def id(self) -> str:
        """``chat.temperature``: unique within the profile."""
        return f"{self.endpoint}.{self.name}"


@dataclass(frozen=True, slots=True)
class Profile:
    """Which part of the API a server documents; rows in the order of the document."""

    name: str
    title: str
    source: str
    rows: tuple[Row, ...]
    claims: Mapping[int, str]
    """Our wording of each numbered claim of the document."""
    closed: tuple[Endpoint, ...] = ()
    """The endpoints whose requests may hold no field beyond those of the API surface."""

    def row(self, endpoint: str, name: str) -> Row:
        """The row with this endpoint and name, or KeyError."""
        for row in self.rows:
            if (row.endpoint, row.name) == (endpoint, name):
                return row
        msg = f"{endpoint}.{name} is not in the profile {self.name}"
        raise KeyError(msg)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A sentence about servers that is not about one field."""

    id: str
    level: Level
    says: str
    source: str
    endpoint: Endpoint | Literal["general"]
    profiles: tuple[str, ...] = ()
    """Names of the profiles it belongs to; empty means every profile."""
    unchecked: str | None = None
    """Why no check enforces it; None where at least one does."""
