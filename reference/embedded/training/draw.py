"""What lessons are made of: words, names, numbers and wordings, drawn by chance.

Two worlds that share nothing: what is taught, and what only the exam uses (``unseen``).
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

T = TypeVar("T")

SYLLABLES: Final = """
ba be bi bo bu da de di do du fa fe fi fo ga ge go gu ha he hi ho ja jo ka ke ki ko ku la le li lo
lu ma me mi mo mu na ne ni no nu pa pe pi po pu ra re ri ro ru sa se si so su ta te ti to tu va ve
vi vo wa we wi xa ya yo za ze zo ar en il on ur as et ist and qua sch str tion ly
""".split()  # noqa: SIM905 - a list of words reads best as text
SCRIPTS: Final = (
    (0xC0, 0x17F), (0x391, 0x3C9), (0x410, 0x44F), (0x5D0, 0x5EA), (0x627, 0x64A), (0x905, 0x939),
    (0xE01, 0xE30), (0x3041, 0x3093), (0x30A1, 0x30F4), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3),
    (0x1F300, 0x1F5FF), (0x1F600, 0x1F64F), (0x1F680, 0x1F6C5),
)  # fmt: skip
"""First and last code point of the scripts and emoji that foreign words are made of."""
UNSEEN_SHARE: Final = 5
"""One in so many made-up words is kept for the exam."""
ENDINGS: Final = """
ment ship ness ful less ous ing ed er ly able tion sion ance ence ist ism ity ward wise
room name stick work man hood house light land field board ball book
""".split()  # noqa: SIM905 - a list of words reads best as text
"""Ends of English words."""
_NO_NAMES: Final = frozenset("""
this that is a the and very not with for from over under after before again please thank you here
there where when why how what who which because although while until since about above below
between behind beside near yes no maybe true false none null
""".split())  # noqa: SIM905 - a list of words reads best as text  # fmt: skip
"""Words of sentences: nothing is named by them."""


@cache
def listed(name: str) -> tuple[str, ...]:
    """The words of a list; an underscore stands for a space."""
    text = (files(__package__) / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(word.replace("_", " ") for word in text.split()))


@cache
def tool_words(kind: str) -> tuple[str, ...]:
    """The words of one kind (``verbs``, ``held-out nouns``, …) that tools are named with."""
    text = (files(__package__) / "words" / "tools.txt").read_text(encoding="utf-8")
    rows = dict(row.split(":") for row in text.replace("\n ", " ").splitlines())
    return tuple(rows[kind].split())


@cache
def _parents() -> tuple[str, ...]:
    """Words that others are blended from."""
    texts = map(listed, ("common", "names", "cities"))
    lists = (*texts, *map(tool_words, ("nouns", "verbs", "keys")))
    words = {part.lower() for words in lists for word in words for part in re.split("[ _]", word)}
    return tuple(sorted(word for word in words if len(word) > 3 and word.isascii()))  # noqa: PLR2004


@cache
def _held_out() -> frozenset[str]:
    """Every word that only the exam has."""
    lists = (
        *(listed(f"held-out{kind}") for kind in ("", "-names", "-cities")),
        *(tool_words(f"held-out {kind}") for kind in ("verbs", "nouns", "keys")),
    )
    return frozenset(part.lower() for words in lists for word in words for part in word.split())


class Draw(random.Random):
    """Chance, and which of the two worlds to draw from."""

    def __init__(self, seed: str, *, unseen: bool = False) -> None:
        super().__init__(seed)
        self.unseen = unseen

    def happens(self, share: float) -> bool:
        """True in about this share of cases."""
        return self.random() < share

    def form(self, taught: Sequence[T], asked: Sequence[T]) -> T:
        """A wording: of those that are taught, or of those that only the exam has."""
        return self.choice(asked if self.unseen else taught)

    def of(self, name: str) -> str:
        """A word of a list, or of its held-out half."""
        return self.choice(listed(f"held-out-{name}" if self.unseen else name))

    def tool_word(self, kind: str) -> str:
        """A verb, noun or key for tools; the exam mixes held-out words with known ones."""
        if self.unseen:
            return self.choice(tool_words(f"held-out {kind}" if self.happens(0.5) else kind))
        return self.coined(kind) if self.happens(0.45) else self.choice(tool_words(kind))

    def coined(self, kind: str) -> str:
        """Any word as a name, of keys sometimes two: calls must not hang on known names."""
        barred = _NO_NAMES.union(
            *(tool_words(f"held-out {one}") for one in ("verbs", "nouns", "keys"))
        )
        while (word := self.thing()) in barred or not word.isalpha():
            pass
        return f"{word}_{self.coined(kind)}" if kind == "keys" and self.happens(0.15) else word

    def fresh(self, make: Callable[[], str]) -> str:
        """Something made up that belongs to this world."""
        while True:
            made = make()
            kept = zlib.crc32(made.lower().encode()) % UNSEEN_SHARE == 0
            if kept == self.unseen and (kept or made.lower() not in _held_out()):
                return made

    def known(self) -> str:
        """An English word, or one that could be."""
        if not self.unseen and self.happens(0.45):
            return self.blend()
        return self.choice(listed("held-out" if self.unseen else "common"))

    def blend(self) -> str:
        """A word put together from parts of others; never one of the exam.

        Of so many words none can be learned by heart, so that each has to be copied piece by piece.
        """

        def make() -> str:
            one, two = self.choices(_parents(), k=2)
            if self.happens(0.3):
                return one + self.choice(ENDINGS)
            if self.happens(0.15):
                return one + two
            return one[: self.randint(1, len(one) - 1)] + two[self.randint(1, len(two) - 1) :]

        while not 3 <= len(made := self.fresh(make)) <= 12:  # noqa: PLR2004
            pass
        return made

    def pseudo(self) -> str:
        """A word that does not exist."""
        made = self.fresh(
            lambda: "".join(self.choices(SYLLABLES, k=self.choice((1, 2, 2, 3, 3, 4))))
        )
        return self.choice((made, made, made.capitalize(), made.upper()))

    def code(self) -> str:
        """Random letters, digits and dashes."""
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        return self.fresh(lambda: "".join(self.choices(letters, k=self.randint(3, 10))))

    def foreign(self) -> str:
        """A word of another script, or emoji; the exam has made-up ones only."""
        if not self.unseen and self.happens(0.4):
            return self.choice(listed("foreign"))
        first, last = self.choice(SCRIPTS)
        length = self.choice((1, 1, 2)) if first >= 0x1F300 else self.randint(1, 5)  # noqa: PLR2004
        return self.fresh(lambda: "".join(chr(self.randint(first, last)) for _ in range(length)))

    def number(self, most: int = 99999) -> int:
        """A whole number, more often a short one."""
        return self.randint(0, min(most, 10 ** self.randint(1, len(str(most))) - 1))

    def word(self) -> str:
        """Any word: known, made up, foreign, a code or a number."""
        roll = self.random()
        if roll < 0.48:  # noqa: PLR2004 - chances are plain numbers
            return self.known()
        if roll < 0.78:  # noqa: PLR2004
            return self.pseudo()
        if roll < 0.86:  # noqa: PLR2004
            return self.foreign()
        return self.code() if roll < 0.93 else str(self.number())  # noqa: PLR2004

    def thing(self) -> str:
        """A word that can stand where a noun does: no number, no code."""
        return self.known() if self.happens(0.6) else self.pseudo().lower()

    def name(self) -> str:
        """What somebody is called."""
        if not self.unseen and self.happens(0.35):
            return self.blend().capitalize()
        return self.pseudo().capitalize() if self.happens(0.3) else self.of("names")

    def city(self) -> str:
        """A city, of one or several words."""
        if not self.unseen and self.happens(0.35):
            parts = self.choices((self.blend, self.pseudo, self.known), k=self.choice((1, 1, 2, 3)))
            return " ".join(part().capitalize() for part in parts)
        return self.pseudo().capitalize() if self.happens(0.3) else self.of("cities")

    def phrase(self, longest: int = 6) -> str:
        """Some words, sometimes with punctuation within or at the end."""
        count = self.randint(1, longest)
        if count > 2 and self.happens(0.3):  # noqa: PLR2004
            return self.sentence()
        words = [self.word() + (self.choice(",;:") if self.happens(0.04) else "")
                 for _ in range(count)]  # fmt: skip
        text = " ".join(words)
        text = text[0].upper() + text[1:] if self.happens(0.25) else text
        return text.rstrip(",;:") + self.choice(("", "", "", "", "!", "?", "."))

    def sentence(self) -> str:
        """A simple sentence."""
        one, two, how = self.thing(), self.thing(), self.known()
        who = self.name()
        return self.choice((
            f"The {how} {one} is on the {two}.", f"{who} sees a {how} {one}.",
            f"The {one} and the {two} are {how}", f"{who} and {self.name()} like the {one}!",
            f"Where is the {how} {one}?", f"A {one} is not a {two}.",
            f"I have {self.number(99)} {one}s",
            f"{who} lives in {self.city()}.", f"the {how} {one} jumps over the {two}",
            f"This is a {one}", f"this is the {one}", f"That is {how}.", f"It is {how} {one}",
            f"What is a {one}?", f"what is the {how} {one}", f"Hello {who}", f"hello {one}!",
            f"Say {one}", f"write to {who}", f"these {one}s are {how}", f"You are {how}.",
            f"How {how} is the {one}?", f"Let us go to {self.city()}", f"a {one} of the {two}",
            f"This {one} is only a {two}", f"I am the {one}", f"that was a {how} {one}",
            f"My {one} is here", f"Do you like the {one}?", f"please {one} the {two}",
            f"and the {one}", f"{one} to {two}", f"this and that {one}", f"the following {one}",
        ))  # fmt: skip
