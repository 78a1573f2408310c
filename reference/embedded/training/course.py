"""The course of the chat model: which lessons come when, and how fast the weights move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the course."""

    until: float
    """The share of all steps at which it ends."""
    lessons: Mapping[str, float]
    """How often each subject is taught."""
    rates: tuple[float, float]
    """The share of the learning rates at its beginning and at its end; even between them."""
    choice: float = 1.0
    """How much a token counts that is a choice: the beginning of an answer, the name of a tool.

    Of a long call they are a small part, and what was learned of them goes with the rest's noise.
    """
    even: float = 0.0
    """How far lessons count alike, however much there is to write: from 0 (as their tokens) to 1.

    Otherwise tools are seven tenths of what is learned: their lessons are long, with many choices.
    Not together with ``around``, whose tokens count 1 whatever the others do.
    """
    around: float = 0.0
    """The share of what others say that is learned, too."""
    long: float = 0.0
    """The share of lessons that are chained to one long conversation."""

    def rate(self, done: float) -> float:
        """The share of the learning rates when so much of the stage is done (0 to 1)."""
        first, last = self.rates
        return first + (last - first) * done


COPYING: Final = Stage(
    until=0.115,
    lessons={"copy": 24, "foreign": 6, "know": 9, "system": 9, "turns": 8, "json": 12, "find": 24,
             "which": 12, "fill": 12},
    rates=(1.0, 1.0),
    around=0.1,
)  # fmt: skip
"""Saying again comes first, since all the others need it. What others say shows early what texts
are like; later nearly all of the loss would be theirs. With choices that count more, saying again
was not learned at all."""
FINDING: Final = Stage(until=0.185, lessons={"find": 1}, rates=(0.25, 0.25))
"""What stands beside a word. From 0.9 of the rates nothing of it was learned in 400 steps."""
CHOOSING: Final = Stage(until=0.229, lessons={"which": 2, "find": 1}, rates=(0.25, 0.25))
"""Whether there is a tool for it, which is finding a word, too."""
CALLING: Final = Stage(
    until=0.262,
    lessons={"pick": 6, "find": 1, "call": 2, "decline": 1},
    rates=(0.25, 0.25),
    choice=8.0,
)
"""The same among parameters, and what to call it with."""
EVERYTHING: Final = Stage(
    until=1.0,
    lessons={"copy": 12, "foreign": 4, "know": 9, "story": 0.5, "tell": 0.5, "system": 16,
             "turns": 9, "json": 12, "find": 2, "which": 3, "pick": 5, "call": 26, "twice": 14,
             "decline": 9, "result": 2, "fill": 21, "see": 11},
    rates=(1.0, 0.0),
    choice=4.0,
    even=0.5,
    long=0.02,
)  # fmt: skip
"""From a quarter of the rates the rest was learned slowly. From the whole ones it is still known in
the end whether there is a tool, with choices that count more."""
COURSE: Final = (COPYING, FINDING, CHOOSING, CALLING, EVERYTHING)


def stage(progress: float) -> tuple[Stage, float]:
    """The stage when so much of the course is done, and how much of the stage is.

    Raises:
        ValueError: There is no stage at or after the end, which is 1.
    """
    begun = 0.0
    for one in COURSE:
        if progress < one.until:
            return one, (progress - begun) / (one.until - begun)
        begun = one.until
    raise ValueError(f"the course ends at 1, before {progress}")
