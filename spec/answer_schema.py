"""The JSON Schema of an answer, of a streamed chunk or of an error."""

from __future__ import annotations

from .fragments import closure
from .model import Api, Json


def answer_schema(api: Api, name: str) -> dict[str, Json]:
    """The object of this name with the ``$defs`` that it needs; ``x-by`` stays in it.

    ``x-recommended`` lists, beside ``required``, the keys that clients do without.
    """
    schema = dict(api.objects[name])
    return schema | {"$defs": closure(schema, lambda other: api.objects[other])}
