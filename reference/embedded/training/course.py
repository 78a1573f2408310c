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
    around: float = 0.0
    """The share of what others say that is learned, too."""
    long: float = 0.0
    """The share of lessons that are chained to one long conversation."""
    count: int = 32
    """Lessons of a step."""

    def rate(self, done: float) -> float:
        """The share of the learning rates when so much of the stage is done (0 to 1)."""
        first, last = self.rates
        return first + (last - first) * done


COPYING: Final = Stage(
    until=1400 / 7400,
    lessons={"copy": 24, "foreign": 6, "know": 9, "system": 9, "turns": 8, "json": 12, "find": 24,
             "which": 12, "fill": 12},
    rates=(1.0, 1.0),
    around=0.1,
)  # fmt: skip
"""Saying again comes first, since all the others need it. What others say shows early what texts
are like; later nearly all of the loss would be theirs. With choices that count more, saying again
was not learned at all."""
EVERYTHING: Final = Stage(
    until=5000 / 7400,
    lessons={"copy": 12, "foreign": 4, "know": 9, "story": 0.5, "tell": 0.5, "system": 15,
             "turns": 9, "json": 12, "find": 2, "which": 3, "pick": 4, "call": 19, "twice": 11,
             "decline": 12, "result": 2, "fill": 21, "see": 11},
    rates=(1.0, 0.58),
    around=0.03,
    long=0.02,
)  # fmt: skip
"""Choosing among tools is learned beside the rest; finding hardly is. Where finding was taught
alone, what was known before was lost within 200 steps."""
CHOICES: Final = Stage(
    until=1.0,
    lessons={"copy": 8, "foreign": 3, "know": 20, "story": 0.5, "tell": 0.5, "system": 36,
             "turns": 14, "json": 11, "find": 0.1, "which": 2, "pick": 5, "call": 24, "twice": 18,
             "decline": 9, "result": 2, "fill": 40, "see": 13},
    rates=(0.58, 0.0),
    choice=4.0,
    long=0.02,
    count=40,
)  # fmt: skip
"""Choices count more once they are mostly right. What is short to say, sums and facts, system
messages and gaps, is little of what a step learns, and hardly any of its time: it comes oftener."""
COURSE: Final = (COPYING, EVERYTHING, CHOICES)


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
