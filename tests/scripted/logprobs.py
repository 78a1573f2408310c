"""Log probabilities in the two shapes of the API: of chat, and of the older completions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .vocabulary import TOKENS, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .language import Step
    from .request import Json


def _entry(token: int, logprob: float) -> Json:
    return {"token": spell(token), "logprob": logprob, "bytes": list(TOKENS[token])}


def chat_logprobs(steps: Sequence[Step]) -> Json:
    """``{"content": […], "refusal": null}``, an entry for every token."""
    content = [
        _entry(step.token, step.logprob)
        | {"top_logprobs": [_entry(*alternative) for alternative in step.top]}
        for step in steps
    ]
    return {"content": content, "refusal": None}


def _legacy_spell(token: int) -> str:
    spelt = spell(token)
    return f"bytes:{spelt}" if spelt.startswith("\\x") else spelt


class LegacyLogprobs:
    """Four parallel arrays; offsets go on from one chunk to the next.

    Offsets count from the beginning of the prompt, whether it is echoed or not.
    """

    def __init__(self, start: int) -> None:
        self._offset = start
        self._rest = b""

    def add(self, steps: Sequence[Step], *, first: bool = False) -> Json:
        """The arrays for some more tokens; the ``first`` of a prompt has null."""
        offsets = []
        for step in steps:
            offsets.append(self._offset)
            self._rest += step.data
            text = self._rest.decode(errors="ignore")
            if text or len(self._rest) > 3:
                self._offset += len(text)
                self._rest = b""
        logprobs: list[float | None] = [step.logprob for step in steps]
        tops: list[dict[str, float] | None] = [
            {
                _legacy_spell(token): logprob
                for token, logprob in ((step.token, step.logprob), *step.top)
            }
            for step in steps
        ]
        if first and steps:
            logprobs[0] = tops[0] = None
        tokens = [_legacy_spell(step.token) for step in steps]
        return {
            "tokens": tokens,
            "token_logprobs": logprobs,
            "top_logprobs": tops,
            "text_offset": offsets,
        }
