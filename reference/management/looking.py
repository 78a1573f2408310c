"""Looking at models: the version, lists, descriptions, and what is loaded."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import falcon

from .. import sse
from ..defaults import Defaults
from ..errors import ApiError
from ..library import LibraryError
from ..library.described import shown, tag
from ..service import Service
from . import asked

NEVER = "9999-12-31T23:59:59Z"
"""When a loaded model is unloaded: not by time, but when others need its place."""


@dataclass(frozen=True, slots=True)
class Version:
    """GET /api/version."""

    service: Service

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """The version of this program."""
        response.data = sse.encode({"version": version("openai-compat")})


@dataclass(frozen=True, slots=True)
class Tags:
    """GET /api/tags."""

    service: Service

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Every model, the last modified first."""
        models = [tag(model) for model in self.service.library.models()]
        response.data = sse.encode({"models": models})


@dataclass(frozen=True, slots=True)
class Show:
    """POST /api/show."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Everything about one model."""
        given = asked.read(request)
        verbose = asked.truth(given, "verbose", default=False)
        try:
            model = self.service.library.find(asked.text(given, "model", "name"))
            response.data = sse.encode(shown(model, verbose=verbose))
        except LibraryError as error:
            raise asked.refused(error) from error


@dataclass(frozen=True, slots=True)
class Running:
    """GET /api/ps."""

    service: Service

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """The models that are loaded, each under the first of its names."""
        response.data = sse.encode({"models": self._loaded()})

    def _loaded(self) -> list[dict[str, Any]]:
        named = {}
        for model in reversed(self.service.library.models()):
            with suppress(ApiError):  # what cannot be served is not loaded
                named[self.service.loading(model, Defaults.of(model))] = model
        found = []
        for loading, context in self.service.pool.loaded():
            if loading not in named:
                continue
            listed = tag(named[loading])
            del listed["modified_at"]
            found.append({**listed, "expires_at": NEVER, "size_vram": 0, "context_length": context})
        return found
