"""What a worker and its owner say to each other: pickled messages, each after its length."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from .base import Event, RequestId
from .errors import BackendError

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Call:
    """Owner → worker: do something. ``number`` is the request's for submit and cancel."""

    number: int
    method: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Worker → owner: the result of a call, or its error."""

    number: int
    value: Any = None
    error: BackendError | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Worker → owner: a submitted request can be served, and waits for its turn."""

    id: RequestId


@dataclass(frozen=True, slots=True)
class Happened:
    """Worker → owner: the events of one step."""

    events: tuple[Event | Accepted, ...]


def send(pipe: IO[bytes], message: Call | Answer | Happened) -> None:
    """Write one message; OSError where the other side is gone."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message; EOFError where the other side is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    # Only our own child or parent writes to this pipe, so unpickling it is safe.
    return pickle.loads(data)  # noqa: S301
