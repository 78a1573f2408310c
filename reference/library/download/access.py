"""What shows a server that we may have something; every secret is for one server alone."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Protocol

import httpx2

from .address import Origin, origin


class Access(Protocol):
    """How a server is asked."""

    def header(self, url: httpx2.URL) -> str | None:
        """The value of ``Authorization`` for an address; None for any server but its own."""

    def renew(self, refusal: httpx2.Response) -> bool:
        """Do what a refusal (401) asks for; whether asking again may help."""


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing is shown."""

    def header(self, url: httpx2.URL) -> None:
        """None."""
        del url

    def renew(self, refusal: httpx2.Response) -> bool:
        """False."""
        del refusal
        return False


@dataclass(frozen=True, slots=True)
class Secret:
    """One value, for one server."""

    server: Origin
    value: str = field(repr=False)

    @classmethod
    def bearer(cls, url: httpx2.URL, token: str) -> Secret:
        """A token for the server of an address."""
        return cls(origin(url), f"Bearer {token}")

    @classmethod
    def basic(cls, url: httpx2.URL) -> Secret:
        """The user and the password that an address holds, for its server."""
        pair = f"{url.username}:{url.password}".encode()
        return cls(origin(url), f"Basic {b64encode(pair).decode()}")

    def header(self, url: httpx2.URL) -> str | None:
        """The value for its own server."""
        return self.value if origin(url) == self.server else None

    def renew(self, refusal: httpx2.Response) -> bool:
        """False: there is no other."""
        del refusal
        return False
