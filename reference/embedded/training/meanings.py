"""Meanings, and sentences that say them: what tiny-embed learns from and is examined with.

A part of the templates and of the combinations of frame and concepts is held out by a stable
hash: training never says them, and the exam says nothing else.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from .noise import NAMES, PLACES, dressed
from .topic import EVERY, SLOT, Concept, Frame, topics

HELD_OUT: Final = 6
"""One combination of so many is held out."""
MANY: Final = 4
"""A frame with so many templates holds one of every so many out."""
_OPEN: Final = {"name": NAMES, "place": PLACES}
_SEARCHED: Final = 40
_OFTEN: Final = 5
_WORD: Final = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A frame of a topic, and what stands in its slots."""

    topic: str
    frame: Frame
    filling: tuple[tuple[str, Concept], ...]

    @property
    def combination(self) -> tuple[str, ...]:
        """The frame and the concepts; names and places do not count."""
        closed = (concept[0] for slot, concept in self.filling if slot not in _OPEN)
        return (self.frame[0], *closed)

    @property
    def unseen(self) -> bool:
        """Whether this combination is held out."""
        combination = self.combination
        return len(combination) > 1 and stable(*combination) % HELD_OUT == 0


def stable(*parts: str) -> int:
    """A number that depends on the texts alone."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:6])


@cache
def held_out(frame: Frame) -> frozenset[str]:
    """The templates of a frame that training never uses; none where it has no concepts."""
    if not _closed(frame):
        return frozenset()
    return frozenset(sorted(frame, key=stable)[: len(frame) // MANY])


def slots(frame: Frame) -> tuple[str, ...]:
    """The slots of a frame, in a fixed order."""
    return tuple(dict.fromkeys(SLOT.findall(" ".join(frame))))


def _closed(frame: Frame) -> bool:
    return any(slot not in _OPEN for slot in slots(frame))


@cache
def frames() -> tuple[tuple[str, Frame], ...]:
    """Every frame with its topic, those for every topic several times."""
    return tuple(
        (name, frame)
        for name, topic in topics().items()
        for frame in topic.frames * (_OFTEN if name == EVERY else 1)
    )


def meaning(chance: random.Random, *, unseen: bool = False) -> Meaning:
    """Something to say; ``unseen`` chooses among the combinations that are held out."""
    while True:
        name, frame = chance.choice(frames())
        if name == EVERY:
            name = subject(chance)
        found = filled(name, frame, chance)
        if found.unseen == unseen:
            return found


def filled(topic: str, frame: Frame, chance: random.Random) -> Meaning:
    """A frame with random concepts in its slots."""
    return Meaning(
        topic, frame, tuple((slot, concept(topic, slot, chance)) for slot in slots(frame))
    )


def concept(topic: str, slot: str, chance: random.Random) -> Concept:
    """One concept for a slot."""
    if slot in _OPEN:
        return (chance.choice(_OPEN[slot]),)
    return chance.choice(topics()[topic].slots[slot])


def neighbour(of: Meaning, chance: random.Random) -> Meaning:
    """The same frame about something else: another topic where every topic fits it."""
    general = of.frame in topics()[EVERY].frames
    return filled(subject(chance) if general else of.topic, of.frame, chance)


def subject(chance: random.Random) -> str:
    """The name of a topic."""
    return chance.choice([name for name in topics() if name != EVERY])


def say(what: Meaning, chance: random.Random, *, unseen: bool = False) -> str:
    """A sentence with this meaning; ``unseen`` uses a template that is held out, if any is."""
    return sayings(what, chance, unseen=unseen)[0]


def sayings(what: Meaning, chance: random.Random, *, unseen: bool = False) -> tuple[str, str]:
    """Two sentences with this meaning and, where that is possible, no word for it in common.

    The templates are trained ones; with ``unseen`` the first is held out where the frame allows.
    """
    out = held_out(what.frame)
    known = [template for template in what.frame if template not in out]
    first = chance.choice(sorted(out) if unseen and out else known)
    others = what.frame if unseen else known
    second = chance.choice([template for template in others if template != first] or [first])
    words = {slot: chance.sample(like, min(2, len(like))) for slot, like in what.filling}
    return (
        put(first, {slot: two[0] for slot, two in words.items()}),
        put(second, {slot: two[-1] for slot, two in words.items()}),
    )


def put(template: str, words: dict[str, str]) -> str:
    """A template with words in its slots."""
    text = SLOT.sub(lambda slot: words[slot[1]], template)
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)
    return text[:1].upper() + text[1:]


def content(text: str) -> set[str]:
    """The words of a text that are not too short to mean much."""
    return {word for word in _WORD.findall(text.lower()) if len(word) > 3}  # noqa: PLR2004


def triple(chance: random.Random, *, unseen: bool = False) -> tuple[str, str, str]:
    """A text, a paraphrase of it, and a text on another topic.

    Every second of the last is a hard one: it has the words or the frame of the text.
    """
    what = meaning(chance, unseen=unseen)
    text, paraphrase = sayings(what, chance, unseen=unseen)
    others = (neighbour(what, chance), *(meaning(chance, unseen=unseen) for _ in range(_SEARCHED)))
    found = [
        say(other, chance, unseen=unseen)
        for other in others
        if other.topic != what.topic and other.unseen == unseen
    ]
    if chance.random() < 0.5:  # noqa: PLR2004 - a coin
        del found[:-1]
    other = max(found, key=lambda one: len(content(one) & content(text)))
    return dressed(text, chance), dressed(paraphrase, chance), dressed(other, chance)
