"""Derives one check for each row of a profile that is about a field or a feature.

An *observer* uses the field and looks for its effect. How it ends says what the server does
with the field: it returns (honoured), finds no effect (ignored), is refused (rejected), or
the server fails (broken). Whether that is right depends on what the profile documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from ..spec import Documented, Field, Level, Profile, Row
from .check import GENERATING, Body, Check, bind
from .errors import NoAnswer
from .expect import Malfunction, Refused, Unexpected, Untested, get
from .verdict import Observed

_observers: dict[str, Body] = {}
_ACCEPTED = "accepted; its effect cannot be seen"
_NOTE = 100
"""The longest note of a row in the support matrix, in characters."""


@dataclass(frozen=True)
class Observation:
    """What a server was seen to do with a field, and why in a few words."""

    observed: Observed
    note: str = ""

    @classmethod
    def of(cls, error: BaseException | None) -> Observation:
        """What it means that an observer ended like this (None: it returned)."""
        if error is None:
            return cls(Observed.HONOURED)
        if isinstance(error, Unexpected):
            return cls(_observed(error), in_short(error))
        if isinstance(error, NoAnswer) and error.kind != "unreachable":
            return cls(Observed.BROKEN, str(error))
        return cls(Observed.UNTESTED, str(error))


def _observed(error: Unexpected) -> Observed:
    if isinstance(error, Refused):
        return Observed.REJECTED
    return Observed.BROKEN if isinstance(error, Malfunction) else Observed.IGNORED


def in_short(error: Unexpected) -> str:
    """What a server said or did, in a line."""
    exchange = error.exchange
    if isinstance(error, (Refused, Malfunction)) and exchange is not None:
        said = get(exchange.json, "error", "message")
        text = f"{exchange.status} {said if isinstance(said, str) else exchange.text}"
    else:
        text = f"{error.what}: {error.actual}"
    text = " ".join(text.split())
    return text if len(text) <= _NOTE else f"{text[: _NOTE - 1]}…"


def observes(
    *names: str, over: Iterable[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register an observer of these fields (``chat.temperature``).

    With ``over``, the names are without their endpoint, and the function gets it as well.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        for name in names:
            for endpoint in over:
                _add(f"{endpoint}.{name}", bind(function, endpoint))
            if not over:
                _add(name, function)
        return function

    def _add(field_id: str, run: Body) -> None:
        if field_id in _observers:
            msg = f"two observers of {field_id}"
            raise ValueError(msg)
        _observers[field_id] = run

    return register


def observers() -> dict[str, Body]:
    """Every observer by the id of its field."""
    from . import observers as modules

    modules.load()
    return dict(_observers)


def field_checks(profile: Profile) -> list[Check]:
    """One check for each row about a field or a feature, in the profile's order."""
    known = observers()
    return [_check(row, known[row.field.id]) for row in profile.rows if row.field is not None]


def check_id(field: Field) -> str:
    """``chat.field.temperature`` or ``chat.feature.streaming``."""
    kind = "feature" if field.kind == "feature" else "field"
    return f"{field.endpoint}.{kind}.{field.name}"


def _check(row: Row, observer: Body) -> Check:
    field = row.field
    assert field is not None  # noqa: S101 - for the type checker; the caller has looked
    needs = [field.capability] if field.capability else []
    if field.endpoint in GENERATING:
        needs.insert(0, field.endpoint)
    return Check(check_id(field), _title(field), field.id, field.endpoint, observer, tuple(needs))


def _title(field: Field) -> str:
    if field.kind == "feature":
        return f"The feature {field.name} of {field.endpoint} works."
    return f"The field {field.name} of {field.endpoint} has its effect."


def finding(
    row: Row, observation: Observation, error: BaseException | None
) -> BaseException | None:
    """What of an observer's ending counts against the server; None where it conforms.

    A server may do more than its profile documents, and less where nothing is promised;
    broken is never right.
    """
    if isinstance(error, (Unexpected, NoAnswer)) and observation.observed is Observed.BROKEN:
        if isinstance(error, Unexpected):
            error.level = Level.MUST
        return error
    if observation.observed in {Observed.IGNORED, Observed.REJECTED}:
        return error if row.documented is Documented.SUPPORTED else None
    return error


def accepted_only() -> NoReturn:
    """End an observer of a field whose effect no answer can show."""
    raise Accepted(_ACCEPTED)


class Accepted(Untested):
    """The field was accepted and cannot have a visible effect."""
