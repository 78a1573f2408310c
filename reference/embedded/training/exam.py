"""Questions of the exam: held-out lessons as requests, and what the right answer is."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from .draw import Draw
from .lesson import OPEN, PICTURE, Gap, Talk, answer, opening
from .lessons.calling import answering, calling, calling_twice, declining
from .lessons.copying import copying, copying_foreign
from .lessons.filling import filling
from .lessons.json_objects import writing_json
from .lessons.knowing import knowing
from .lessons.looking import colour_of, count_of, shape_of
from .lessons.obeying import obeying
from .lessons.remembering import remembering
from .pictures import Scene, paint


@dataclass(frozen=True, slots=True)
class Question:
    """A request to an endpoint, and whether an answer's text is right."""

    path: str
    body: dict[str, Any]
    expected: str
    exact: bool = True
    """Whether the text has to be equal; else it only must not call a tool."""

    def right(self, answer: str) -> bool:
        """Whether an answer is right."""
        return answer == self.expected if self.exact else OPEN not in answer


def _said(talk: Talk, draw: Draw, *, exact: bool = True) -> Question:
    """A conversation without its last answer.

    Tools stand in the system message, in the words of the chat template: nothing then
    constrains the answer, and a call is text like any other.
    """
    *asked, last = talk.messages
    rest, head = opening(asked, talk.tools)
    given = head.removeprefix("<|im_start|>system\n").removesuffix("<|im_end|>\n")
    messages = [{"role": "system", "content": given}] if head else []
    scenes = iter(talk.scenes)
    messages += [_pictured(dict(message), scenes, draw) for message in rest]
    expected = "".join(piece.text for piece in answer(last))
    return Question("/chat/completions", {"messages": messages}, expected, exact)


def _pictured(message: dict[str, Any], scenes: Any, draw: Draw) -> dict[str, Any]:
    if PICTURE not in (message.get("content") or ""):
        return message
    before, after = message["content"].split(PICTURE)
    parts = [{"type": "text", "text": before}] if before else []
    parts.append({"type": "image_url", "image_url": {"url": encoded(next(scenes), draw)}})
    return {**message, "content": parts + ([{"type": "text", "text": after}] if after else [])}


def encoded(shown: Scene, draw: Draw) -> str:
    """A picture as a data URI."""
    buffer = io.BytesIO()
    form = draw.choice(("png", "jpeg", "webp"))
    paint(shown, draw).save(buffer, form, **({"quality": 90} if form != "png" else {}))
    return f"data:image/{form};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _gap(gap: Gap) -> Question:
    return Question("/completions", {"prompt": gap.prefix, "suffix": gap.suffix}, gap.middle)


def _talks(make: Callable[[Draw], Talk], *, exact: bool = True) -> Callable[[Draw], Question]:
    return lambda draw: _said(make(draw), draw, exact=exact)


SKILLS: Final[dict[str, Callable[[Draw], Question]]] = {
    "copy": _talks(copying),
    "copy, not ASCII": _talks(copying_foreign),
    "questions": _talks(knowing),
    "JSON": _talks(writing_json),
    "tool and arguments": _talks(calling),
    "two calls": _talks(calling_twice),
    "no call when none fits": _talks(declining, exact=False),
    "answer from a result": _talks(answering),
    "several turns": _talks(remembering),
    "system instruction": _talks(obeying),
    "infill": lambda draw: _gap(filling(draw)),
    "picture: colour": _talks(colour_of),
    "picture: shape": _talks(shape_of),
    "picture: count": _talks(count_of),
}  # fmt: skip


def questions(skill: str, count: int) -> list[Question]:
    """The exam of one skill; always the same."""
    draw = Draw(f"final exam {skill}", unseen=True)
    return [SKILLS[skill](draw) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Forced:
    """A request whose answer a constraint makes valid, whatever the model would say."""

    body: dict[str, Any]
    schema: dict[str, Any]

    def valid(self, message: dict[str, Any]) -> bool:
        """Whether the message holds what the schema wants."""
        from jsonschema import Draft202012Validator

        calls = message.get("tool_calls")
        text = calls[0]["function"]["arguments"] if calls else message["content"]
        try:
            return Draft202012Validator(self.schema).is_valid(json.loads(text))
        except ValueError:
            return False


def forced(kind: str, count: int) -> list[Forced]:
    """Requests in JSON mode, with a schema, or with a tool that has to be called."""
    draw = Draw(f"forced {kind}", unseen=True)
    return [_FORCED[kind](draw) for _ in range(count)]


def _json_mode(draw: Draw) -> Forced:
    body = _said(writing_object(draw), draw).body
    return Forced({**body, "response_format": {"type": "json_object"}}, {"type": "object"})


def writing_object(draw: Draw) -> Talk:
    """A talk about JSON that ends in an object."""
    while not (made := writing_json(draw)).messages[-1]["content"].startswith("{"):
        pass
    return made


def _schema(draw: Draw) -> Forced:
    talk = calling(draw)
    schema = draw.choice(talk.tools)["function"]["parameters"]
    body = _said(Talk(talk.messages), draw).body
    form = {"type": "json_schema", "json_schema": {"name": "wanted", "schema": schema}}
    return Forced({**body, "response_format": form}, schema)


def _tool(draw: Draw) -> Forced:
    talk = calling(draw)
    chosen = draw.choice(talk.tools)["function"]
    body = {
        "messages": list(talk.messages[:-1]),
        "tools": list(talk.tools),
        "tool_choice": {"type": "function", "function": {"name": chosen["name"]}},
    }
    return Forced(body, chosen["parameters"])


_FORCED: Final = {"JSON mode": _json_mode, "JSON schema": _schema, "forced call": _tool}
FORCED: Final = tuple(_FORCED)
