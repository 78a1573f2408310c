"""The scores in the model card: a table between two comments, written by the exam."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .exam import FORCED
from .marking import MEANING, Mark

CARD: Final = Path(__file__).parent.parent / "MODEL_CARD.md"
BEGIN: Final = "<!-- scores: written by the exam -->"
END: Final = "<!-- end of scores -->"

Marks = Mapping[str, Mark]


def table(llamacpp: Marks, ctransformers: Marks) -> str:
    """A row for each skill: the share of right answers on both engines, and of equal ones."""
    lines = [
        "| skill | questions | llama.cpp | ctransformers | same answer on both |",
        "| --- | --- | --- | --- | --- |",
    ]
    for skill, mark in llamacpp.items():
        other = ctransformers.get(skill)
        name = f"{skill}, valid" if skill in FORCED else skill
        scores = f"{mark.share:.3f} | {other.share:.3f}" if other else f"{mark.share:.3f} | -"
        same = "" if not other or skill in (*FORCED, MEANING) else f"{equal(mark, other):.3f}"
        lines.append(f"| {name} | {len(mark.answers)} | {scores} | {same or '-'} |")
    return "\n".join(lines)


def equal(one: Mark, other: Mark) -> float:
    """The share of answers that are equal to the letter."""
    pairs = list(zip(one.answers, other.answers, strict=True))
    return sum(a == b for a, b in pairs) / len(pairs)


def put(scores: str, card: Path = CARD) -> None:
    """Put a table into the card; ValueError where the card has no place for it."""
    text = card.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        msg = f"{card.name} has no lines {BEGIN!r} and {END!r} to put the scores between."
        raise ValueError(msg)
    card.write_text(f"{before}{BEGIN}\n{scores}\n{END}{after}", encoding="utf-8")
