"""What one step of the embedder's training is made of: pairs that mean the same, and rivals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from . import meanings
from .meanings import meaning, neighbour, say, sayings, subject
from .noise import FUNCTION, NAMES, dressed, inflected, pseudo, slipped
from .topic import topics


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts with one meaning, and a rival: a text that looks like them and means another.

    Pairs with the same ``key`` mean the same, those with the same ``topic`` something similar.
    """

    text: str
    paraphrase: str
    rival: str
    topic: str
    key: str

    def noisy(self, chance: random.Random) -> Pair:
        """The same pair with noise in its texts."""
        text, paraphrase, rival = (
            noisy(one, chance) for one in (self.text, self.paraphrase, self.rival)
        )
        return Pair(text, paraphrase, rival, self.topic, self.key)


def pair(chance: random.Random) -> Pair:
    """A pair of any kind."""
    make = chance.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    return make(chance)


def framed(chance: random.Random) -> Pair:
    """Two sentences that say a meaning; the rival says something else in the same frame."""
    what = meaning(chance)
    text, paraphrase = sayings(what, chance)
    near = neighbour(what, chance)
    while near.unseen or near == what:
        near = meaning(chance)
    return Pair(text, paraphrase, say(near, chance), what.topic, repr(what)).noisy(chance)


def loose(chance: random.Random) -> Pair:
    """Words of a topic in any order; the paraphrase has other words for the same concepts."""
    name = subject(chance)
    topic = topics()[name]
    both = chance.sample(topic.concepts, chance.choice((1, 1, 2, 2, 3)))
    text, paraphrase = (
        _heap([chance.choice(like) for like in both], topic.words, chance) for _ in range(2)
    )
    other = topics()[subject(chance)]
    some = [chance.choice(like) for like in chance.sample(other.concepts, len(both))]
    rival = _heap(some, other.words, chance, like=text)
    return Pair(text, paraphrase, rival, name, f"loose {both}").noisy(chance)


def _heap(
    words: list[str], related: list[str], chance: random.Random, like: str | None = None
) -> str:
    found = words + chance.sample(related, min(chance.choice((0, 1, 1, 2, 3)), len(related)))
    found = [inflected(word, chance) for word in found]
    chance.shuffle(found)
    small = [word for word in like.split() if word in FUNCTION] if like else []
    small = small or chance.choices(FUNCTION, k=chance.choice((0, 1, 2, 3, 4, 6)))
    for word in small:
        found.insert(chance.randint(0, len(found)), word)
    if chance.random() < 0.15:  # noqa: PLR2004 - a share
        found.insert(0, chance.choice(NAMES))
    return " ".join(found)


def related(chance: random.Random) -> Pair:
    """A word of a topic next to a sentence on it: words without equals get a meaning, too."""
    what = meaning(chance)
    words = topics()[what.topic].words
    some = chance.sample(words, min(chance.randint(2, 4), len(words)))
    text = _heap(some[:-1], [], chance)
    paraphrase = f"{say(what, chance)} {some[-1]}" if chance.random() < 0.5 else some[-1]  # noqa: PLR2004
    other = topics()[subject(chance)].words
    rival = _heap(chance.sample(other, min(2, len(other))), [], chance, like=text)
    return Pair(text, paraphrase, rival, what.topic, text).noisy(chance)


def longer(chance: random.Random) -> Pair:
    """Two to four sentences on one topic, said again in another order."""
    what = [meaning(chance)]
    while len(what) < 2 or (len(what) < 4 and chance.random() < 0.4):  # noqa: PLR2004
        frame = chance.choice(topics()[what[0].topic].frames)
        more = meanings.filled(what[0].topic, frame, chance)
        if not more.unseen:
            what.append(more)
    said = [sayings(one, chance) for one in what]
    chance.shuffle(said)
    others = [neighbour(one, chance) for one in what]
    rival = [say(meaning(chance) if one.unseen else one, chance) for one in others]
    text, paraphrase = (" ".join(both[side] for both in said) for side in (0, 1))
    return Pair(text, paraphrase, " ".join(rival), what[0].topic, repr(what))


def same(chance: random.Random) -> Pair:
    """A text and itself with small changes, also texts of words that nobody knows."""
    if chance.random() < 0.6:  # noqa: PLR2004
        words = [pseudo(chance) for _ in range(chance.randint(1, 4))]
        words += chance.choices(FUNCTION, k=chance.randint(0, 3))
        chance.shuffle(words)
        text, name = " ".join(words), ""
        words[chance.randrange(len(words))] = pseudo(chance)
        rival = " ".join(words)
    else:
        what = meaning(chance)
        text, name = say(what, chance), what.topic
        near = neighbour(what, chance)
        rival = say(meaning(chance) if near.unseen else near, chance)
    changed = slipped(text, chance) if chance.random() < 0.5 else text  # noqa: PLR2004
    return Pair(text, dressed(changed, chance), dressed(rival, chance), name, text)


def noisy(text: str, chance: random.Random) -> str:
    """A dressed text, sometimes with a slip or an unknown word."""
    if chance.random() < 0.06:  # noqa: PLR2004
        text = slipped(text, chance)
    if chance.random() < 0.04:  # noqa: PLR2004
        text = f"{text} {pseudo(chance)}"
    return dressed(text, chance)


KINDS: Final[dict[Callable[[random.Random], Pair], float]] = {
    framed: 0.5,
    loose: 0.25,
    related: 0.1,
    longer: 0.05,
    same: 0.1,
}
"""Every kind of pair and its share."""
