"""Lists of what belongs together, and what stands there beside a word.

Which tool a request needs is found in the same way. A model that is not taught this makes up names
from the words of the request, and cannot tell that there is no such tool.
"""

from __future__ import annotations

import re

from ..draw import Draw
from ..lesson import Message, Talk
from .talk import assistant, user

ABSENT = "That is not in the list."
_LINES = ("{}: {}", "{}: {}", "{} = {}", "{} - {}", "{} ({})", "{} is {}", "{}: the {}", "{}: this is for {}.", "{} and {}", "{}: {} only", "{}: a {}")  # fmt: skip
_HEADS = ("", "A list:\n", "Here is a list:\n", "These belong together:\n", "Words:\n", "Look at this:\n", "What we have:\n")  # fmt: skip
_AROUND = frozenset(re.findall("[a-z]+", " ".join((*_LINES, *_HEADS)).lower()))
"""Words that stand in a list but are none of its pairs."""
_QUESTIONS = ("{}?", "What belongs to {}?", "What stands with {}?", "And {}?", "What goes with {}?", "Which one belongs to {}?",
              "What is beside {}?", "Now {}.", "I am looking for {}.", "Tell me what belongs to {}")  # fmt: skip
_ASKED = ("What is listed with {}?", "Please tell me what is beside {}.", "What is the partner of {}?")  # fmt: skip
_SEARCHES, _ASKED_SEARCHES = ("Find {}.", "Search for {}", "Look up {}"), ("Please look up {}.",)
"""After these the word is said again before its partner, with which the other is learned, too."""
_WHETHER = ("{}?", "Is {} there?", "{}", "Is there {}?", "Do you have {}?", "Show {}.", "Can you find {}", "Use {}.", "Get the {}.")  # fmt: skip
"""Some as tools are asked for."""


def finding(draw: Draw) -> Talk:
    """A list of pairs, and several words of which the other one is wanted; some are not there."""
    words = _words(draw, 2 * draw.randint(1, 8) + 3)
    absent, pairs = words[:3], list(zip(words[3::2], words[4::2], strict=True))
    line, head = draw.choice(_LINES), draw.choice(_HEADS)
    listed = head + draw.choice(("\n", "\n", ", ", "; ")).join(line.format(*one) for one in pairs)
    search = draw.happens(0.5)
    turns: list[Message] = []
    for _ in range(draw.randint(3, 6)):
        here, there = draw.choice(pairs) if draw.happens(0.6) else (draw.choice(absent), None)
        if there and draw.happens(0.5):
            here, there = there, here
        if search:
            asked, said = draw.form(_SEARCHES, _ASKED_SEARCHES), f"{here}: {there or 'none'}"
        else:
            asked, said = draw.form(_QUESTIONS, _ASKED), there or ABSENT
        turns += [user(asked.format(here)), assistant(said)]
    return _told(draw, listed, turns)


def having(draw: Draw) -> Talk:
    """A list of words, and of some others whether they stand in it."""
    count = draw.randint(1, 8)
    words = _words(draw, count + 10)
    listed, absent = words[:count], words[count:]
    head, joint = draw.choice(_HEADS), draw.choice(("\n", "\n", ", ", "; ", " and "))
    text = head + joint.join(listed)
    question = draw.choice(_WHETHER)
    turns: list[Message] = []
    for _ in range(draw.randint(6, 12)):
        here = draw.happens(0.5)
        word = draw.choice(listed if here else absent)
        turns += [user(question.format(word)), assistant("Yes." if here else "No.")]
    return _told(draw, text, turns)


def _told(draw: Draw, text: str, turns: list[Message]) -> Talk:
    """A list as the system's message, or before the first question."""
    if draw.happens(0.6):
        return Talk(({"role": "system", "content": text}, *turns))
    return Talk((user(f"{text}\n{turns[0]['content']}"), *turns[1:]))


def _words(draw: Draw, count: int) -> list[str]:
    """So many words, of which no two are the same, and none is one that lists have around them."""
    found: dict[str, str] = {}
    while len(found) < count:
        word = draw.name() if draw.happens(0.2) else draw.thing()
        if word.lower() not in _AROUND:
            found.setdefault(word.lower(), word)
    return list(found.values())
