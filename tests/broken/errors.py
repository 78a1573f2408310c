"""Errors in the wrong form: envelope, keys, content type, and the errors of unknown routes."""

from __future__ import annotations

import json

from tests.scripted import Refusal, Reply, Request, Scripted

from .editing import Json
from .registry import broken

_JSON = {"content-type": "application/json"}


@broken(
    "server.error.{envelope,route-envelope} {chat,completions,embeddings}.error.unknown-model-code",
    defect="error-envelope-flat",
)
class FlatEnvelope(Scripted):
    """Errors have no ``error`` key, and so no code where clients look for it."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return status, _JSON, self.dump({"object": "error", **error, "code": status}).encode()


@broken(
    "server.error.{envelope,route-envelope} {chat,completions,embeddings}.error.unknown-model-code",
    defect="embeddings-token-array-422-detail",
)
class DetailOfAFramework(Scripted):
    """Errors are the framework's own, 422 included, without a code."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        detail = [{"loc": ["body", error["param"]], "msg": error["message"], "type": "value_error"}]
        return (422 if status == 400 else status), _JSON, self.dump({"detail": detail}).encode()


@broken(
    "server.error.{envelope,route-envelope} {chat,completions,embeddings}.error.unknown-model-code",
    defect="fastchat-error-body-is-json-string",
)
class ErrorIsAString(Scripted):
    """The body of an error is text in quotes."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return status, _JSON, json.dumps("Internal Server Error").encode()


@broken("server.error.{envelope,type}")
class NoErrorType(Scripted):
    """The errors of known routes have no type."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, status, {**error, "type": None})


@broken("server.error.all-keys")
class NoParamKey(Scripted):
    """Errors that are about no field have no ``param``."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(
            request, status, {key: value for key, value in error.items() if key != "param" or value}
        )


@broken("server.error.code-is-text")
class NumericCode(Scripted):
    """The code of a 400 is its status, as a number."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, status, {**error, "code": status} if status == 400 else error)


@broken("server.error.content-type")
class ErrorsSayText(Scripted):
    """Errors have the content type of plain text, unless a stream was asked for."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        status, headers, body = super().error(request, status, error)
        return (
            status,
            headers if request.stream else {**headers, "content-type": "text/plain"},
            body,
        )


@broken("server.error.type")
class OtherErrorType(Scripted):
    """The type of a 400 is a class's name."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, status, {**error, "type": "BadRequestError"})


@broken("server.error.param")
class NoParam(Scripted):
    """No error names the field at fault."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, status, {**error, "param": None})


@broken("{chat,completions,embeddings}.error.unknown-model-code")
class NoCode(Scripted):
    """No error has a code."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, status, {**error, "code": None})


@broken("server.error.unknown-route")
class CatchAllRoute(Scripted):
    """Any path is answered, with a word for browsers."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if error["code"] == "unknown_url":
            return 200, _JSON, b'{"status": "running"}'
        return super().error(request, status, error)


@broken("server.error.route-envelope")
class PlainNotFound(Scripted):
    """An unknown path is a 404 in plain text."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if error["code"] == "unknown_url":
            return 404, {"content-type": "text/plain"}, b"404 page not found"
        return super().error(request, status, error)


@broken("server.error.wrong-method")
class WrongMethodCrashes(Scripted):
    """A GET where only POST is known is a 500."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, 500 if status == 405 else status, error)


@broken("{chat,completions,embeddings}.error.unknown-model model.retrieve.unknown")
class UnknownModelIs400(Scripted):
    """A model that is not there is a 400."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        return super().error(request, 400 if error["code"] == "model_not_found" else status, error)


@broken("{chat,completions,embeddings}.error.unknown-model", defect="model-not-found-impersonated")
class Impersonates(Scripted):
    """Whatever model is named, the first one of its kind answers under that name."""

    def receive(self, request: Request) -> Request:
        try:
            self.find(request, request.json.get("model"))
        except Refusal as refusal:
            if refusal.code == "model_not_found":
                request.headers["x-impersonates"] = request.json["model"]
                embeds = request.endpoint == "embeddings"
                request.json["model"] = next(
                    model.id for model in self.models if model.embeds == embeds
                )
        return super().receive(request)

    def answer(self, request: Request, body: Json) -> Json:
        name = request.headers.get("x-impersonates")
        return {**body, "model": name} if name else body
