"""How a server says no: status, envelope, content type and the field at fault."""

from __future__ import annotations

from ...spec import Level
from .. import faults
from ..check import GENERATING, check
from ..expect import Unexpected, expect, expect_that, get, untested
from ..server import PATHS, Server

_ALL = ("chat", "completions", "embeddings")
_CLIENT = range(400, 500)


@check("{endpoint}.error.malformed-json", requirement="error-malformed-json", over=_ALL)
def malformed_json(server: Server, endpoint: str) -> None:
    """A {noun} asked for in broken JSON is refused with 400."""
    _all_400(server, endpoint, "malformed")


@check("{endpoint}.error.empty-body", requirement="error-empty-body", over=_ALL)
def empty_body(server: Server, endpoint: str) -> None:
    """A {noun} asked for with an empty body is refused with 400."""
    _all_400(server, endpoint, "empty")


@check("{endpoint}.error.body-not-object", requirement="error-body-not-object", over=_ALL)
def body_not_object(server: Server, endpoint: str) -> None:
    """A {noun} asked for with a JSON array is refused with 400."""
    _all_400(server, endpoint, "array")


def _all_400(server: Server, endpoint: str, name: str) -> None:
    found = faults.bodies(server, endpoint, name)
    wrong = (fault for fault in found if fault.exchange.status not in {400, 415, 422})
    faults.first(wrong, "answer", "400")


@check("{endpoint}.error.wrong-type", requirement="error-wrong-type", over=_ALL)
def wrong_type(server: Server, endpoint: str) -> None:
    """A {noun} is refused for a value of the wrong type."""
    faults.first(
        (f for f in faults.wrong_types(server, endpoint) if not f.refused), "answer", "a 4xx"
    )


@check("{endpoint}.error.missing-field", requirement="error-missing-field", over=_ALL)
def missing_field(server: Server, endpoint: str) -> None:
    """A {noun} is refused where a required field is missing."""
    accepted = [f for f in faults.missing(server, endpoint) if not f.refused]
    # A server of one model may take its name as advice.
    single = len(server.session.models) == 1 and all(f.field == "model" for f in accepted)
    faults.first(accepted, "answer", "a 4xx", level=Level.SHOULD if single else None)


@check("{endpoint}.error.out-of-range", requirement="error-out-of-range", over=_ALL)
def out_of_range(server: Server, endpoint: str) -> None:
    """A {noun} is refused for a value out of its range."""
    accepted = (f for f in faults.out_of_range(server, endpoint) if f.exchange.ok)
    faults.first(accepted, "answer", "a 4xx")


@check("{endpoint}.error.combination", requirement="error-combination", over=GENERATING)
def combination(server: Server, endpoint: str) -> None:
    """A {noun} is refused for fields that do not fit together."""
    accepted = (f for f in faults.misfits(server, endpoint) if not f.refused)
    faults.first(accepted, "answer", "a 4xx")


@check("{endpoint}.error.unknown-model", requirement="error-unknown-model", over=_ALL)
def unknown_model(server: Server, endpoint: str) -> None:
    """A {noun} of a model that is not there is a 404."""
    fault = faults.unknown_model(server, endpoint)
    if fault.exchange.status == 404:
        return
    single = fault.exchange.ok and len(server.session.models) == 1
    raise Unexpected(
        f"answer to {fault.what}",
        "404",
        fault.exchange.brief(200),
        fault.exchange,
        # A server of one model may take its name as advice, and a 400 still says no.
        Level.SHOULD if single or fault.refused else None,
    )


@check("{endpoint}.error.unknown-model-code", requirement="error-unknown-model-code", over=_ALL)
def unknown_model_code(server: Server, endpoint: str) -> None:
    """A {noun} of a model that is not there fails with the code model_not_found."""
    exchange = faults.unknown_model(server, endpoint).exchange
    if exchange.ok or not exchange.status:
        untested("the server does not refuse a model that is not there")

    expect("error.code", "model_not_found", get(exchange.json, "error", "code"), exchange)


@check("server.error.not-5xx", requirement="error-not-5xx")
def not_5xx(server: Server) -> None:
    """No wrong request is answered with a 5xx."""
    every = faults.every(server)
    wrong = (f for f in every if f.exchange.status >= 500 or not f.exchange.status)
    faults.first(wrong, "answer", "a 4xx")


@check("server.error.deep-json", requirement="error-deep-json", alone=True)
def deep_json(server: Server) -> None:
    """JSON that is nested very deeply is read or refused, and brings nothing down."""
    every = faults.nested(server, server.manner.endpoint)
    wrong = (f for f in every if f.exchange.status >= 500 or not f.exchange.status)
    faults.first(wrong, "answer", "a 2xx or a 4xx")


@check("server.error.envelope", requirement="error-envelope")
def envelope(server: Server) -> None:
    """Every error is an object with a message and a type under the key error."""
    wrong = (f for f in _refused(server) if not faults.is_envelope(f.exchange))
    faults.first(wrong, "body of the answer", '{"error": {"message": …, "type": …}}')


@check("server.error.all-keys", requirement="error-all-keys")
def all_keys(server: Server) -> None:
    """Every error has the keys message, type, param and code."""
    keys = {"message", "type", "param", "code"}
    missing = (f for f in _enveloped(server) if not keys <= set(get(f.exchange.json, "error")))
    faults.first(missing, "error object of the answer", "message, type, param and code")


@check("server.error.code-is-text", requirement="error-code-text")
def code_is_text(server: Server) -> None:
    """The code and the param of an error are text or null."""
    wrong = (
        f
        for f in _enveloped(server)
        for name in ("code", "param")
        if not isinstance(get(f.exchange.json, "error", name), (str, type(None)))
    )
    faults.first(wrong, "code and param of the answer", "text or null")


@check("server.error.content-type", requirement="error-content-type")
def content_type(server: Server) -> None:
    """Every error says that it is JSON."""
    wrong = [f for f in _refused(server) if f.exchange.content_type != "application/json"]
    shown = wrong[0].exchange.content_type or "none" if wrong else ""
    faults.first(wrong, "Content-Type of the answer", "application/json", shown)


@check("server.error.type", requirement="error-type")
def error_type(server: Server) -> None:
    """The type of a 400 is invalid_request_error."""
    wrong = (
        f
        for f in _enveloped(server)
        if f.exchange.status == 400
        and get(f.exchange.json, "error", "type") != "invalid_request_error"
    )
    faults.first(wrong, "error.type of the answer", "invalid_request_error")


@check("server.error.param", requirement="error-param")
def param(server: Server) -> None:
    """The param of an error about one field names the field."""
    wrong = (
        f
        for f in _enveloped(server)
        if f.refused
        and f.field
        and not str(get(f.exchange.json, "error", "param") or "").startswith(f.field)
    )
    faults.first(wrong, "error.param of the answer", "the field at fault")


def _refused(server: Server) -> list[faults.Fault]:
    found = [
        fault for fault in faults.every(server) if fault.exchange.status and not fault.exchange.ok
    ]
    if not found:
        untested("no wrong request was refused")
    return found


def _enveloped(server: Server) -> list[faults.Fault]:
    found = [
        fault for fault in _refused(server) if isinstance(get(fault.exchange.json, "error"), dict)
    ]
    if not found:
        untested("no error has an object under the key error")
    return found


@check("server.error.unknown-route", requirement="error-unknown-route")
def unknown_route(server: Server) -> None:
    """A path that is not there is a 404."""
    exchange = server.request("GET", "/no-such-route")

    expect("status", 404, exchange.status, exchange)


@check("server.error.wrong-method", requirement="error-wrong-method")
def wrong_method(server: Server) -> None:
    """A GET where only POST is known is a 405 or a 404."""
    exchange = server.request("GET", PATHS[server.manner.endpoint])

    expect_that(exchange.status in {404, 405}, "status", "405 or 404", exchange.status, exchange)


@check("server.error.route-envelope", requirement="error-route-envelope")
def route_envelope(server: Server) -> None:
    """The error for an unknown path has the envelope of all errors."""
    exchange = server.request("GET", "/no-such-route")
    if exchange.ok:
        untested("the path is answered")
    message = get(exchange.json, "error", "message")

    expect_that(isinstance(message, str), "error.message", "text", exchange.brief(160), exchange)


@check(
    "{endpoint}.error.before-stream",
    requirement="error-before-stream",
    over=("chat", "completions"),
)
def before_stream(server: Server, endpoint: str) -> None:
    """A wrong request for a streamed {noun} is refused at once and in JSON."""
    name = "messages" if endpoint == "chat" else "prompt"
    body = {**server.body(endpoint, "x", {"stream": True}), name: {"a": 1}}
    exchange = server.request(
        "POST", "/chat/completions" if endpoint == "chat" else "/completions", body
    )
    expect_that(exchange.status in _CLIENT, "status", "a 4xx", exchange.brief(160), exchange)

    expect("Content-Type", "application/json", exchange.content_type, exchange)
