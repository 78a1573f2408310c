"""A run's results, sorted into what a reader has to know of them."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..verdict import Result, Run, Verdict

# Below this many failures a shared cause is a coincidence, and each is told in full.
_FEWEST_ALIKE = 3
# The part of the failures that one cause has to explain to be called the likely one.
_MOST_ALIKE = 0.8
# The profile that a run without ``--profile`` judges by.
_DEFAULT_PROFILE = "ollama"


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


def headline(run: Run) -> str:
    """The run's outcome in a few words; a warning does not count against a server."""
    found = findings(run)
    judged = len(run.results) - found.skipped
    if run.interrupted:
        return f"interrupted after {_counted(judged, 'check')}"
    if judged == len(found.errors):
        return "nothing could be judged"
    if found.failures:
        return f"does not conform to {run.profile}"
    if found.errors:
        return "could not be judged in full"
    return f"conforms to {run.profile}" + (" but for known failures" if found.known else "")


def summary(run: Run) -> str:
    """The counts in one line: ``41 passed · 1 failed · 2 warned · 6 skipped · 0 errors``."""
    found = findings(run)
    parts = [
        f"{len(found.passes)} passed",
        f"{len(found.failures)} failed",
        f"{len(found.warnings)} warned",
        f"{found.skipped} skipped",
        _counted(len(found.errors), "error"),
    ]
    if found.known:
        parts.insert(2, _counted(len(found.known), "known failure"))
    return " · ".join(parts)


def effort(run: Run) -> str:
    """What the run cost: requests, tokens and time."""
    return " · ".join(
        (
            _counted(run.requests, "request"),
            f"{run.prompt_tokens:,} prompt + {run.completion_tokens:,} completion tokens",
            f"{run.duration_s:,.1f} s",
        )
    )


def expectation(result: Result) -> str:
    """What was expected and of what, the way a failure shows it; empty if nothing was."""
    return f"{result.what}: {result.expected}" if result.what else result.expected


def remark(result: Result) -> str:
    """The message, unless the title, the expectation and the evidence say it already."""
    message = result.message.strip()
    told = result.expected and result.actual and result.actual in message
    return "" if told or message in {result.title, result.actual, result.expected} else message


def rerun(run: Run, result: Result) -> str:
    """The command that judges this one check again, of the same model."""
    words = ["openai-conformance", "run", run.server.url]
    if run.profile != _DEFAULT_PROFILE:
        words += ["--profile", run.profile]
    # Without the option the first model that answers is judged.
    if run.server.chat_model not in ("", *run.server.models[:1]):
        words += ["--model", run.server.chat_model]
    return shlex.join([*words, "--only", result.id])


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


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
