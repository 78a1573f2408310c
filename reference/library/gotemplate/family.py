"""Which family a template belongs to, seen from what it makes of a conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..errors import UnknownTemplateError
from .jinja import jinja
from .tree import parse


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of models writes a message: ``ROLE`` stands for who speaks."""

    name: str
    head: str
    end: str
    begins: bool = False
    """Whether a prompt begins with the token that begins a document: Go templates lack it."""

    def writes(self, prompt: str) -> bool:
        """Whether a prompt has the messages of `PROBE`, each in its frame, and begins an answer.

        The end of an old answer may be missing: so it is where a template lacks ``.Response``.
        """
        marks = f"{re.escape(self.end)}|{re.escape(self.head).replace('ROLE', '[a-z]+')}"
        plain = f"(?:(?!{marks}).)*"
        at = 0
        for message in PROBE:
            said = plain + re.escape(message["content"]) + plain
            end = f"(?={marks})" if message["role"] == "assistant" else re.escape(self.end)
            frame = re.compile(self._head(message["role"]) + said + end, re.DOTALL)
            found = frame.search(prompt, at)
            if found is None:
                return False
            at = found.end()
        begun = re.compile(self._head("assistant") + plain + r"\Z", re.DOTALL)
        return bool(begun.search(prompt, at))

    def _head(self, role: str) -> str:
        return re.escape(self.head.replace("ROLE", role))


FAMILIES: Final = (
    Family("Llama 3", "<|start_header_id|>ROLE<|end_header_id|>", "<|eot_id|>", begins=True),
    Family("ChatML", "<|im_start|>ROLE", "<|im_end|>"),
)
FORMS: Final = " and ".join(f"{one.name} ({one.head} … {one.end})" for one in FAMILIES)
"""What is known, for messages."""

PROBE: Final = (
    {"role": "system", "content": "words-of-the-system"},
    {"role": "user", "content": "first-question"},
    {"role": "assistant", "content": "first-answer"},
    {"role": "user", "content": "second-question"},
)


def chat_template(template: str) -> str:
    """The Jinja template that renders what a Go template does; UnknownTemplateError if unknown."""
    found, why = _recognised(template)
    if why:
        msg = f"The template is of no form that is known here: {why}. Known are those of {FORMS}."
        raise UnknownTemplateError(msg)
    return found


@lru_cache(maxsize=32)
def _recognised(template: str) -> tuple[str, str]:
    """A Jinja template, or why there is none."""
    from ...chat.template import render
    from ...errors import ApiError

    try:
        found = jinja(parse(template))
        prompt = render(found, PROBE, (), "", "")
    except UnknownTemplateError as error:
        return "", str(error)
    except (ApiError, RecursionError, SyntaxError):
        return "", "it cannot be rendered"
    for family in FAMILIES:
        if family.writes(prompt):
            return "{{ bos_token }}" * family.begins + found, ""
    return "", "it writes messages in another way"
