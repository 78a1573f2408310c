"""The last line of defence against a report that holds a secret.

The transport masks the key it sends; this masks what comes back, or came by the URL.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import cast

from ..verdict import Run

MASK = "***"

_PRIVATE_HEADERS = {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"}
_SECRETS = (
    # The password, or user and password, of a URL.
    (re.compile(r"(?<=://)[^\s/@'\"]+(?=@)"), MASK),
    # A credential after its scheme; a word of prose has no digit and is not as long.
    (re.compile(r"\b(Bearer|Basic) +(?=\S*\d|\S{24})[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    # Keys of the usual providers, which servers like to quote in their 401.
    (re.compile(r"\b(sk|hf|gsk|xai)([-_])[\w-]{16,}"), rf"\1\2{MASK}"),
)


def redacted(run: Run) -> Run:
    """``run`` with credentials masked in every text."""
    headers = tuple(
        (name, MASK if name.lower() in _PRIVATE_HEADERS else value)
        for name, value in run.server.headers
    )
    return cast("Run", _masked(replace(run, server=replace(run.server, headers=headers))))


def _masked(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
        for pattern, mask in _SECRETS:
            value = pattern.sub(mask, value)
    elif isinstance(value, tuple):
        return tuple(map(_masked, value))
    elif is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _masked(getattr(value, f.name)) for f in fields(value)})
    return value
