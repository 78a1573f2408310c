"""What a running server has loaded, asked over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from .library import LibraryError

PATIENCE = 10
"""Seconds to wait for the server."""


class NoAnswerError(LibraryError):
    """A server that cannot say what it has loaded."""


def running(url: str, api_key: str | None = None) -> list[dict[str, Any]]:
    """The loaded models, as ``/api/ps`` lists them; NoAnswerError where the server does not."""
    address = url.rstrip("/").removesuffix("/v1") + "/api/ps"
    if not address.startswith(("http://", "https://")):
        msg = f"{url!r} is not the address of a server; one is http://127.0.0.1:11434."
        raise NoAnswerError(msg)
    headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310 - http(s) only
            found: list[dict[str, Any]] = json.load(answer)["models"]
            return found
    except HTTPError as error:
        why = {404: "start it with --management", 401: "give its key with --api-key"}
        hint = why.get(error.code, "is it this server?")
        msg = f"{url} does not say what is loaded (status {error.code}): {hint}."
        raise NoAnswerError(msg) from error
    except (URLError, OSError) as error:
        msg = f"No server answers at {url}: {error.strerror or getattr(error, 'reason', error)}."
        raise NoAnswerError(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{url} answers, but not as this server does."
        raise NoAnswerError(msg) from error
