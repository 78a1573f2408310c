"""Prompts by which one sees how large the context of a model is, in tokens.

Only the server counts tokens, so a size is chosen between what a short prompt costs and what a
long one does. The long one is a conversation: some servers refuse it where it does not fit,
others leave out its oldest messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from .answer import Answer
from .exchange import Exchange, Json
from .expect import Refused, untested
from .server import PATHS, Server

_STEP = 256
"""Engines round a context up to a multiple of this."""
_ROOM = 96
"""Tokens for the answer, and for what a template adds."""
_UNTOLD = 512
"""What a short prompt may cost where the server does not say it."""
_TURN = (
    "One morning the old man went down to the river with his dog and a small boat. "
    "The water was high after the rain, and the wooden bridge had lost two of its boards. "
    "He sat on a stone, looked at the clouds over the hills and waited for his friend."
)
_WORDS = len(_TURN.split())
"""No tokenizer makes less than a token of a common word and its space."""


@dataclass(frozen=True)
class Sizes:
    """``small`` is a context that the short prompt fits and the long one does not."""

    small: int
    turns: int


def sizes(server: Server) -> Sizes:
    """The sizes for the model that chats."""
    short = server.chat("Say hello.").prompt_tokens or _UNTOLD
    least = short + _ROOM + server.manner.budget
    small = -(-least // _STEP) * _STEP
    return Sizes(small, turns=small * 5 // 4 // _WORDS + 1)


def conversation(turns: int, opening: str) -> list[Json]:
    """A conversation of some turns; another ``opening`` keeps caches out of it."""
    messages: list[Json] = []
    for number in range(1, turns + 1):
        text = f"{opening}, part {number}. {_TURN}"
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes."}]
    return [*messages, {"role": "user", "content": "Say hello."}]


def ask(server: Server, opening: str, **fields: Json) -> Exchange:
    """The answer to a long prompt, whatever its status."""
    prompt = conversation(sizes(server).turns, opening)
    return server.request("POST", PATHS["chat"], server.body("chat", prompt, fields))


def expect_fits(server: Server) -> int:
    """What the long prompt costs the model that chats, before anything was made of it.

    Raises:
        Untested: it does not fit this model either.
    """
    prompt = conversation(sizes(server).turns, "A story")
    try:
        answer: Answer = server.chat(prompt)
    except Refused as error:
        untested(f"the model itself refuses a prompt of {len(prompt)} messages: {error.actual}")
    small = sizes(server).small
    tokens = answer.prompt_tokens
    if tokens is None:
        untested("the answers have no usage, so nobody can see how much of a prompt was read")
    if tokens <= small:
        untested(f"the long prompt costs the model itself {tokens} tokens, not above {small}")
    return tokens
