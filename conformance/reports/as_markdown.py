"""The Markdown report, short enough for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from ..verdict import Result, Run
from .findings import Findings, findings
from .markup import code, commands, evidence, folded, html_code, prose, table
from .redact import redacted
from .support import Block, Standing, blocks
from .wording import effort, expectation, headline, remark, rerun, summary

# GitHub refuses a comment of more than 65,536 characters.
_ROOM = 60_000
_MOST_COMMAND = 4000
_COLUMNS = (
    (Standing.KEPT, "✓ works"),
    (Standing.MISSING, "✗ documented, not honoured"),
    (Standing.EXTRA, "+ extra"),
    (Standing.HARMFUL, "! breaks"),
    (Standing.ABSENT, "· not supported"),
    (Standing.UNTESTED, "? untested"),
)


def render(run: Run) -> str:
    """GitHub flavoured Markdown; findings that do not fit are only named."""
    run = redacted(run)
    found = findings(run)
    facts = [code(run.server.url)]
    facts += [code(model) for model in (run.server.chat_model,) if model]
    parts = [f"### {prose(headline(run))}", " · ".join(facts), f"**{prose(summary(run))}**"]
    if remarks := [f"- {prose(text)}" for text in (*run.problems, *run.server.notes)]:
        parts.append("\n".join(remarks))
    if run.support:
        parts.append(folded("Support by endpoint", _support(blocks(run.support))))
    parts += _findings(run, found, _ROOM - sum(map(len, parts)))
    parts.append(f"<sub>{prose(run.tool)} · {prose(effort(run))}</sub>")
    return "\n\n".join(parts) + "\n"


def _support(matrix: Sequence[Block]) -> str:
    used = [(place, head) for place, head in _COLUMNS if any(b.rows(place) for b in matrix)]
    rows = (
        [code(b.title), *(" ".join(code(row.name) for row in b.rows(place)) for place, _ in used)]
        for b in matrix
    )
    return table(["endpoint", *(head for _, head in used)], rows)


def _findings(run: Run, found: Findings, room: int) -> list[str]:
    parts: list[str] = []
    told = [("failed", result) for result in found.failures]
    told += [("error", result) for result in found.errors]
    told += [("warning", result) for result in found.warnings]
    named: list[Result] = []
    for word, result in told:
        part = _finding(run, word, result)
        if len(part) > room:
            named.append(result)
            continue
        parts.append(part)
        room -= len(part)
    if named:
        parts.append(folded(f"{len(named)} more findings", " ".join(code(r.id) for r in named)))
    if found.known:
        rows = ([code(r.id), prose(r.known or "")] for r in found.known)
        parts.append(folded("Known failures", table(["check", "reason"], rows)))
    if found.skips:
        rows = ([str(len(results)), prose(reason)] for reason, results in found.skips)
        parts.append(folded(f"{found.skipped} skipped", table(["checks", "reason"], rows)))
    return parts


def _finding(run: Run, word: str, result: Result) -> str:
    lines = [prose(result.title)]
    if text := remark(result):
        lines.append(prose(text))
    if result.says:
        lines.append(f"**requires** {prose(result.says)} ({code(result.requirement)})")
    if result.expected:
        lines.append(f"**expected** {code(expectation(result)[:500])}")
    if result.actual:
        lines.append(f"**actual**\n{evidence(result.actual)}")
    curl = result.curl if len(result.curl) <= _MOST_COMMAND else ""
    lines.append(commands(curl, rerun(run, result)))
    return folded(f"{word} {html_code(result.id)} {result.level}", "\n\n".join(lines))
