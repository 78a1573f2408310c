"""The JSON Schema of a request, made from the API surface and a profile."""

from __future__ import annotations

from .fragments import closure, narrow, nullable
from .model import Api, Endpoint, Field, Json, OnUse, Profile


def request_schema(api: Api, profile: Profile, endpoint: Endpoint) -> dict[str, Json]:
    """The object that a request of this endpoint holds, with ``$defs``; ``x-by`` stays in it.

    A field that the profile honours has its full schema, one that it ignores may hold
    anything, and one that it refuses may only hold its neutral values.
    """

    def stand(aspect: str) -> OnUse:
        return profile.row(endpoint, aspect).on_use

    fields = [field for field in api.operations[endpoint].fields if field.kind == "field"]
    properties: dict[str, Json] = {}
    for field in fields:
        on_use = profile.row(endpoint, field.name).on_use
        if on_use is OnUse.HONOUR:
            properties[field.name] = _honoured(field, narrow(field.schema, stand, api.objects))
        else:
            properties[field.name] = on_use is OnUse.IGNORE or _refused(field)
    schema: dict[str, Json] = {
        "type": "object",
        "required": [
            field.name
            for field in fields
            if field.required and profile.row(endpoint, field.name).on_use is OnUse.HONOUR
        ],
        "properties": properties,
        "additionalProperties": endpoint not in profile.closed,
    }
    definitions = closure(schema, lambda name: narrow(api.objects[name], stand, api.objects))
    return schema | {"$defs": definitions}


def _honoured(field: Field, schema: Json) -> Json:
    if field.nullable:
        schema = nullable(schema)
    if isinstance(schema, bool):
        return schema
    about: dict[str, Json] = {"description": field.requires}
    if field.deprecated:
        about["deprecated"] = True
    return about | schema


def _refused(field: Field) -> Json:
    return {"enum": list(field.neutral)} if field.neutral else False
