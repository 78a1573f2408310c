"""The Falcon app: routes, middleware, and every failure as an error envelope."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import falcon

from ..backends import BackendError
from . import sse
from .access import Allowed, ApiKey, Cors, LocalHost, OwnPages
from .chat.resource import ChatCompletions
from .completions import Completions
from .embeddings import Embeddings
from .errors import ApiError, ClientGoneError, from_backend
from .health import Health, OpenApi
from .ids import Identity
from .management import add_routes
from .models import Models, OwnedModels
from .service import Service


def create_app(service: Service, allowed: Allowed) -> falcon.App[falcon.Request, falcon.Response]:
    """The app over its collaborators; it reads no environment and opens no socket."""
    middleware: list[Any] = [RequestId(service.identity), Cors(allowed.origins)]
    if allowed.local:
        middleware.append(LocalHost())
    if allowed.management:
        middleware.append(OwnPages(allowed.origins))
    if allowed.api_key:
        middleware.append(ApiKey(allowed.api_key))
    app = falcon.App(middleware=middleware)
    app.req_options.strip_url_path_trailing_slash = True
    app.add_error_handler(Exception, on_fault)
    app.add_error_handler(falcon.HTTPError, on_http_error)
    app.add_error_handler(ApiError, on_api_error)
    app.add_error_handler(BackendError, on_backend_error)
    app.add_error_handler(ClientGoneError, on_client_gone)
    models = OwnedModels(service) if allowed.deletes or allowed.management else Models(service)
    app.add_route("/v1/chat/completions", ChatCompletions(service))
    app.add_route("/v1/completions", Completions(service))
    app.add_route("/v1/embeddings", Embeddings(service))
    app.add_route("/v1/models", models)
    app.add_route("/v1/models/{model:path}", models, suffix="one")
    if allowed.management:
        add_routes(app, service)
    app.add_route("/health", Health())
    app.add_route("/openapi.json", OpenApi(service))
    app.add_sink(on_unknown_route)
    return app


class RequestId:
    """Gives every answer an id, which also stands in the access log."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def process_request(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Set the header."""
        response.set_header("x-request-id", self._identity.new("req_", 16))


def send(request: falcon.Request, response: falcon.Response, error: ApiError) -> None:
    """Make an error the answer."""
    response.status = error.status
    response.stream = None
    response.content_type = falcon.MEDIA_JSON
    managing = (request.uri_template or "").startswith("/api/")
    response.data = sse.encode(error.plain() if managing else error.envelope())
    if error.retry_after is not None:
        response.set_header("retry-after", str(error.retry_after))


def on_unknown_route(req: falcon.Request, resp: falcon.Response, **_: Any) -> None:
    """Answer a path that does not exist."""
    known = "/v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models"
    msg = f"There is no {req.method} {req.path} here; there are {known}."
    send(req, resp, ApiError(404, msg, code="unknown_url"))


def on_api_error(
    request: falcon.Request, response: falcon.Response, error: ApiError, _params: object
) -> None:
    """Answer an error of ours."""
    send(request, response, error)


def on_backend_error(
    request: falcon.Request, response: falcon.Response, error: BackendError, _params: object
) -> None:
    """Answer an error of a backend that no resource has translated."""
    send(request, response, from_backend(error))


def on_http_error(
    request: falcon.Request, response: falcon.Response, error: falcon.HTTPError, _params: object
) -> None:
    """Answer Falcon's own errors, such as a wrong method, in our envelope."""
    response.set_headers(error.headers or {})
    allowed = response.get_header("allow")
    if allowed:
        msg = f"{request.method} does not work on {request.path}; use {allowed}."
    else:
        msg = error.description or error.title or "The request cannot be answered."
    send(request, response, ApiError(error.status_code, msg))


def on_client_gone(
    request: falcon.Request, response: falcon.Response, _error: ClientGoneError, _params: object
) -> None:
    """Close the books on a request that nobody waits for."""
    send(request, response, ApiError(499, "The client closed the connection."))


def on_fault(
    request: falcon.Request, response: falcon.Response, error: Exception, _params: object
) -> None:
    """Answer a fault of our own; its trace goes to standard error, never to the client."""
    traceback.print_exception(error, file=sys.stderr)
    send(
        request,
        response,
        ApiError(500, "The server has failed; its standard error has the reason."),
    )
