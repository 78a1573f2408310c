"""The support matrix, grouped the way a reader asks: what works, what is missing, what is extra."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ...spec import Documented
from ..verdict import Observed, Support

PATHS = {
    "chat": "POST /v1/chat/completions",
    "completions": "POST /v1/completions",
    "models": "GET /v1/models",
    "model": "GET /v1/models/{model}",
    "embeddings": "POST /v1/embeddings",
}
"""How a heading names an endpoint; one that is not here goes by its own name."""


class Standing(StrEnum):
    """How what a server does compares with what its document says."""

    KEPT = "kept"
    """Documented as supported, and honoured."""
    MISSING = "missing"
    """Documented as supported, but ignored, rejected or broken."""
    EXTRA = "extra"
    """Honoured, though not documented as supported."""
    HARMFUL = "harmful"
    """Not documented as supported, and the server breaks on it."""
    ABSENT = "absent"
    """Not documented as supported, and ignored or rejected."""
    UNTESTED = "untested"

    @property
    def symbol(self) -> str:
        """One column for a terminal."""
        return _SYMBOLS[self]


_SYMBOLS = {
    Standing.KEPT: "✓",
    Standing.MISSING: "✗",
    Standing.HARMFUL: "!",
    Standing.EXTRA: "+",
    Standing.ABSENT: "·",
    Standing.UNTESTED: "?",
}

LEGEND = (
    (Standing.KEPT, "works"),
    (Standing.MISSING, "documented, but not honoured"),
    (Standing.EXTRA, "extra"),
    (Standing.HARMFUL, "breaks the server"),
    (Standing.ABSENT, "not supported"),
    (Standing.UNTESTED, "untested"),
)
"""The standings in the order of a block, and what a legend says of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one endpoint of which the same is to be said."""

    standing: Standing
    observed: Observed
    rows: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The support matrix of one endpoint."""

    endpoint: str
    groups: tuple[Group, ...]

    @property
    def title(self) -> str:
        """The endpoint's method and path."""
        return PATHS.get(self.endpoint, self.endpoint)

    @property
    def documented(self) -> int:
        """How many rows are documented as supported and were tested."""
        return self._count(Standing.KEPT) + self._count(Standing.MISSING)

    @property
    def kept(self) -> int:
        """How many of the documented rows are honoured."""
        return self._count(Standing.KEPT)

    def rows(self, standing: Standing) -> tuple[Support, ...]:
        """All rows of one standing."""
        return tuple(r for group in self.groups if group.standing is standing for r in group.rows)

    def _count(self, standing: Standing) -> int:
        return len(self.rows(standing))


def standing(row: Support) -> Standing:
    """Where a row of the matrix stands."""
    if row.observed is Observed.UNTESTED:
        return Standing.UNTESTED
    documented = row.documented is Documented.SUPPORTED
    if row.observed is Observed.HONOURED:
        return Standing.KEPT if documented else Standing.EXTRA
    if documented:
        return Standing.MISSING
    return Standing.HARMFUL if row.observed is Observed.BROKEN else Standing.ABSENT


def blocks(support: Iterable[Support]) -> tuple[Block, ...]:
    """The matrix by endpoint, in the order of its rows; what works comes first."""
    endpoints: dict[str, dict[tuple[Standing, Observed], list[Support]]] = {}
    for row in support:
        groups = endpoints.setdefault(row.endpoint, {})
        groups.setdefault((standing(row), row.observed), []).append(row)
    return tuple(
        Block(
            endpoint,
            tuple(Group(*key, tuple(rows)) for key, rows in sorted(groups.items(), key=_order)),
        )
        for endpoint, groups in endpoints.items()
    )


def _order(item: tuple[tuple[Standing, Observed], list[Support]]) -> tuple[int, int]:
    place, observed = item[0]
    return list(Standing).index(place), list(Observed).index(observed)
