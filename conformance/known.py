"""Known failures: failures that are told, but do not count.

A file has one check id or glob a line, then the reason, with or without a ``#`` before it::

    # what our proxy cannot do yet
    chat.stream.*        # issue 12
    embeddings.dimensions  the model has one size

The checks still run. A line that is not needed any more, or never matched, is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from .errors import ConfigurationError
from .reports.printable import clipped, printable
from .reports.redact import redacted
from .reports.wording import expectation
from .verdict import Result, Run, Verdict

_PATTERN = re.compile(r"[A-Za-z0-9_.*?\[\]!-]+")
_REASON = 80
# A warning counts as a failure under --strict, so a line may cover it.
_COVERED = {Verdict.FAIL, Verdict.WARN}


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """One line: which checks, and why their failure is known."""

    pattern: str
    reason: str
    line: int

    def covers(self, check: str) -> bool:
        """Whether this line is about the check with this id."""
        return fnmatchcase(check, self.pattern)


def load(path: Path) -> tuple[KnownFailure, ...]:
    """The lines of a file; ConfigurationError where it cannot be read or a line is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"known failures cannot be read: {path}: {error}"
        raise ConfigurationError(msg) from None
    return parse(text, str(path))


def parse(text: str, name: str = "known failures") -> tuple[KnownFailure, ...]:
    """The lines of ``text``; ``name`` is what an error calls it."""
    lines: list[KnownFailure] = []
    for number, line in enumerate(text.splitlines(), 1):
        pattern, _, rest = line.replace("\t", " ").strip().partition(" ")
        if not pattern or pattern.startswith("#"):
            continue
        reason = rest.strip().lstrip("#").strip()
        if not _PATTERN.fullmatch(pattern):
            raise _wrong(name, number, f"{pattern!r} is not a check id or a glob of ids")
        if not reason:
            raise _wrong(name, number, f"say why {pattern} fails, as in {pattern} # issue 12")
        if earlier := next((known for known in lines if known.pattern == pattern), None):
            raise _wrong(name, number, f"{pattern} stands in line {earlier.line} already")
        lines.append(KnownFailure(pattern, reason, number))
    return tuple(lines)


def mark(
    known: Sequence[KnownFailure], results: Iterable[Result], ids: Iterable[str]
) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """The results with ``known`` set where a line covers them, and the lines that are wrong.

    ``ids`` are those of all checks there are, not only of this run: a line is unknown if it
    matches none of them, and stale if a check it covers passed and none of them failed.
    Of several lines that cover a check, the first gives the reason.
    """
    marked = tuple(_marked(known, result) for result in results)
    every = set(ids) | {result.id for result in marked}
    problems: list[str] = []
    for line in known:
        where = f"known failures, line {line.line}: {line.pattern}"
        verdicts = {result.verdict for result in marked if line.covers(result.id)}
        if not any(map(line.covers, every)):
            problems.append(f"{where} is no check; see openai-conformance list")
        elif Verdict.PASS in verdicts and verdicts <= {Verdict.PASS, Verdict.SKIP}:
            problems.append(f"{where} passes now; remove the line")
    return marked, tuple(problems)


def written(run: Run, *, strict: bool = False) -> str:
    """A file that covers every failure of ``run`` (``strict``: and every warning)."""
    run = redacted(run)
    counted = _COVERED if strict else {Verdict.FAIL}
    lines = [
        f"# Known failures of {printable(run.server.url)}, profile {printable(run.profile)}.",
        f"# Written by {printable(run.tool)}; replace each reason by a better one.",
    ]
    covered = sorted((r for r in run.results if r.verdict in counted), key=lambda r: r.id)
    width = max((len(result.id) for result in covered), default=0)
    lines += [f"{result.id.ljust(width)}  # {_reason(result)}" for result in covered]
    return "\n".join(lines) + "\n"


def _marked(known: Sequence[KnownFailure], result: Result) -> Result:
    if result.verdict not in _COVERED:
        return result
    line = next((line for line in known if line.covers(result.id)), None)
    return replace(result, known=line.reason) if line else result


def _reason(result: Result) -> str:
    reason = result.known or result.message or f"expected {expectation(result)}"
    return clipped(printable(reason).lstrip("# ") or "no reason given", _REASON)


def _wrong(name: str, line: int, what: str) -> ConfigurationError:
    return ConfigurationError(f"{name}, line {line}: {what}")
