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
    around: float = 0.0
    """The share of what others say that is learned, too."""
    long: float = 0.0
    """The share of lessons that are chained to one long conversation."""
    again: float = 0.0
    """How much it counts to tell, in the middle of the model, what was there before."""
    count: int = 32
    """Lessons of a step."""

    def rate(self, done: float) -> float:
        """The share of the learning rates when so much of the stage is done (0 to 1)."""
        first, last = self.rates
        return first + (last - first) * done


FINDING: Final = Stage(
    until=700 / 8600,
    lessons={"copy": 20, "foreign": 6, "know": 9, "system": 9, "turns": 6, "json": 12, "has": 10,
             "find": 14, "which": 20, "fill": 12},
    rates=(0.3, 0.3),
    around=0.1,
    again=1.0,
)  # fmt: skip
"""Saying again and seeing what is there come first, since all the others need them. Higher rates
would undo what the heads begin with before it is of use. What others say shows early what texts
are like; later nearly all of the loss would be theirs."""
EVERYTHING: Final = Stage(
    until=1500 / 8600,
    lessons={"copy": 12, "foreign": 4, "know": 9, "story": 0.5, "tell": 0.5, "system": 15,
             "turns": 9, "json": 12, "find": 2, "which": 3, "pick": 4, "call": 19, "twice": 11,
             "decline": 12, "result": 2, "fill": 21, "see": 11},
    rates=(0.5, 0.6),
    around=0.03,
    long=0.02,
    again=1.0,
)  # fmt: skip
FINISHING: Final = Stage(
    until=1.0,
    lessons={"copy": 10, "foreign": 4, "know": 16, "story": 0.4, "tell": 0.4, "system": 37,
             "turns": 10, "json": 13, "which": 2, "pick": 4, "serve": 13, "call": 16, "twice": 9,
             "decline": 10, "result": 2, "fill": 32, "see": 11},
    rates=(0.6, 0.0),
    long=0.01,
    again=0.3,
)  # fmt: skip
"""A list of tools takes long to read, so that some serve for many requests."""
COURSE: Final = (FINDING, EVERYTHING, FINISHING)


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
