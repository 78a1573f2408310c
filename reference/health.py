"""GET /health and GET /openapi.json."""

from __future__ import annotations

from dataclasses import dataclass

import falcon

from ..spec import load_schema
from . import sse
from .service import Service


class Health:
    """Says that the server answers; loads nothing."""

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Answer at once."""
        response.data = sse.encode({"status": "ok"})


@dataclass(frozen=True, slots=True)
class OpenApi:
    """The OpenAPI document of the profile."""

    service: Service

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        """The generated document, with this server's address."""
        document = dict(load_schema(self.service.matrix.profile.name, "openapi"))
        document["servers"] = [{"url": f"{request.prefix}/v1"}]
        response.data = sse.encode(document)
