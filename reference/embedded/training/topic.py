"""Everyday topics: their words, their interchangeable words, and what can be said in several ways.

``topics/README.md`` describes the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

Concept = tuple[str, ...]
"""Words or phrases that may stand for each other."""
Frame = tuple[str, ...]
"""Templates that say the same, with slots in braces."""

EVERY: Final = "*"
"""The section whose frames every topic can fill."""
THING: Final = "thing"
SLOT: Final = re.compile(r"\{(\w+)\}")
_FOLDER: Final = Path(__file__).with_name("topics")


@dataclass(slots=True)
class Topic:
    """What one section of a file says."""

    name: str
    words: list[str] = field(default_factory=list)
    slots: dict[str, tuple[Concept, ...]] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)

    @property
    def concepts(self) -> list[Concept]:
        """The concepts of all slots."""
        return [concept for slot in self.slots.values() for concept in slot]


def parse(lines: Iterator[str]) -> Iterator[Topic]:
    """The topics of one file; ValueError names a line that is none of the four kinds."""
    topic: Topic | None = None
    for line in map(str.strip, lines):
        kind, _, rest = line.partition(" ")
        if line.startswith("["):
            if topic is not None:
                yield topic
            topic = Topic(line.strip("[]"))
        elif topic is None:
            msg = f"{line!r} stands before any topic."
            raise ValueError(msg)
        elif kind == "+":
            topic.words += dict.fromkeys(word.replace("_", " ") for word in rest.split())
        elif kind == "~":
            topic.frames.append(tuple(rest.split(" / ")))
        elif kind.endswith(":"):
            groups = (tuple(group.strip().split("|")) for group in rest.split(";"))
            topic.slots[kind[:-1]] = tuple(groups)
        else:
            msg = f"{line!r} is not a line of a topic."
            raise ValueError(msg)
    if topic is not None:
        yield topic


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its name, and the frames for every topic under ``*``."""
    found: dict[str, Topic] = {}
    for path in sorted(_FOLDER.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found |= {topic.name: topic for topic in parse(line for line in lines if line)}
    return found
