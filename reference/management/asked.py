"""The bodies of management requests."""

from __future__ import annotations

import json
from typing import Any

import falcon

from .. import body
from ..errors import ApiError
from ..library import LibraryError, NoSuchModelError, NotOursError
from ..library.download import NotThereError, PullError

Body = dict[str, Any]


def text(given: Body, *names: str) -> str:
    """A text that has to be there, under one of its names; ApiError (400) where it is not."""
    for name in names:
        value = given.get(name)
        if isinstance(value, str) and value:
            return value
    msg = f"{names[0]!r} must be the name of a model, as a string."
    raise ApiError(400, msg, param=names[0])


def truth(given: Body, name: str, *, default: bool) -> bool:
    """True or false; ApiError (400) for anything else."""
    value = given.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        msg = f"{name!r} must be true or false, not {json.dumps(value)[:60]}."
        raise ApiError(400, msg, param=name)
    return value


def read(request: falcon.Request) -> Body:
    """The object of a request."""
    return body.read(request)


def refused(error: LibraryError) -> ApiError:
    """What an error of the library means to a client."""
    if isinstance(error, NoSuchModelError):
        return ApiError(404, f'model "{error.args[0]}" not found', param="model")
    if isinstance(error, NotOursError):
        return ApiError(403, "The model belongs to another store, which is only read.")
    if isinstance(error, NotThereError):
        return ApiError(404, str(error), param="model")
    return ApiError(502 if isinstance(error, PullError) else 400, str(error))
