"""Several runs side by side: what each server does with a field, and where verdicts differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase
from typing import TypeVar

from ..verdict import Result, Run, Support, Verdict
from .redact import redacted

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Column:
    """One run and the letter it goes by."""

    letter: str
    run: Run


@dataclass(frozen=True, slots=True)
class SupportRow:
    """What each server does with one field; None where its run does not know the field."""

    endpoint: str
    name: str
    cells: tuple[Support | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two servers were seen to do different things."""
        return len({cell.observed for cell in self.cells if cell}) > 1


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What each server got from one check; None where it was not part of the run."""

    id: str
    title: str
    cells: tuple[Verdict | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything there is to compare."""

    columns: tuple[Column, ...]
    support: tuple[SupportRow, ...]
    verdicts: tuple[VerdictRow, ...]
    """Only the checks on which the runs do not agree."""

    def endpoints(self) -> Iterable[tuple[str, Sequence[SupportRow]]]:
        """The support rows by endpoint."""
        for endpoint, rows in groupby(self.support, key=lambda row: row.endpoint):
            yield endpoint, tuple(rows)


def compare(runs: Sequence[Run]) -> Comparison:
    """Put runs next to each other, in the order given; rows in the order of the first run."""
    runs = [redacted(run) for run in runs]
    rows = [{(row.endpoint, row.name): row for row in run.support} for run in runs]
    checks = [{result.id: result for result in run.results} for run in runs]
    titles = {result.id: result.title for run in reversed(runs) for result in run.results}
    return Comparison(
        columns=tuple(Column(_letter(number), run) for number, run in enumerate(runs)),
        support=tuple(
            SupportRow(*key, tuple(known.get(key) for known in rows)) for key in _by_endpoint(rows)
        ),
        verdicts=tuple(
            VerdictRow(check, titles[check], cells)
            for check in _merged(checks)
            if len({*(cells := tuple(_verdict(known.get(check)) for known in checks))} - {None}) > 1
        ),
    )


def _verdict(result: Result | None) -> Verdict | None:
    return result.verdict if result else None


def _by_endpoint(rows: Sequence[dict[tuple[str, str], Support]]) -> list[tuple[str, str]]:
    keys = _merged(rows)
    order = list(dict.fromkeys(endpoint for endpoint, _ in keys))
    return sorted(keys, key=lambda key: order.index(key[0]))


def _merged(known: Iterable[Iterable[_Key]]) -> list[_Key]:
    return list(dict.fromkeys(key for keys in known for key in keys))


def _letter(number: int) -> str:
    more, place = divmod(number, len(ascii_uppercase))
    return (_letter(more - 1) if more else "") + ascii_uppercase[place]
