"""The course of the chat model: which lessons come when, and how fast the weights move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    until=1400 / 10800,
    lessons={"copy": 24, "foreign": 6, "know": 9, "system": 9, "turns": 8, "json": 12, "find": 24,
             "which": 12, "fill": 12},
    rates=(1.0, 1.0),
    around=0.1,
)  # fmt: skip
"""Saying again comes first, since all the others need it. What others say shows early what texts
are like; later nearly all of the loss would be theirs."""
EVERYTHING: Final = Stage(
    until=4000 / 10800,
    lessons={"copy": 12, "foreign": 4, "know": 9, "story": 0.5, "tell": 0.5, "system": 15,
             "turns": 9, "json": 12, "find": 2, "which": 3, "pick": 4, "call": 19, "twice": 11,
             "decline": 12, "result": 2, "fill": 21, "see": 11},
    rates=(1.0, 0.7),
    around=0.03,
    long=0.02,
)  # fmt: skip
"""Choosing among tools is learned beside the rest; finding hardly is. Where finding was taught
alone, what was known before was lost within 200 steps."""
SERVING: Final = Stage(
    until=7200 / 10800,
    lessons={"copy": 10, "foreign": 4, "know": 14, "story": 0.4, "tell": 0.4, "system": 32,
             "turns": 10, "json": 14, "pick": 2, "serve": 20, "call": 6, "twice": 4,
             "decline": 6, "result": 2, "fill": 32, "see": 11},
    rates=(0.4, 0.212),
    long=0.01,
    count=24,
)  # fmt: skip
"""Once lists of tools are read, each serves for many requests. In runs where each did so from the
beginning, they were never read. With the rates before, most of what is wrong is their noise."""
FINISHING: Final = replace(
    SERVING,
    until=1.0,
    lessons={**SERVING.lessons, "system": 30, "json": 12, "serve": 13, "call": 16, "twice": 9,
             "decline": 10},
    rates=(0.212, 0.0),
)  # fmt: skip
"""The same with more conversations of one request."""
COURSE: Final = (COPYING, EVERYTHING, SERVING, FINISHING)


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
