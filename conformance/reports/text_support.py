"""The support matrix for a terminal: one block an endpoint, names in aligned columns."""

from __future__ import annotations

from collections.abc import Iterable

from ..verdict import Support
from .page import Ink, Page
from .support import LEGEND, Block, Group, Standing, blocks

_INKS = {
    Standing.KEPT: Ink.GOOD,
    Standing.MISSING: Ink.BAD,
    Standing.HARMFUL: Ink.BAD,
    Standing.EXTRA: Ink.EXTRA,
    Standing.ABSENT: Ink.DIM,
    Standing.UNTESTED: Ink.WARN,
}
_LABEL = 14
# Missing rows that are told one by one; more than these are only named.
_TOLD = 8


def add_support(page: Page, support: Iterable[Support]) -> None:
    """Add the matrix with its legend; nothing where no row was observed."""
    matrix = blocks(support)
    if not matrix:
        return
    page.rule("Support")
    seen = {group.standing for block in matrix for group in block.groups}
    page.items([f"{place.symbol} {says}" for place, says in LEGEND if place in seen])
    for block in matrix:
        _add_block(page, block)


def _add_block(page: Page, block: Block) -> None:
    page.blank()
    score = f"honours {block.kept} of {block.documented} documented" if block.documented else ""
    whole = block.kept == block.documented
    page.ends(block.title, score, right_ink=Ink.GOOD if whole else Ink.BAD)
    for group in block.groups:
        _add_group(page, group)


def _add_group(page: Page, group: Group) -> None:
    label = f"  {group.standing.symbol} {group.observed}".ljust(_LABEL)
    ink = _INKS[group.standing]
    if group.standing in {Standing.MISSING, Standing.HARMFUL} and len(group.rows) <= _TOLD:
        for row in group.rows:
            missing = group.standing is Standing.MISSING
            status = "documented as supported" if missing else str(row.documented)
            page.entry(label, row.name, f"{status}; {row.note}" if row.note else status, ink=ink)
            label = " " * _LABEL
        return
    page.grid(label, [row.name for row in group.rows], ink=ink)
    if group.standing is Standing.UNTESTED:
        for note in dict.fromkeys(row.note for row in group.rows if row.note):
            page.line(note, indent=_LABEL, ink=Ink.DIM)
