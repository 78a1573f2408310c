"""What the chat model is taught, one module a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..draw import Draw
from ..lesson import Lesson, Talk
from .calling import answering, calling, calling_twice, declining
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
    "system": obeying, "turns": remembering, "json": writing_json, "call": calling, "twice": calling_twice,
    "decline": declining, "result": answering, "fill": filling, "see": looking,
}  # fmt: skip
SHARES: Final = {
    "copy": 13, "foreign": 6, "know": 12, "story": 1.2, "tell": 1.2, "system": 10, "turns": 6, "json": 11,
    "call": 19, "twice": 4, "decline": 5, "result": 6, "fill": 12, "see": 8,
}  # fmt: skip
"""How often each subject is taught."""
LONG = 0.02
"""The share of lessons that are chained to one long conversation."""


def teach(draw: Draw) -> Lesson:
    """One lesson of any subject."""
    if draw.happens(LONG):
        return chained(draw)
    subject = draw.choices(list(SHARES), list(SHARES.values()))[0]
    return SUBJECTS[subject](draw)


def chained(draw: Draw) -> Talk:
    """Many short lessons as one conversation, so that the model knows long ones."""
    turns = [message for _ in range(draw.randint(8, 30)) for message in
             draw.choices((copying, knowing, writing_json), (3, 2, 1))[0](draw).messages[-2:]]  # fmt: skip
    return Talk(tuple(turns))
