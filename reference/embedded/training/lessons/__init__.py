"""What the chat model is taught, one module a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..course import EVERYTHING, Stage
from ..draw import Draw
from ..lesson import Lesson, Talk
from .calling import (
    answering,
    calling,
    calling_twice,
    choosing,
    choosing_any,
    declining,
    serving,
)
from .copying import copying, copying_foreign
from .filling import filling
from .finding import finding, having
from .json_objects import writing_json
from .knowing import knowing, storytelling
from .looking import looking
from .obeying import obeying
from .remembering import remembering
from .telling import telling

SUBJECTS: Final[dict[str, Callable[[Draw], Lesson]]] = {
    "copy": copying, "foreign": copying_foreign, "know": knowing, "story": storytelling, "tell": telling,
    "system": obeying, "turns": remembering, "json": writing_json, "find": finding, "has": having, "which": choosing,
    "pick": choosing_any, "call": calling, "twice": calling_twice, "decline": declining, "serve": serving, "result": answering, "fill": filling, "see": looking,
}  # fmt: skip
SHORT: Final = frozenset(("copy", "foreign", "know", "json"))
"""Lessons of one question, of which a conversation often has two."""


def teach(draw: Draw, stage: Stage = EVERYTHING) -> Lesson:
    """One lesson of those that a stage has."""
    if draw.happens(stage.long):
        return chained(draw)
    subject = draw.choices(list(stage.lessons), list(stage.lessons.values()))[0]
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
