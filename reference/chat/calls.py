"""How a model writes tool calls: found out by rendering one with its own chat template.

Families differ in the mark that opens a call, in the word for its arguments and in what stands
between two calls, but each writes a name and then its arguments as JSON. So two calls with names
and arguments that occur nowhere else show everything that stands around them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ..errors import ApiError
from .template import render

ID: Final = "\0"
"""Stands in a form where the id of a call does."""
_IDS: Final = ("callaaaa1", "callbbbb2")
_NAME: Final = "\1"
_SAID: Final = "something_said"
_NAMES: Final = ("one_tool_name", "two_tool_name")
_ARGUMENTS: Final = re.compile(r'\{\s*"one_key"\s*:\s*"one_value"\s*\}')
_MARK: Final = re.compile(r"[<\[][^\s{]*[a-zA-Z][^\s{]*")


@dataclass(frozen=True, slots=True)
class CallForm:
    """What stands around the name and the arguments of a call, to the letter."""

    open: str
    """Before the first name."""
    between: str
    """Between a name and its arguments."""
    close: str
    """Behind the last arguments."""
    next: str | None = None
    """Between arguments and the next name; None where there is one call at most."""
    control: tuple[str, ...] = ()
    """Control tokens among all these."""
    texts: bool = False
    """Whether the template wants the arguments of past calls as JSON text, not as an object."""

    @property
    def numbered(self) -> bool:
        """Whether calls have ids, which are then of nine letters and digits."""
        return any(ID in part for part in (self.open, self.close, self.next or ""))

    @property
    def mark(self) -> str:
        """The beginning of ``open`` that no other text has, so that text may come before.

        Empty where calls look like any JSON: then an answer is text or calls from its start.
        """
        first = max(filter(self.open.startswith, self.control), key=len, default="")
        found = None if first else _MARK.match(self.open)
        return found.group() if found else first


HERMES: Final = CallForm(
    open='<tool_call>\n{"name": "',
    between='", "arguments": ',
    close="}\n</tool_call>",
    next='}\n</tool_call>\n<tool_call>\n{"name": "',
)
"""The way of the Hermes and Qwen families, for templates that list tools and render no call."""


@lru_cache(maxsize=16)
def form_of(template: str, bos: str, eos: str, control: tuple[str, ...]) -> CallForm:
    """The form of a template's calls; HERMES where it renders none."""
    shown = (_shown(template, bos, eos, control, texts=texts) for texts in (False, True))
    return next(filter(None, shown), HERMES)


def _shown(
    template: str, bos: str, eos: str, control: tuple[str, ...], *, texts: bool
) -> CallForm | None:
    """The form that rendered calls show, where the template can render them."""

    def rendered(answer: dict[str, Any]) -> str:
        """A conversation that ends with an answer, from where the answer begins."""
        messages = [{"role": "user", "content": "x"}, {"role": "assistant", **answer}]
        tools = [_tool(name) for name in _NAMES]
        try:
            return render(template, messages, tools, bos, eos, answer=False)
        except ApiError:
            return ""

    before = rendered({"content": _SAID}).partition(_SAID)[0]
    one, two = (
        text[len(before) :] if before and text.startswith(before) else ""
        for text in (rendered(_calling(1, texts=texts)), rendered(_calling(2, texts=texts)))
    )
    name, arguments = one.find(_NAMES[0]), _ARGUMENTS.search(one)
    if name < 0 or arguments is None or arguments.start() < name:
        return None
    end = arguments.end()
    second = two.find(_NAMES[1], end)
    parts = (
        one[:name].lstrip(),
        one[name + len(_NAMES[0]) : arguments.start()],
        _ended(one[end:], control, eos),
        two[end:second] if second >= 0 else "",
    )
    opened, between, close, following = (
        part.replace(_IDS[0], ID).replace(_IDS[1], ID) for part in parts
    )
    found = tuple(text for text in control if any(text in part for part in parts))
    return CallForm(opened, between, close, following or None, found, texts)


def _ended(text: str, control: Sequence[str], eos: str) -> str:
    """A text up to the token that ends an answer: the end token, or the first control token."""
    ends = [text.index(one) for one in (eos, *control) if one and one in text]
    return text[: min(ends)] if ends else text.rstrip()


def _calling(count: int, *, texts: bool) -> dict[str, Any]:
    return {"content": "", "tool_calls": [_call(index, texts=texts) for index in range(count)]}


def _call(index: int, *, texts: bool) -> dict[str, Any]:
    key = ("one_key", "two_key")[index]
    given = {key: key.replace("key", "value")}
    arguments = json.dumps(given) if texts else given
    function = {"name": _NAMES[index], "arguments": arguments}
    return {"id": _IDS[index], "type": "function", "function": function}


def _tool(name: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {}}
    return {"type": "function", "function": {"name": name, "description": "", "parameters": schema}}


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``arguments`` is JSON text."""

    name: str
    arguments: str


def read(text: str, form: CallForm, *, final: bool = False) -> tuple[Call, str, bool] | None:
    """The call at the beginning of a text, behind what opens it; None while it is not complete.

    Returns the call, what comes behind it, and whether that is another call's name. A call ends
    where its JSON does, whatever stands in its strings. ``final`` says that no more text comes.
    """
    start = _pattern(_NAME, form.between).match(text)
    if start is None:
        return None
    try:
        value, end = json.JSONDecoder().raw_decode(text, start.end())
        call = Call(start["name"], json.dumps(value, ensure_ascii=False))
    except (ValueError, RecursionError):  # half of it, or lists within lists without an end
        return None
    if form.next is not None:
        behind = _pattern(form.next).match(text, end)
        if behind:
            return call, text[behind.end() :], True
        if not form.close and not final and form.next.startswith(text[end:]):
            return None  # nothing closes a call, so that another may begin here
    behind = _pattern(form.close).match(text, end)
    return (call, text[behind.end() :], False) if behind else None


@lru_cache(maxsize=64)
def _pattern(*literals: str) -> re.Pattern[str]:
    """Literals, in which ID stands for an id and NAME for a name."""
    escaped = "".join(map(re.escape, literals))
    for sign, pattern in ((ID, "[a-zA-Z0-9]{9}"), (_NAME, "(?P<name>[a-zA-Z0-9_-]{1,64})")):
        escaped = escaped.replace(re.escape(sign), pattern)
    return re.compile(escaped)
