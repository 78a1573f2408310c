"""Which endpoint a path means, what a browser may send there, and how a body is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote

from .request import Json, Refusal, Request

if TYPE_CHECKING:
    from .request import Endpoint

_ROUTES: dict[str, tuple[Endpoint, str]] = {
    "/chat/completions": ("chat", "POST"),
    "/completions": ("completions", "POST"),
    "/embeddings": ("embeddings", "POST"),
    "/models": ("models", "GET"),
}
_STAINLESS = """
lang package-version os arch runtime runtime-version async
retry-count read-timeout timeout helper-method
"""
ALLOWED_HEADERS = (
    "authorization",
    "content-type",
    *(f"x-stainless-{name}" for name in _STAINLESS.split()),
)
ALLOWED_METHODS = "GET, POST, OPTIONS"


def route(request: Request, prefix: str) -> None:
    """Set the request's endpoint; a trailing slash is forgiven, a model's id may hold slashes."""
    path = request.path.split("?")[0].split("#")[0]
    if not path.startswith(f"{prefix}/"):
        _unknown(request, path)
    path = path[len(prefix) :].rstrip("/")
    endpoint, method = _ROUTES.get(path, ("", ""))
    if not endpoint and path.startswith("/models/"):
        endpoint, method = "model", "GET"
        request.name = unquote(path.removeprefix("/models/"))
    if not endpoint:
        _unknown(request, path)
    if request.method != method and (request.method, method) != ("HEAD", "GET"):
        message = f"Not allowed to {request.method} on {path} (HINT: use {method})."
        raise Refusal(405, message, None, "method_not_supported", allow=f"{method}, OPTIONS")
    request.endpoint = endpoint


def _unknown(request: Request, path: str) -> NoReturn:
    raise Refusal(404, f"Unknown request URL: {request.method} {path}.", None, "unknown_url")


def preflight(request: Request) -> dict[str, str]:
    """Allow what the official clients send from a browser."""
    asked = request.headers.get("access-control-request-headers", "").lower().split(",")
    more = {name.strip() for name in asked if name.strip().startswith(("x-stainless-", "openai-"))}
    return {
        "access-control-allow-methods": ALLOWED_METHODS,
        "access-control-allow-headers": ", ".join(
            [*ALLOWED_HEADERS, *sorted(more - set(ALLOWED_HEADERS))]
        ),
        "access-control-max-age": "600",
    }


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def parse(raw: bytes) -> Json:
    """The object in a body, or refuse."""
    try:
        value: Any = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(
            400, "We could not parse the JSON body of your request: it is not valid JSON."
        ) from None
    if not isinstance(value, dict):
        raise Refusal(400, "We could not use the JSON body of your request: it must be an object.")
    return _whole(value) if b"\\u" in raw else value


def _whole(value: Any) -> Any:
    """The value with every lone surrogate replaced: no answer could repeat it."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value


def check_capabilities(request: Request, without: frozenset[str]) -> None:
    """Refuse a request that needs a capability which the server is configured to lack."""
    body = request.json
    messages = body.get("messages")
    parts = [
        (f"messages[{i}].content[{j}]", part)
        for i, message in enumerate(messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for j, part in enumerate(message["content"])
    ]
    image = next(
        (
            name
            for name, part in parts
            if isinstance(part, dict) and part.get("type") == "image_url"
        ),
        None,
    )
    used = {
        "vision": image,
        "tools": next((name for name in ("tools", "functions") if body.get(name)), None),
        "embeddings": "model" if request.endpoint == "embeddings" else None,
        "infill": "suffix" if request.endpoint == "completions" and body.get("suffix") else None,
        "json": "response_format"
        if body.get("response_format") not in (None, {"type": "text"})
        else None,
    }
    for capability in sorted(without):
        if param := used[capability]:
            raise Refusal(
                400, f"This server does not support {capability}.", param, "unsupported_value"
            )
