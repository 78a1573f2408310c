"""The routes of model management."""

from __future__ import annotations

from typing import Any, Final

import falcon

from ..service import Service
from .changing import Copying, Deleting
from .looking import Running, Show, Tags, Version
from .making import Creating
from .pulling import Pulling

ROUTES: Final = {
    "/api/version": Version,
    "/api/tags": Tags,
    "/api/show": Show,
    "/api/ps": Running,
    "/api/copy": Copying,
    "/api/create": Creating,
    "/api/pull": Pulling,
    "/api/delete": Deleting,
}


def add_routes(app: falcon.App[Any, Any], service: Service) -> None:
    """Let clients see, copy, make, fetch and delete models."""
    for path, resource in ROUTES.items():
        app.add_route(path, resource(service))
