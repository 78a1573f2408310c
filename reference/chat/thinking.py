"""Models that think before they answer: their thoughts apart from their answers.

Such models write their thoughts between two tags, and their chat templates know the tags: to leave
old thoughts out, to open new ones, or to close them at once where none are wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ...backends import Constraint, Finished, TextEvent
from ..wanted import schema_of

OPEN: Final = "<think>"
CLOSE: Final = "</think>"
EFFORT: Final = ("reasoning_effort", "enable_thinking")
"""What templates call the amount of thinking, and whether there is any."""

RULES: Final = rf"""
start: {{start}}
thought[suffix="{CLOSE}"]: /(?s:.*)/
GAP: /[ \n]{{{{1,8}}}}/
"""
"""Blanks are few, so that a model that likes them comes to its answer."""


@dataclass(frozen=True, slots=True)
class Thinking:
    """Thoughts may come first; ``begun`` where the prompt has opened them already."""

    begun: bool = False

    def before(self, constraint: Constraint | None) -> Constraint | None:
        """A constraint of the answer alone, as one of thoughts and answer."""
        if constraint is None:
            return None
        if constraint.kind == "grammar":
            rules = re.sub(r"^start:", "answer:", constraint.value, flags=re.MULTILINE)
        else:
            rules = f"answer: %json {json.dumps(schema_of(constraint))}"
        begun = "thought GAP? answer"
        start = begun if self.begun else f'answer | "{OPEN}" {begun}'
        return replace(constraint, kind="grammar", value=RULES.format(start=start) + rules)


@dataclass(frozen=True, slots=True)
class Thought:
    """Some text of a thought, and how many tokens it took."""

    text: str
    tokens: int


def thinking(template: str | None, prompt: str) -> Thinking | None:
    """Whether a model may think after a prompt: not if its thoughts were closed there."""
    if OPEN not in (template or "") or CLOSE not in (template or ""):
        return None
    end = prompt.rstrip()
    return None if end.endswith(CLOSE) else Thinking(begun=end.endswith(OPEN))


def apart(
    events: Iterator[TextEvent | Finished], about: Thinking
) -> Iterator[TextEvent | Thought | Finished]:
    """Events, with the thoughts before the answer apart."""
    separator = Separator(begun=about.begun)
    for event in events:
        if isinstance(event, Finished):
            for thought, text in separator.end():
                yield Thought(text, 0) if thought else TextEvent(event.id, text)
            yield event
            continue
        answering = separator.answering
        found = list(separator.feed(event.text))
        if not answering:  # its tokens are those of a thought, whatever else it brought
            tokens = event.tokens if separator.thought else 0
            yield Thought("".join(text for thought, text in found if thought), tokens)
        for thought, text in found:
            if not thought:
                yield replace(event, text=text)


class Separator:
    """Text in any portions → thoughts and answer; white space around the tags is dropped."""

    def __init__(self, *, begun: bool) -> None:
        self._state = "inside" if begun else "before"
        self._held = ""
        self._said = False
        self.thought = begun
        """Whether there was a thought."""

    @property
    def answering(self) -> bool:
        """Whether the answer has begun."""
        return self._state == "answer"

    def feed(self, text: str) -> Iterator[tuple[bool, str]]:
        """What is certain by now: whether it is thought, and the text."""
        self._held += text
        if self._state == "before":
            seen = self._held.lstrip()
            if OPEN.startswith(seen) and seen != OPEN:
                return
            self.thought = seen.startswith(OPEN)
            self._state = "inside" if self.thought else "answer"
            self._held = seen.removeprefix(OPEN) if self.thought else self._held
        if self._state == "inside":
            yield from self._think()
        if self._state == "gap":
            self._held = self._held.lstrip()
            self._state = "answer" if self._held else "gap"
        if self._state == "answer" and self._held:
            yield False, self._held
            self._held = ""

    def end(self) -> Iterator[tuple[bool, str]]:
        """The beginning of a tag that never came."""
        if self._held:
            yield self._state == "inside", self._held

    def _think(self) -> Iterator[tuple[bool, str]]:
        thought, closed, rest = self._held.partition(CLOSE)
        if not closed:
            ends = (n for n in range(len(CLOSE) - 1, 0, -1) if self._held.endswith(CLOSE[:n]))
            keep = len(self._held) - next(ends, 0)
            thought, rest = self._held[:keep], self._held[keep:]
        thought = thought if self._said else thought.lstrip()
        if thought:
            self._said = True
            yield True, thought
        self._held = rest
        self._state = "gap" if closed else "inside"
