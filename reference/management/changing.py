"""Changing the library: copies, and deleting."""

from __future__ import annotations

from dataclasses import dataclass

import falcon

from ..library import LibraryError
from ..service import Service
from . import asked


@dataclass(frozen=True, slots=True)
class Copying:
    """POST /api/copy."""

    service: Service

    def on_post(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Give a model a second name; the answer is empty."""
        given = asked.read(request)
        source, target = asked.text(given, "source"), asked.text(given, "destination")
        try:
            self.service.library.copy(source, target)
        except LibraryError as error:
            raise asked.refused(error) from error


@dataclass(frozen=True, slots=True)
class Deleting:
    """DELETE /api/delete."""

    service: Service

    def on_delete(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Delete a model of our own store; the answer is empty."""
        name = asked.text(asked.read(request), "model", "name")
        try:
            self.service.library.remove(name)
        except LibraryError as error:
            raise asked.refused(error) from error
