"""What a check is, and the catalogue of them all.

A check is one function with one claim. Most are written by hand with the `check`
decorator; `checks.fields` derives one for each row of the profile's matrix.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .server import Server

GENERATING = ("chat", "completions")
"""The endpoints that generate text; most stream checks exist for both."""

MANAGEMENT = "management"
"""The capability of the checks that only run with ``--manage``."""


class Body(Protocol):
    """What a check does: returns, or raises what `expect` defines."""

    def __call__(self, server: Server, /) -> None:
        """Judge one server."""


@dataclass(frozen=True)
class Check:
    """One claim about a server. ``id`` is kept for ever: reports and known failures name it."""

    id: str
    title: str
    requirement: str
    """Id of a requirement, or of a field (``chat.temperature``) for a derived check."""
    endpoint: str
    run: Body
    needs: tuple[str, ...] = ()
    """Capabilities it cannot be judged without."""
    alone: bool = False
    """It measures time or load, so nothing else may run beside it."""

    @property
    def manages(self) -> bool:
        """Whether it makes or removes models, which nobody else may look at meanwhile."""
        return MANAGEMENT in self.needs


_written: dict[str, Check] = {}


def check(
    id: str,  # noqa: A002 - the field's own word, as in pytest.param
    *,
    requirement: str,
    needs: Sequence[str] = (),
    over: Iterable[str] = (),
    alone: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a check. Its docstring is its title: one sentence in the present tense.

    With ``over``, one check is made for each endpoint named: ``{endpoint}`` in the id and
    ``{noun}`` in the docstring are filled in, and the function gets the endpoint as well.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        doc = inspect.getdoc(function) or ""
        for endpoint in over:
            name = id.format(endpoint=endpoint)
            _add(name, doc.format(noun=_NOUNS[endpoint]), endpoint, bind(function, endpoint))
        if not over:
            _add(id, doc, id.partition(".")[0], function)
        return function

    def _add(name: str, title: str, endpoint: str, run: Body) -> None:
        if name in _written:
            msg = f"two checks have the id {name}"
            raise ValueError(msg)
        first = (endpoint,) if endpoint in (*GENERATING, "embeddings") else ()
        _written[name] = Check(name, title, requirement, endpoint, run, (*first, *needs), alone)

    return register


_NOUNS = {
    "chat": "chat completion",
    "completions": "text completion",
    "embeddings": "vector",
    "models": "list of models",
    "model": "model",
}


def bind(function: Callable[..., Any], endpoint: str) -> Body:
    """The function for one endpoint."""

    def run(server: Server, /) -> None:
        function(server, endpoint)

    run.__wrapped__ = function  # type: ignore[attr-defined]  # so that --pdb and IDEs find it
    return run


def written() -> tuple[Check, ...]:
    """Every check written by hand, in the order of their modules."""
    from . import checks

    checks.load()
    return tuple(_written.values())
