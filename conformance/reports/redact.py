"""The last line of defence against a report that holds a secret.

The transport masks the key it sends; this masks what comes back, or came by the URL.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..verdict import Result, Run

MASK = "***"

_PRIVATE_HEADERS = {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"}
_SECRETS = (
    # The password, or user and password, of a URL.
    (re.compile(r"(?<=://)[^\s/@'\"]+(?=@)"), MASK),
    # A credential after its scheme, unless it is masked or a shell variable already.
    (re.compile(r"\b(Bearer|Basic) +(?![*$<])[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    # Keys of the usual providers, which servers like to quote in their 401.
    (re.compile(r"\b(sk|hf|gsk|xai)([-_])[\w-]{16,}"), rf"\1\2{MASK}"),
)


def redacted(run: Run) -> Run:
    """``run`` with credentials masked in everything that a report shows."""
    server = run.server
    return replace(
        run,
        server=replace(
            server,
            url=_masked(server.url),
            headers=tuple(
                (name, MASK if name.lower() in _PRIVATE_HEADERS else _masked(value))
                for name, value in server.headers
            ),
            capabilities=tuple((name, _masked(why)) for name, why in server.capabilities),
            notes=tuple(map(_masked, server.notes)),
        ),
        results=tuple(map(_result, run.results)),
        support=tuple(replace(row, note=_masked(row.note)) for row in run.support),
        problems=tuple(map(_masked, run.problems)),
    )


def _result(result: Result) -> Result:
    return replace(
        result,
        message=_masked(result.message),
        expected=_masked(result.expected),
        actual=_masked(result.actual),
        curl=_masked(result.curl),
    )


def _masked(text: str) -> str:
    for pattern, mask in _SECRETS:
        text = pattern.sub(mask, text)
    return text
