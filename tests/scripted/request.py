"""A request as the server's methods see it, and the ways of not answering it.

Refusal        an answer in the error envelope
Drop           the connection is closed without an answer
Gone           the client has left
"""

from __future__ import annotations

import secrets
import select
import socket
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Reply = tuple[int, dict[str, str], Any]
"""Status, headers, and a body: bytes, or an iterator of the pieces of a stream."""
Endpoint = Literal["", "chat", "completions", "models", "model", "embeddings"]


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An error answer: status, message, and the field it is about."""

    def __init__(
        self,
        status: int,
        message: str,
        param: str | None = None,
        code: str | None = None,
        **headers: str,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def error(self) -> Json:
        """The inner object of the envelope."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {"message": self.message, "type": kind, "param": self.param, "code": self.code}


class Drop(Exception):  # noqa: N818 - an order
    """Close the connection without an answer."""


class Gone(Exception):  # noqa: N818 - an event
    """The client closed its side."""


@dataclass(slots=True)
class Request:
    """One HTTP request; ``json`` is the parsed body ({} where there is none)."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    json: Json = field(default_factory=dict)
    endpoint: Endpoint = ""
    name: str = ""
    """The model that the path of GET /models/{model} names, decoded."""
    socket: socket.socket | None = None
    gone: bool = False
    """Whether a write has failed."""
    key: str = field(
        default_factory=lambda: secrets.token_urlsafe(18).replace("-", "x").replace("_", "y")
    )
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def stream(self) -> bool:
        """Whether the answer is to be streamed."""
        return self.json.get("stream") is True

    @property
    def closed(self) -> bool:
        """Whether the client's side of the connection is closed."""
        if self.gone or self.socket is None:
            return self.gone
        try:
            readable = select.select([self.socket], [], [], 0)[0]
            return bool(readable) and not self.socket.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True


@dataclass(frozen=True, slots=True)
class Model:
    """A model that the server lists."""

    id: str
    embeds: bool = False
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def owner(self) -> str:
        """The namespace of its name, or library."""
        return self.id.rpartition("/")[0] or "library"

    def answers_to(self, name: str) -> bool:
        """Whether a request may call it so: ``toy`` means ``toy:latest``."""
        return name in (self.id, self.id.removesuffix(":latest"))
