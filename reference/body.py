"""The body of a request as JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import falcon

from .errors import ApiError

LARGEST = 64 << 20
"""Bytes of a request body: a few large pictures."""
DEEPEST = 128
"""Objects and lists within each other: far more than tools have, and few enough for whatever walks
through them, templates and messages to other processes too."""


def read(request: falcon.Request) -> dict[str, Any]:
    """The JSON object of a request's body; ApiError (400, 413) where it is none."""
    if (request.content_length or 0) > LARGEST:
        msg = f"The request is larger than {LARGEST >> 20} MiB. Send less or smaller pictures."
        raise ApiError(413, msg, code="request_too_large")
    data = request.bounded_stream.read()
    if not data.strip():
        raise ApiError(400, "The request has no body; it must be a JSON object.", code="empty_body")
    try:
        body = json.loads(data, parse_constant=_refuse)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise ApiError(
            400, f"The body is not JSON: {_reason(error)}.", code="invalid_json"
        ) from error
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.", code="invalid_json")
    if _is_deep(body):
        raise _too_deep()
    whole: dict[str, Any] = _mended(body) if b"\\u" in data else body
    return whole


def _refuse(name: str) -> NoReturn:
    msg = f"{name} is not a JSON number"
    raise ValueError(msg)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)


def _is_deep(body: dict[str, Any]) -> bool:
    """Whether there are more than DEEPEST objects and lists within each other."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        insides = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for inside in insides for one in inside if isinstance(one, dict | list)]
    return bool(level)


def _too_deep() -> ApiError:
    msg = f"The body is nested too deeply: {DEEPEST} objects and lists within each other, at most."
    return ApiError(400, msg, code="invalid_json")


def _mended(value: Any) -> Any:
    """The value with escaped halves of characters, which no text can hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return value
