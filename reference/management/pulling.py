"""Fetching models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import falcon

from ..library import LibraryError
from ..library.pull import Pull
from ..library.sources import named
from ..service import Service
from . import asked
from .telling import Status, respond


@dataclass(frozen=True, slots=True)
class Pulling:
    """POST /api/pull."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Fetch a model by its name, never from an address; a client that leaves stops it."""
        given = asked.read(request)
        insecure = asked.truth(given, "insecure", default=False)
        stream = asked.truth(given, "stream", default=True)
        try:
            source = named(asked.text(given, "model", "name"))
        except LibraryError as error:
            raise asked.refused(error) from error

        def work(tell: Callable[[Status], None], left: Event) -> None:
            Pull(
                self.service.library.own,
                source,
                source.name,
                insecure=insecure,
                listener=lambda step: tell(step.encode()),
                cancelled=left,
            ).run()

        respond(response, work, stream=stream)
