"""GET /v1/models and GET /v1/models/{model}."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import falcon

from . import sse
from .errors import ApiError
from .library import Model, NotOursError
from .service import Service


def described(model: Model, name: str) -> dict[str, Any]:
    """A model object under the name that a client knows it by."""
    return {"id": name, "object": "model", "created": model.created, "owned_by": model.owner}


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


class OwnedModels(Models):
    """Models that a client may delete, which the person who serves them has allowed."""

    def on_delete_one(
        self, _request: falcon.Request, response: falcon.Response, model: str
    ) -> None:
        """Delete a model of our own store; 403 for one that is only read."""
        found = self.service.model(model)
        try:
            self.service.library.remove(model)
        except NotOursError as error:
            msg = f"The model {str(found.name)!r} cannot be deleted: it belongs to another store."
            raise ApiError(403, msg, param="model", code="model_not_owned") from error
        response.data = sse.encode({"id": model, "object": "model", "deleted": True})
