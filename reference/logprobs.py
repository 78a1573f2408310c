"""Log-probabilities in the shape of text completions: four lists of one length."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Any

from ..backends import TokenLogprob


def mean(logprobs: Iterable[TokenLogprob]) -> float:
    """The mean log-probability of some tokens: how likely a text is, whatever its length."""
    known = [one.logprob for one in logprobs if one.logprob is not None]
    return sum(known) / len(known) if known else 0.0


def spelled(piece: bytes) -> str:
    r"""A token as text; a part of a character as OpenAI writes it, ``bytes:\xe2\x82``."""
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return "bytes:" + "".join(f"\\x{byte:02x}" for byte in piece)


class Lists:
    """The lists of one choice, portion by portion: offsets count on from one to the next.

    As at OpenAI they count from the beginning of the prompt, echoed or not: without an echo
    ``start`` is the prompt's length in characters.
    """

    def __init__(self, alternatives: int, start: int = 0) -> None:
        self._alternatives = alternatives
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._offset = start

    def of(self, logprobs: Iterable[TokenLogprob]) -> dict[str, Any]:
        """The next tokens' lists; without alternatives ``top_logprobs`` is null."""
        tokens, values, tops, offsets = [], [], [], []
        for one in logprobs:
            offsets.append(self._offset)
            self._offset += len(self._decoder.decode(one.piece))
            tokens.append(spelled(one.piece))
            values.append(one.logprob)
            tops.append(_best(one))
        return {
            "tokens": tokens,
            "token_logprobs": values,
            "top_logprobs": tops if self._alternatives else None,
            "text_offset": offsets,
        }


def _best(one: TokenLogprob) -> dict[str, float] | None:
    """The likeliest tokens and the chosen one; None where nothing came before."""
    if one.logprob is None:
        return None
    found = {spelled(top.piece): top.logprob for top in one.top if top.logprob is not None}
    return found | {spelled(one.piece): one.logprob}
