"""The report for a terminal: what the server supports, what it breaks, and how to see it.

At most ``width`` columns; only a word of a command that cannot be broken is longer.
"""

from __future__ import annotations

from ..verdict import Run, ServerFacts
from .findings import Findings, Outcome, findings, outcome
from .page import Ink, Page
from .printable import clipped, columns, printable
from .redact import redacted
from .text_findings import add_findings
from .text_support import add_support
from .wording import effort, headline, summary


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:
    """The whole report, ending with a line end."""
    run = redacted(run)
    found = findings(run)
    page = Page(width, colour=colour)
    _add_header(page, run)
    add_support(page, run.support)
    add_findings(page, run, found)
    _add_footer(page, run, found)
    return str(page)


def _add_header(page: Page, run: Run) -> None:
    page.ends(run.server.url, f"profile {run.profile}")
    page.ends(run.tool, run.started, Ink.DIM)
    page.blank()
    facts = [("models", _models(run.server))]
    headers = (f"{name}: {clipped(printable(value), 60)}" for name, value in run.server.headers)
    facts += [("server", " · ".join(headers))]
    found = run.server.capabilities
    facts += [("has", " · ".join(name for name, state, _ in found if state == "present"))]
    facts += [
        ("lacks", f"{name}, {state}: {why}") for name, state, why in found if state != "present"
    ]
    facts += [("note", note) for note in run.server.notes]
    for label, text in facts:
        page.labelled(label, text, indent=0)


def _models(server: ServerFacts) -> str:
    roles = (
        ("chat", server.chat_model),
        ("embeddings", server.embedding_model),
        ("vision", server.vision_model),
    )
    used: dict[str, list[str]] = {}
    for role, model in roles:
        if model:
            used.setdefault(model, []).append(role)
    parts = [f"{model} ({', '.join(names)})" for model, names in used.items()]
    if others := len(set(server.models) - set(used)):
        parts.append(f"{others} more" if used else f"{others} listed")
    return " · ".join(parts)


def _add_footer(page: Page, run: Run, found: Findings) -> None:
    page.rule()
    page.line(headline(run), ink=Ink.GOOD if outcome(run) is Outcome.CONFORMS else Ink.BAD)
    page.line(_summary(page, run, found), ink=Ink.BOLD)
    for problem in run.problems:
        page.labelled("problem", problem, indent=0, ink=Ink.WARN)
    page.line(effort(run), ink=Ink.DIM)


def _summary(page: Page, run: Run, found: Findings) -> str:
    """The counts, with the reason for the skips where there is one and it fits."""
    line = summary(run)
    if len(found.skips) == 1:
        longer = line.replace(" skipped", f" skipped ({found.skips[0][0]})")
        if columns(longer) <= page.width:
            return longer
    return line
