"""A run's results, sorted into what a reader has to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..verdict import Result, Run, Verdict

# Below this many failures a shared cause is a coincidence, and each is told in full.
_FEWEST_ALIKE = 3
# The part of the failures that one cause has to explain to be called the likely one.
_MOST_ALIKE = 0.8


class Outcome(StrEnum):
    """What became of a run, as its exit code tells it too."""

    CONFORMS = "conforms"
    FAILS = "fails"
    UNCERTAIN = "uncertain"
    """No failure, but checks that could not be judged."""
    NOT_JUDGED = "not judged"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Findings:
    """The results of a run by what they mean; a known failure is in ``known`` alone."""

    passes: tuple[Result, ...]
    failures: tuple[Result, ...]
    warnings: tuple[Result, ...]
    errors: tuple[Result, ...]
    known: tuple[Result, ...]
    skips: tuple[tuple[str, tuple[Result, ...]], ...]
    """(reason, results), the most frequent reason first."""
    cause: tuple[str, tuple[Result, ...]] | None
    """Where nothing works: the one likely cause, and the results it explains."""

    @property
    def skipped(self) -> int:
        """How many checks were skipped."""
        return sum(len(results) for _, results in self.skips)


def findings(run: Run) -> Findings:
    """What a run found, each result in one place."""
    known = tuple(r for r in run.results if r.known is not None)
    others = [r for r in run.results if r.known is None]
    failures = _of(others, Verdict.FAIL)
    errors = _of(others, Verdict.ERROR)
    passes = _of(others, Verdict.PASS)
    warnings = _of(others, Verdict.WARN)
    works = bool(passes or warnings or known)
    return Findings(
        passes=passes,
        failures=failures,
        warnings=warnings,
        errors=errors,
        known=known,
        skips=_by_message(_of(others, Verdict.SKIP)),
        cause=None if works else _likely_cause((*failures, *errors)),
    )


def outcome(run: Run) -> Outcome:
    """What became of a run; a warning does not count against a server."""
    found = findings(run)
    if run.interrupted:
        return Outcome.INTERRUPTED
    if len(run.results) - found.skipped == len(found.errors):
        return Outcome.NOT_JUDGED
    if found.failures:
        return Outcome.FAILS
    return Outcome.UNCERTAIN if found.errors else Outcome.CONFORMS


def _of(results: Iterable[Result], verdict: Verdict) -> tuple[Result, ...]:
    return tuple(r for r in results if r.verdict is verdict)


def _by_message(results: Iterable[Result]) -> tuple[tuple[str, tuple[Result, ...]], ...]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.message, []).append(result)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return tuple((reason, tuple(group)) for reason, group in ordered)


def _likely_cause(results: tuple[Result, ...]) -> tuple[str, tuple[Result, ...]] | None:
    causes = Counter(cause for r in results if (cause := _cause(r)))
    if len(results) < _FEWEST_ALIKE or not causes:
        return None
    cause, count = causes.most_common(1)[0]
    if count < len(results) * _MOST_ALIKE:
        return None
    return cause, tuple(r for r in results if _cause(r) == cause)


def _cause(result: Result) -> str:
    return result.actual or result.message
