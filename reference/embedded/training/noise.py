"""What changes a text but not its meaning: case, punctuation, politeness, slips of the pen."""

from __future__ import annotations

import random
from typing import Final

NAMES: Final = (
    "Anna", "Peter", "Maria", "John", "Lena", "Tom", "Sophie", "Max", "Emma", "Paul", "Lucy",
    "David", "Nina", "Oscar", "Alice", "Bob", "Mr. Smith", "Mrs. Brown", "Dr. Lee", "my friend",
    "the man", "the woman", "my aunt", "our guest", "the girl", "the boy", "everybody",
    "somebody", "the old man",
)  # fmt: skip
PLACES: Final = (
    "Paris", "London", "Berlin", "Tokyo", "Rome", "Madrid", "Vienna", "Chicago", "Boston",
    "Sydney", "Cairo", "Moscow", "New York", "San Francisco", "the city", "our town", "the north",
    "the south", "this country", "Italy", "Spain", "Japan", "Canada", "Brazil", "France",
    "Germany", "Norway",
)  # fmt: skip
BEFORE: Final = (
    "Hello, ", "Hi! ", "Please tell me: ", "I wonder: ", "Excuse me, ", "Question: ", "Well, ",
    "Sorry, ", "By the way, ", "Hey, ", "Listen: ", "So, ", "OK, ",
)  # fmt: skip
AFTER: Final = (
    " Thanks!", " Thank you.", " Please help.", " please", " I think.", " you know", " :)",
)  # fmt: skip
_SMALL: Final = """
    the a an my your his her our their this that these those some any no every it he she
    they we you i me him them is are was were be been has have had do does did can could
    will would should may might must not and or but if when while because so then than as
    of in on at to from by for with about into over under after before between through up
    down out off very really just only also too again still already never always often
    there here what which who whom how why where whose new old good bad big small
    get got make made go went come came take took give gave see saw want like use find
"""
FUNCTION: Final = tuple(_SMALL.split())
"""Words that say little on their own."""
_PARTS: Final = """
    ba bo da di fo ga go ha hu ka ki lo lu ma mi na no pa po ra ri sa so ta ti vo wa zu
    ber con den fil gor han jin kel lor men nov pra qui ron ster tal und ver wex zon
"""
_SYLLABLES: Final = tuple(_PARTS.split())
_LETTERS: Final = "etaoinshrdlucmfwypvbgkjqxz"


def dressed(text: str, chance: random.Random) -> str:
    """Another case, another end, or something polite around a text."""
    if chance.random() < 0.1:  # noqa: PLR2004 - shares of a mixture, here and below
        text = chance.choice(BEFORE) + text
    if chance.random() < 0.1:  # noqa: PLR2004
        text += chance.choice(AFTER)
    look = chance.random()
    if look < 0.2:  # noqa: PLR2004
        text = text.rstrip(".?!")
    elif look < 0.25:  # noqa: PLR2004
        text = text.rstrip(".?!") + chance.choice(("!", "...", ".", "?", " ."))
    look = chance.random()
    if look < 0.15:  # noqa: PLR2004
        return text.lower()
    return text.upper() if look < 0.17 else text  # noqa: PLR2004


def slipped(text: str, chance: random.Random) -> str:
    """A text with one slip in one of its words."""
    words = text.split(" ")
    at = chance.randrange(len(words))
    word = list(words[at])
    place = chance.randrange(max(len(word), 1))
    slip = chance.randrange(4)
    if slip == 0:
        del word[place : place + 1]
    elif slip == 1:
        word.insert(place, chance.choice(_LETTERS))
    elif slip == 2:  # noqa: PLR2004
        word[place : place + 1] = [chance.choice(_LETTERS)]
    else:
        word[place : place + 2] = word[place : place + 2][::-1]
    words[at] = "".join(word)
    return " ".join(words)


def pseudo(chance: random.Random) -> str:
    """A word that nobody knows, a number, or a few characters from anywhere."""
    kind = chance.random()
    if kind < 0.7:  # noqa: PLR2004
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4)))
        return word.title() if chance.random() < 0.3 else word  # noqa: PLR2004
    if kind < 0.85:  # noqa: PLR2004
        return str(chance.randrange(10 ** chance.randint(1, 6)))
    if kind < 0.93:  # noqa: PLR2004
        return "".join(chance.choices(_LETTERS, k=chance.randint(2, 8)))
    start = chance.choice((0xE0, 0x391, 0x410, 0x3042, 0x4E00, 0xAC00, 0x1F600))
    return "".join(chr(start + chance.randrange(60)) for _ in range(chance.randint(1, 5)))


def inflected(word: str, chance: random.Random) -> str:
    """A word, sometimes with an ending."""
    if chance.random() > 0.3 or len(word) < 3 or not word.isalpha():  # noqa: PLR2004
        return word
    ending = chance.choice(("s", "s", "ed", "ing", "er", "'s"))
    if ending[0] == "e" or ending == "ing":
        word = word.removesuffix("e")
    return word + ending
