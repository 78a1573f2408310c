"""Who may ask: browsers' origins, the Host header, and the API key, as middleware."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

import falcon

from .errors import ApiError
from .service import IGNORED

LOCAL = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
HEADERS = ("authorization", "content-type")
OPEN_PATHS = ("/health",)
"""Paths that need no key."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person who serves lets clients do."""

    origins: tuple[str, ...] = ()
    """Of pages that may ask, beside those of this machine."""
    api_key: str | None = None
    """To be sent with every request; None asks for none."""
    local: bool = True
    """Whether foreign Host headers are refused, which is right on a loopback address."""
    deletes: bool = False
    """Whether clients may delete models."""
    management: bool = False
    """Whether they may do everything with them that the command line can."""


@dataclass(frozen=True, slots=True)
class Cors:
    """Answers preflights on every route, and names the allowed origin on every answer."""

    origins: tuple[str, ...] = ()

    def process_request(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer a preflight; mark every answer."""
        origin = request.get_header("origin")
        response.append_header("vary", "Origin")
        if origin is None or not lets_in(origin, self.origins):
            return
        response.set_header("access-control-allow-origin", origin)
        response.set_header("access-control-expose-headers", f"{IGNORED}, x-request-id")
        if request.method == "OPTIONS" and request.get_header("access-control-request-method"):
            asked = request.get_header("access-control-request-headers") or ""
            names = [name.strip().lower() for name in asked.split(",")]
            extra = [name for name in names if re.fullmatch(r"x-stainless-[a-z-]+", name)]
            response.set_header("access-control-allow-headers", ", ".join((*HEADERS, *extra)))
            response.set_header("access-control-allow-methods", "GET, POST, OPTIONS")
            response.set_header("access-control-max-age", "600")
            response.status = falcon.HTTP_204
            response.complete = True


def lets_in(origin: str, origins: tuple[str, ...]) -> bool:
    """Whether pages of an origin may ask: those of this machine, and those that were named."""
    return LOCAL.fullmatch(origin) is not None or origin in origins


@dataclass(frozen=True, slots=True)
class OwnPages:
    """Lets no foreign page manage models: browsers send some requests without asking first."""

    origins: tuple[str, ...] = ()

    def process_request(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Refuse a request to manage models that a page of another origin makes."""
        origin = request.get_header("origin")
        if origin is None or not request.path.startswith("/api/"):
            return
        if not lets_in(origin, self.origins):
            msg = "Pages of this origin may not manage models; --allow-origin lets them in."
            raise ApiError(403, msg, code="foreign_origin")


class LocalHost:
    """On a loopback address only names of this machine are answered: no page can rebind to it."""

    def process_request(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Refuse a foreign Host header."""
        host = request.get_header("host")
        if host is not None and not LOCAL_HOST.fullmatch(host):
            msg = "This server answers requests to localhost only, not to the host of this request."
            raise ApiError(403, msg, code="foreign_host")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Asks for a key, where one is set."""

    key: str

    def process_request(self, request: falcon.Request, response: falcon.Response) -> None:
        """Refuse a missing or a wrong key."""
        if response.complete or request.path in OPEN_PATHS:
            return
        given = request.get_header("authorization") or ""
        scheme, _, key = given.partition(" ")
        right = hmac.compare_digest(key.strip().encode(), self.key.encode())
        if scheme.lower() != "bearer" or not right:
            msg = "The API key is missing or wrong. Send it as: Authorization: Bearer KEY."
            raise ApiError(401, msg, code="invalid_api_key")
