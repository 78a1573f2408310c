"""The verbs of a check: *do, then expect*. Each raises what the runner turns into a verdict.

::

    AssertionError
    └── Unexpected     the answer differs from what the requirement says
        ├── Refused    a request meant to be valid was answered with a 4xx (or 501)
        └── Malfunction   a 5xx, no answer, or an answer that is not of the API's form
    Untested           this server gives the check nothing to judge: skipped, with the reason
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NoReturn

from ..spec import Level
from .exchange import Brief, Exchange


class Unexpected(AssertionError):  # noqa: N818 - what happened, not whose error
    """What was looked at, what was expected there, and what was there."""

    def __init__(
        self,
        what: str,
        expected: str,
        actual: str,
        exchange: Exchange | None = None,
        level: Level | None = None,
    ) -> None:
        super().__init__(f"{what}: expected {expected}, got {actual}")
        self.what = what
        self.expected = expected
        self.actual = actual
        self.exchange = exchange
        self.level = level
        """Replaces the requirement's level where this finding is more or less binding."""


class Refused(Unexpected):
    """A request that is meant to be valid was refused."""


class Malfunction(Unexpected):
    """The server failed: a 5xx, no complete answer, or an answer of no known form."""


class Untested(Exception):  # noqa: N818 - an outcome, not an error
    """Nothing to judge here; the message says which answer decided."""


def show(value: Any, limit: int = 240) -> str:
    """A value as JSON, shortened for a report."""
    text = (
        value if isinstance(value, Brief) else json.dumps(value, ensure_ascii=False, default=repr)
    )
    return text if len(text) <= limit else text[: limit - 1] + "…"


def expect(what: str, expected: Any, actual: Any, exchange: Exchange | None = None) -> None:
    """``actual`` equals ``expected``, type included (``1`` is not ``True``)."""
    if type(expected) is not type(actual) or expected != actual:
        raise Unexpected(what, show(expected), show(actual), exchange)


def expect_that(
    condition: object, what: str, expected: str, actual: Any, exchange: Exchange | None = None
) -> None:
    """``condition`` holds; ``expected`` says it in words."""
    if not condition:
        raise Unexpected(what, expected, show(actual), exchange)


def expect_in(
    what: str, allowed: Container[Any], actual: Any, exchange: Exchange | None = None
) -> None:
    """``actual`` is one of ``allowed``."""
    if actual not in allowed:
        words = (
            show(sorted(allowed, key=repr))
            if isinstance(allowed, (set, frozenset))
            else show(allowed)
        )
        raise Unexpected(what, f"one of {words}", show(actual), exchange)


def expect_none(what: str, findings: Sequence[str], exchange: Exchange | None = None) -> None:
    """There are no ``findings``; the first ones are shown."""
    if findings:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise Unexpected(what, "none", findings[0] + more, exchange)


def expect_schema(
    what: str,
    errors: Callable[[Any], Sequence[str]],
    value: Any,
    exchange: Exchange | None = None,
) -> None:
    """``value`` is valid: ``errors`` finds nothing in it."""
    if found := errors(value):
        raise Unexpected(what, "valid against its schema", "; ".join(found[:3]), exchange)


def untested(reason: str) -> NoReturn:
    """Stop here: this server or this answer gives nothing to judge."""
    raise Untested(reason)


def get(value: Any, *path: str | int) -> Any:
    """Follow keys and indexes into a JSON value; None where the path ends early."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value
