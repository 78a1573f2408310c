"""What the resources share: the collaborators of the app, and the way of a request through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import falcon

from ..backends import BackendError, Description, Finished, Generation, TextEvent
from ..backends.worker import Stream
from ..spec import Endpoint
from . import body, rules
from .defaults import Defaults
from .errors import ApiError, ClientGoneError, from_backend, unknown_model
from .ids import Identity
from .library import BadNameError, Library, Model, NoSuchModelError
from .matrix import Matrix
from .pool import Loading, Pool
from .validation import validate

IGNORED = "openai-compat-ignored"
"""The response header that names the fields that had no effect."""

PATIENCE = 0.05
"""Seconds between two looks at whether the client is still there, while nothing is generated."""


@dataclass(frozen=True, slots=True)
class Service:
    """The collaborators of the app."""

    matrix: Matrix
    library: Library
    pool: Pool
    identity: Identity = field(default_factory=Identity)

    def fields(
        self, endpoint: Endpoint, request: falcon.Request, response: falcon.Response
    ) -> dict[str, Any]:
        """The honoured fields of a valid request; ignored ones are named in the header."""
        content = body.read(request)
        validate(self.matrix.profile.name, endpoint, content)
        note(response, *self.matrix.ignored(endpoint, content))
        honoured = self.matrix.honoured(endpoint, content)
        rules.check(self.matrix, endpoint, honoured)
        return honoured

    def model(self, name: str) -> Model:
        """The model of a request; ApiError (404) where there is none."""
        try:
            return self.library.find(name)
        except (NoSuchModelError, BadNameError) as error:
            raise unknown_model(name) from error

    def loading(self, model: Model, defaults: Defaults) -> Loading:
        """How a model is loaded."""
        return self.pool.loading(model.files, defaults.load)


def note(response: falcon.Response, *ignored: str) -> None:
    """Name fields that had no effect in the header of an answer."""
    names = list(filter(printable, ignored))
    known = response.get_header(IGNORED)
    if names:
        response.set_header(IGNORED, ", ".join([known, *names] if known else names))


def printable(name: str) -> bool:
    """Whether a field's name may stand in a header."""
    return name.isascii() and name.replace("_", "").replace("-", "").isalnum()


class Generating:
    """The generations of one request: started together, released together."""

    def __init__(self, pool: Pool, loading: Loading, request: falcon.Request) -> None:
        self._lease = pool.lease(loading)
        self._gone: Callable[[], bool] = request.env.get(
            "waitress.client_disconnected", lambda: False
        )
        self._streams: list[Stream] = []

    def start(self, generation: Generation) -> None:
        """Submit one generation; BackendError where it cannot be served."""
        self._streams.append(self._lease.worker.generate(generation))

    def text_of(self, tokens: tuple[int, ...]) -> str:
        """The text that tokens stand for; BackendError where one is none of the model's."""
        return self._lease.worker.detokenize(tokens).decode("utf-8", "replace")

    def __len__(self) -> int:
        return len(self._streams)

    def events(self, index: int) -> Iterator[TextEvent | Finished]:
        """The events of one generation; ClientGoneError, at once, when nobody listens any more."""
        stream = self._streams[index]
        while not stream.done:
            event = stream.poll(PATIENCE)
            if self._gone():
                raise ClientGoneError
            if event is not None:
                yield event

    @contextmanager
    def guarded(self, prompt: str) -> Iterator[Description]:
        """Load the model; on any failure release, and say what it means to the client.

        ``prompt`` names the request's field that the prompt came from.
        """
        try:
            yield self._lease.worker.describe()
        except BackendError as error:
            self.release()
            raise from_backend(error, prompt) from error
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Stop what still runs, and let go of the model."""
        for stream in self._streams:
            stream.close()
        self._lease.release()


def refuse_unless(model: Model, capability: str, has: frozenset[str], param: str) -> None:
    """ApiError (400) where the model lacks a capability that the request needs."""
    if capability not in has:
        msg = f"The model {str(model.name)!r} does not support {capability}. Use one that does."
        raise ApiError(400, msg, param=param, code="unsupported")
