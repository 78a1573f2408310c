"""What the chat model is taught, one module a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..draw import Draw
from ..lesson import Lesson, Talk
from .calling import answering, calling, calling_twice, choosing, declining
from .copying import copying, copying_foreign
from .filling import filling
from .json_objects import writing_json
from .knowing import knowing, storytelling
from .looking import looking
from .obeying import obeying
from .remembering import remembering
from .telling import telling

SUBJECTS: Final[dict[str, Callable[[Draw], Lesson]]] = {
    "copy": copying, "foreign": copying_foreign, "know": knowing, "story": storytelling, "tell": telling,
    "system": obeying, "turns": remembering, "json": writing_json, "which": choosing, "call": calling,
    "twice": calling_twice, "decline": declining, "result": answering, "fill": filling, "see": looking,
}  # fmt: skip
SHARES: Final[dict[str, float]] = {
    "copy": 12, "foreign": 4, "know": 9, "story": 0.5, "tell": 0.5, "system": 14, "turns": 9, "json": 12,
    "which": 8, "call": 19, "twice": 10, "decline": 15, "result": 2, "fill": 21, "see": 11,
}  # fmt: skip
"""How often each subject is taught."""
AT_FIRST: Final[dict[str, float]] = {
    "copy": 24, "foreign": 6, "know": 9, "system": 9, "turns": 8, "json": 12, "which": 20, "fill": 12,
}  # fmt: skip
"""The same before saying again is known, which all the others need."""
SHORT: Final = frozenset(("copy", "foreign", "know", "json"))
"""Lessons of one question, of which a conversation often has two."""
LONG = 0.02
"""The share of lessons that are chained to one long conversation."""


def teach(draw: Draw, *, early: bool = False) -> Lesson:
    """One lesson of any subject, or of those with which to begin."""
    if not early and draw.happens(LONG):
        return chained(draw)
    shares = AT_FIRST if early else SHARES
    subject = draw.choices(list(shares), list(shares.values()))[0]
    lesson = SUBJECTS[subject](draw)
    if subject in SHORT and draw.happens(0.6):
        another = SUBJECTS[subject](draw)
        if isinstance(lesson, Talk) and isinstance(another, Talk):
            return Talk((*lesson.messages, *another.messages[-2:]))
    return lesson


def chained(draw: Draw) -> Talk:
    """Many short lessons as one conversation, so that the model knows long ones."""
    turns = [message for _ in range(draw.randint(8, 30)) for message in
             draw.choices((copying, knowing, writing_json), (3, 2, 1))[0](draw).messages[-2:]]  # fmt: skip
    return Talk(tuple(turns))
