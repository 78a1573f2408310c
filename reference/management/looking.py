"""Looking at models: the version, lists, descriptions, and what is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import falcon

from .. import sse
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
        named = {model.files: model for model in reversed(self.service.library.models())}
        found = []
        for files, context in self.service.pool.loaded():
            if files not in named:
                continue
            listed = tag(named[files])
            del listed["modified_at"]
            found.append({**listed, "expires_at": NEVER, "size_vram": 0, "context_length": context})
        return found
