"""Servers that are wrong around the API: keys, sizes, browsers, clients that leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from tests.scripted import Refusal, Request, Scripted, Step, Task

from .editing import Json
from .registry import broken


@broken("server.auth.no-key", profile="ollama")
class DemandsAKey(Scripted):
    """A request without a key is a 401."""

    def authorize(self, request: Request) -> None:
        if request.method == "POST" and "authorization" not in request.headers:
            raise Refusal(401, "You didn't provide an API key.")


@broken("server.auth.any-key", profile="ollama", api_key="the-right-one")
class DemandsItsKey(Scripted):
    """A request with another key than the right one is a 401."""

    def authorize(self, request: Request) -> None:
        if (
            "authorization" in request.headers
            and "the-right-one" not in request.headers["authorization"]
        ):
            raise Refusal(401, "Incorrect API key provided.")


@broken("server.http.charset")
class ComparesContentTypes(Scripted):
    """A content type that names its charset is a 415."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if "charset" in request.headers.get("content-type", ""):
            raise Refusal(415, "The Content-Type must be application/json.")


@broken("server.http.large-body")
class LargeBodyCrashes(Scripted):
    """A body of a megabyte is a 500."""

    def receive(self, request: Request) -> Request:
        if len(request.raw) > 500_000:
            raise Refusal(500, "The request line is too long.")
        return super().receive(request)


@broken("server.cors.preflight", defect="cors-options-not-routed")
class NoPreflight(Scripted):
    """OPTIONS is a method that no route has."""

    def preflight(self, request: Request) -> dict[str, str]:
        raise Refusal(405, "Method not allowed.")


@broken("server.cors.headers", defect="cors-authorization-header-not-allowed")
class KeyNotAllowed(Scripted):
    """The preflight does not allow the key's header."""

    def preflight(self, request: Request) -> dict[str, str]:
        headers = super().preflight(request)
        allowed = headers["access-control-allow-headers"].replace("authorization, ", "")
        return {**headers, "access-control-allow-headers": allowed}


@broken("server.cors.preflight")
class PostNotAllowed(Scripted):
    """The preflight allows GET only."""

    def preflight(self, request: Request) -> dict[str, str]:
        return {**super().preflight(request), "access-control-allow-methods": "GET"}


class LongWinded(Scripted):
    """A correct server with one slot and one long story, slow enough to leave in its middle."""

    slots = 1

    def generate(self, request: Request, task: Task) -> Iterator[Step]:
        """The story has a hundred tokens."""
        return super().generate(request, replace(task, length=100) if _is_story(request) else task)

    def tick(self, request: Request) -> None:
        """The story takes its time."""
        time.sleep(0.006 if _is_story(request) else 0)
        super().tick(request)


def _is_story(request: Request) -> bool:
    return "long story about the sea" in str(request.json.get("messages"))


@broken("server.concurrency.disconnect", defect="disconnect-generation-continues")
class GeneratesForNobody(LongWinded):
    """A client that has left is generated for all the same."""

    def disconnected(self, request: Request) -> bool:
        return False


@broken("server.concurrency.concurrent-streams")
class OneIdForAll(Scripted):
    """Streams that run at once have one id."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        return ({**chunk, "id": "chatcmpl-1"} for chunk in super().chunks(request, chunks))
