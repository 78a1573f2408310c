"""What a profile says of the fields of a request: the matrix that drives the handlers.

A handler gets the fields that are honoured and nothing else; which ones these are, and
which are ignored or refused, is in the profile's data and never in a handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..spec import Endpoint, OnUse, Profile, load_api

Body = Mapping[str, Any]

WITHOUT_EFFECT: Final = frozenset((
    "store", "metadata", "prediction", "prompt_cache_key", "prompt_cache_options",
    "prompt_cache_retention", "safety_identifier", "user", "verbosity",
))  # fmt: skip
"""Fields that are taken and change nothing: they need a service behind the model."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows of one profile."""

    profile: Profile

    def on_use(self, endpoint: Endpoint, name: str) -> OnUse:
        """What using a field, an aspect or a feature does."""
        return self.profile.row(endpoint, name).on_use

    def honoured(self, endpoint: Endpoint, body: Body) -> dict[str, Any]:
        """The fields a handler sees: known, honoured, and not null."""
        known = {field.name for field in load_api().operations[endpoint].fields}
        return {
            name: whole(value)
            for name, value in body.items()
            if value is not None and name in known and self.on_use(endpoint, name) is OnUse.HONOUR
        }

    def ignored(self, endpoint: Endpoint, body: Body) -> list[str]:
        """The fields that were used and have no effect, for the response header."""
        fields = {field.name: field for field in load_api().operations[endpoint].fields}
        names = []
        for name, value in body.items():
            field = fields.get(name)
            if field is None:
                names.append(name)
            elif value is None or value in field.neutral:
                continue
            elif name in WITHOUT_EFFECT or self.on_use(endpoint, name) is OnUse.IGNORE:
                names.append(name)
        return names


def whole(value: Any) -> Any:
    """The value with ``3.0`` as ``3``: to JSON both are the integer, to Python only one is."""
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
