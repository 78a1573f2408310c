"""Fetching contents over HTTP: resumed where they broke off, verified, never more than asked."""

from .errors import (
    BrokenOffError,
    CancelledError,
    NoSpaceError,
    NotThereError,
    PullError,
    RefusedError,
    WrongContentError,
)
from .fetch import Fetcher, Wanted
from .patience import Patience
from .progress import Listener, Step
from .web import Web

__all__ = [
    "BrokenOffError",
    "CancelledError",
    "Fetcher",
    "Listener",
    "NoSpaceError",
    "NotThereError",
    "Patience",
    "PullError",
    "RefusedError",
    "Step",
    "Wanted",
    "Web",
    "WrongContentError",
]
