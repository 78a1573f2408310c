"""Failures, warnings, errors and skips for a terminal, the gravest in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..verdict import Result, Run
from .findings import Findings
from .page import MARGIN, Ink, Page
from .wording import expectation, remark, rerun

# Ids that stand below a reason for skipping; more than these say nothing to a reader.
_FEW = 4
_SHORT = 200


def add_findings(page: Page, run: Run, found: Findings) -> None:
    """Add everything that is not a pass; a cause that explains all failures is told once."""
    explained: set[Result] = set()
    if found.cause:
        explained = set(found.cause[1])
        page.rule("Likely cause", Ink.BAD)
        page.line(f"Nothing works, and {len(explained)} checks say the same:")
        page.evidence("actual", found.cause[0])
        page.labelled("checks", "  ".join(result.id for result in found.cause[1]))
        page.command("curl", found.cause[1][0].curl)
    failures = [result for result in found.failures if result not in explained]
    errors = [result for result in found.errors if result not in explained]
    _add_each(page, run, "Failures", failures, _add_failure)
    _add_each(page, run, "Warnings", found.warnings, _add_warning)
    _add_each(page, run, "Errors: the judge's fault or the network's", errors, _add_error)
    if found.known:
        page.rule("Known failures")
        for result in found.known:
            page.line(f"{result.id}  {result.known}", indent=2)
    _add_skips(page, found)


def _add_each(
    page: Page,
    run: Run,
    title: str,
    results: Sequence[Result],
    add: Callable[[Page, Run, Result], None],
) -> None:
    if results:
        page.rule(title)
    for result in results:
        page.blank()
        add(page, run, result)


def _add_failure(page: Page, run: Run, result: Result) -> None:
    page.verdict("FAIL", result.id, result.level, Ink.BAD)
    page.line(result.title, indent=MARGIN)
    page.labelled("because", remark(result))
    page.labelled("requires", _requirement(result))
    page.evidence("expected", expectation(result))
    page.evidence("actual", result.actual)
    page.command("curl", result.curl)
    page.command("rerun", rerun(run, result))


def _add_warning(page: Page, _run: Run, result: Result) -> None:
    page.verdict("WARN", result.id, result.level, Ink.WARN)
    page.labelled("because", remark(result))
    page.labelled("requires", _requirement(result))
    page.evidence("expected", expectation(result), limit=_SHORT)
    page.evidence("actual", result.actual, limit=_SHORT)


def _add_error(page: Page, run: Run, result: Result) -> None:
    page.verdict("ERROR", result.id, result.level, Ink.WARN)
    page.evidence("because", result.message or result.actual)
    page.command("rerun", rerun(run, result))


def _add_skips(page: Page, found: Findings) -> None:
    if found.skips:
        page.rule("Skipped")
    for reason, results in found.skips:
        page.counted(len(results), reason or "no reason given")
        if len(results) <= _FEW:
            page.line("  ".join(result.id for result in results), indent=MARGIN, ink=Ink.DIM)


def _requirement(result: Result) -> str:
    return f"{result.says}   ({result.requirement})" if result.says else result.requirement
