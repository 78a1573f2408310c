"""The error answers: the only place that builds the envelope of an error.

Every error a client sees is ``{"error": {"message", "type", "param", "code"}}``, but for those
of the management routes, whose clients expect Ollama's ``{"error": "message"}``.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..backends import BackendError
from ..backends.errors import (
    BadConstraintError,
    BadImageError,
    EngineMissingError,
    InputTooLongError,
    ModelFileError,
    PromptTooLongError,
    RequestError,
    WorkerLostError,
)

TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}


class ApiError(Exception):
    """An error answer: status, message, and what it is about."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.retry_after = retry_after

    @property
    def type(self) -> str:
        """OpenAI's kind of error for the status."""
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return "server_error"
        return TYPES.get(self.status, "invalid_request_error")

    def plain(self) -> dict[str, Any]:
        """The body of an answer to a management request, in Ollama's shape."""
        return {"error": self.message}

    def envelope(self) -> dict[str, Any]:
        """The body of the answer; also sent as an event within a stream."""
        error = {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}


class ClientGoneError(Exception):
    """The client has left; nobody waits for an answer."""


def unknown_model(name: str) -> ApiError:
    """The error for a model that is not here."""
    return ApiError(
        404,
        f"The model {name!r} does not exist here. GET /v1/models lists the models there are.",
        param="model",
        code="model_not_found",
    )


def from_backend(error: BackendError, prompt: str = "messages") -> ApiError:
    """What a backend's error means to a client; ``prompt`` names the field with the prompt."""
    if isinstance(error, RequestError):
        param, code = _BLAME.get(type(error), (prompt, "unsupported"))
        return ApiError(400, str(error), param=param or prompt, code=code)
    if isinstance(error, ModelFileError | EngineMissingError):
        return ApiError(500, f"The model cannot be loaded. {error}", code="model_unavailable")
    code = "engine_lost" if isinstance(error, WorkerLostError) else "engine_failed"
    return ApiError(500, str(error), code=code)


_BLAME: dict[type[BackendError], tuple[str | None, str]] = {
    InputTooLongError: (None, "context_length_exceeded"),
    PromptTooLongError: (None, "context_length_exceeded"),
    BadImageError: (None, "invalid_image"),
    BadConstraintError: ("response_format", "invalid_schema"),
}
"""The field that is to blame for an error, None for the prompt, and the error's code."""
