"""Plain text, and stories long enough to be cut."""

from __future__ import annotations

from collections.abc import Sequence

from ..draw import Draw, listed
from ..lesson import Prose

_FIRST = ("Once there was a {how} {one} called {name}.", "Once upon a time {name} lived near a {one}.",
          "There was a {how} {one} in a {how2} {two}.", "{name} had a {how} {one}.")  # fmt: skip
_NEXT = (
    "{name} liked the {one}.", "One day {name} found a {one}.", "Then {name} went to the {one}.",
    "{name} saw a {one} and was happy.", "The next day {name} lost the {one}.", "The {one} was {how}, and the {two} was {how2}.",
    "It was a {how} morning.", "A {how} {two} stood beside the {one}.", "{name} asked the {two} about the {one}.",
    "Nobody knew where the {one} was.", "In the evening {name} looked at the {one} and smiled.",
    "The {two} was old, but the {one} was new.", "{name} took the {one} home.", "The wind was cold and the {one} was {how}.",
    "They walked along the {one} for a long time.", "After that everything was {how} again.", "{name} and {other} sat by the {one}.",
    "{other} told {name} a secret about the {two}.", "So they opened the {one}.", "It began to rain on the {one}.",
)  # fmt: skip
_LAST = (
    "That is the end of the story.",
    "And so {name} came home.",
    "They were happy for a long time.",
)
_HOW = (
    "small",
    "old",
    "brave",
    "quiet",
    "golden",
    "strange",
    "happy",
    "little",
    "bright",
    "clever",
    "dark",
    "kind",
)


def story(draw: Draw, length: int, things: Sequence[str] = ()) -> str:
    """Simple sentences about some things."""
    name, other = draw.of("names"), draw.of("names")
    nouns = listed("common")[:37]

    def sentence(forms: Sequence[str]) -> str:
        one, two = (
            draw.choice(things if things and draw.happens(0.7) else nouns) for _ in range(2)
        )
        return draw.choice(forms).format(
            name=name, other=other, one=one, two=two, how=draw.choice(_HOW), how2=draw.choice(_HOW)
        )

    made = [sentence(_FIRST), *(sentence(_NEXT) for _ in range(length - 2)), sentence(_LAST)]
    return " ".join(made)


def telling(draw: Draw) -> Prose:
    """A story without a conversation, or a line that says itself again."""
    if draw.happens(0.2):
        text = draw.phrase()
        return Prose("\n".join([text] * draw.randint(2, 4)))
    return Prose(story(draw, draw.randint(3, 12)))
