"""The comparison of several runs, as text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from ..errors import ConfigurationError
from ..verdict import Run, Support, Verdict
from .comparison import Column, Comparison, compare
from .document import document, text
from .markup import code, prose, table
from .page import Ink, Page
from .printable import printable
from .support import LEGEND, PATHS, standing
from .tree import append, element
from .wording import headline, summary

_NOT_SAME = "≠"
_WORDY = 12
_TERSE = 4
_NAME = 28
_SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.SKIP: "·",
    Verdict.WARN: "!",
    Verdict.FAIL: "✗",
    Verdict.ERROR: "?",
}


def render(runs: Sequence[Run], format: str = "text") -> str:  # noqa: A002 - the option's name
    """Runs side by side in one of ``COMPARISONS``; ConfigurationError for another format."""
    if format not in COMPARISONS:
        msg = f"a comparison is written as {', '.join(COMPARISONS)}, not as {format!r}"
        raise ConfigurationError(msg)
    if not runs:
        msg = "a comparison needs a report"
        raise ConfigurationError(msg)
    return COMPARISONS[format](compare(runs))


def as_text(comparison: Comparison, *, width: int = 80, colour: bool = False) -> str:
    """For a terminal; with many servers the cells are symbols only."""
    page = Page(width, colour=colour)
    for column in comparison.columns:
        page.labelled(column.letter, _described(column), indent=0)
        page.labelled("", summary(column.run), indent=0, ink=Ink.DIM)
    letters = [column.letter for column in comparison.columns]
    terse = _NAME + len(letters) * _WORDY > width
    cell = _TERSE if terse else _WORDY
    page.rule("Support")
    page.items([f"{place.symbol} {says}" for place, says in LEGEND])
    for endpoint, rows in comparison.endpoints():
        page.blank()
        page.table(PATHS.get(endpoint, endpoint), letters, cell, ink=Ink.BOLD)
        for row in rows:
            mark = _NOT_SAME if row.differs else " "
            cells = [_support(item)[:1] if terse else _support(item) for item in row.cells]
            page.table(f"{mark} {row.name}", cells, cell)
    if comparison.verdicts:
        page.rule("Verdicts that differ")
        page.table("", letters, cell, ink=Ink.BOLD)
    for verdict in comparison.verdicts:
        words = [_verdict(item)[:1] if terse else _verdict(item) for item in verdict.cells]
        page.table(verdict.id, words, cell)
    return str(page)


def as_markdown(comparison: Comparison) -> str:
    """For a comment or a page of documentation."""
    letters = [column.letter for column in comparison.columns]
    parts = [
        "\n".join(
            f"- **{column.letter}** {prose(_described(column))}" for column in comparison.columns
        )
    ]
    for endpoint, rows in comparison.endpoints():
        cells = ([code(row.name), *(prose(_support(cell)) for cell in row.cells)] for row in rows)
        parts.append(table([code(PATHS.get(endpoint, endpoint)), *letters], cells))
    if comparison.verdicts:
        cells = (
            [code(row.id), *(prose(_verdict(cell)) for cell in row.cells)]
            for row in comparison.verdicts
        )
        parts.append(table(["verdicts that differ", *letters], cells))
    return "\n\n".join(parts) + "\n"


def as_html(comparison: Comparison) -> str:
    """One file, readable without a script."""
    body = [text("h1", "Servers compared")]
    for column in comparison.columns:
        card = element("div", text("b", column.letter), " ", class_="card")
        append(card, text("code", column.run.server.url), " ", text("span", headline(column.run)))
        append(card, text("p", summary(column.run), class_="dim"))
        body.append(card)
    heads = [text("th", column.letter) for column in comparison.columns]
    grid = element("table", element("tr", text("th", ""), *heads))
    for endpoint, rows in comparison.endpoints():
        span = {"colspan": str(len(heads) + 1)}
        head = element("th", printable(PATHS.get(endpoint, endpoint)), **span)
        append(grid, element("tr", head, class_="group"))
        for row in rows:
            name = element("td", text("code", row.name), f" {_NOT_SAME}" if row.differs else "")
            append(grid, element("tr", name, *(_cell(cell) for cell in row.cells)))
    body += [text("h2", "Support"), element("div", grid, class_="card scroll")]
    if comparison.verdicts:
        heads = [text("th", column.letter) for column in comparison.columns]
        grid = element("table", element("tr", text("th", ""), *heads))
        for check in comparison.verdicts:
            name = element("td", text("code", check.id), text("p", check.title, class_="dim"))
            cells = (
                text("td", _verdict(cell), class_=f"chip {cell or ''}") for cell in check.cells
            )
            append(grid, element("tr", name, *cells))
        body += [text("h2", "Verdicts that differ"), element("div", grid, class_="card scroll")]
    return document("Servers compared", *body)


COMPARISONS: dict[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "html": as_html,
}
"""The writers of a comparison by the name of their format."""


def _described(column: Column) -> str:
    run = column.run
    words = (run.server.url, run.server.chat_model, headline(run))
    return " · ".join(word for word in words if word)


def _support(row: Support | None) -> str:
    return f"{standing(row).symbol} {row.observed}" if row else "-"


def _verdict(verdict: Verdict | None) -> str:
    return f"{_SYMBOLS[verdict]} {verdict}" if verdict else "-"


def _cell(row: Support | None) -> Element:
    return text("td", _support(row), class_=f"chip {standing(row)}" if row else "")
