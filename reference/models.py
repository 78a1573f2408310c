"""GET /v1/models and GET /v1/models/{model}."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import falcon

from . import sse
from .library import Model
from .service import Service


def described(model: Model, name: str) -> dict[str, Any]:
    """A model object under the name that a client knows it by."""
    return {"id": name, "object": "model", "created": model.modified, "owned_by": model.owner}


@dataclass(frozen=True, slots=True)
class Models:
    """Lists and describes what there is."""

    service: Service

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Every model, the last modified first, by full name."""
        data = [described(model, str(model.name)) for model in self.service.library.models()]
        response.data = sse.encode({"object": "list", "data": data})

    def on_get_one(self, _request: falcon.Request, response: falcon.Response, model: str) -> None:
        """One model, under the name that was asked for."""
        response.data = sse.encode(described(self.service.model(model), model))
