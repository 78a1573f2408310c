"""JSON objects, JSON Schemas and grammars as token masks, by llguidance, for every backend."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

from .base import Constraint
from .errors import BadConstraintError
from .vocabulary import Kind, Tokenize, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPACES = r"[ \n]{0,8}"
"""White space between JSON tokens: bounded, so that a weak model cannot stay in it for ever."""


class _Tokenizer:
    """A vocabulary in the shape that llguidance asks for."""

    is_tokenizer_wrapper = True

    def __init__(self, vocabulary: Vocabulary, tokenize: Tokenize) -> None:
        special = {
            token
            for token, kind in enumerate(vocabulary.kinds)
            if kind in (Kind.CONTROL, Kind.UNKNOWN, Kind.UNUSED)
        }
        special |= vocabulary.ends
        self.tokens = [
            vocabulary.texts[token].encode() if token in special else piece
            for token, piece in enumerate(vocabulary.pieces)
        ]
        self.special_token_ids = sorted(special)
        self.bos_token_id = vocabulary.bos
        self.eos_token_id = vocabulary.eos if vocabulary.eos is not None else min(special)
        self._tokenize = tokenize

    def __call__(self, text: str) -> list[int]:
        return self._tokenize(text, special=False)


class Compiler:
    """Turns constraints into masks for one vocabulary; building it is the costly part."""

    def __init__(self, vocabulary: Vocabulary, tokenize: Tokenize) -> None:
        wrapper: Any = _Tokenizer(vocabulary, tokenize)
        ends = sorted(vocabulary.ends) or [wrapper.eos_token_id]
        self._size = len(vocabulary.texts)
        self._special = vocabulary.special
        self._tokenizer = LLTokenizer(wrapper, n_vocab=self._size, eos_token=ends)

    def mask(self, constraint: Constraint) -> Mask:
        """A fresh mask; BadConstraintError, with the reason, where it cannot be followed."""
        tokens = [self._special[text] for text in constraint.special]
        matcher = LLMatcher(self._tokenizer, _grammar(constraint, tokens), log_level=0)
        if matcher.is_error():
            raise BadConstraintError(_reason(matcher.get_error()))
        return Mask(matcher, self._size)


class Mask:
    """Which tokens may come next, over the course of one answer."""

    def __init__(self, matcher: LLMatcher, size: int) -> None:
        self._matcher = matcher
        self._bits = allocate_token_bitmask(1, size)
        self._size = size

    def apply(self, logits: NDArray[np.float32]) -> None:
        """Exclude, in place, every token that the constraint does not allow."""
        fill_next_token_bitmask(self._matcher, self._bits)
        allowed = np.unpackbits(self._bits[0].view(np.uint8), bitorder="little")[: self._size]
        logits[: self._size][allowed == 0] = -np.inf
        logits[self._size :] = -np.inf

    def accept(self, token: int) -> None:
        """Go on by one chosen token."""
        if not self._matcher.consume_token(token):
            raise BadConstraintError(_reason(self._matcher.get_error()))

    @property
    def complete(self) -> bool:
        """Whether the answer is whole and nothing can follow."""
        return self._matcher.is_stopped()


def _grammar(constraint: Constraint, special: Sequence[int]) -> str:
    if constraint.kind == "grammar":
        rules = (f"special_{index}: <[{token}]>" for index, token in enumerate(special))
        return LLMatcher.grammar_from_lark("\n".join((constraint.value, *rules)))
    schema = {"type": "object"} if constraint.kind == "json_object" else constraint.value
    try:
        return LLMatcher.grammar_from_json_schema(
            json.dumps(schema), overrides={"whitespace_pattern": SPACES}
        )
    except ValueError as error:
        raise BadConstraintError(_reason(str(error))) from error


def _reason(message: str) -> str:
    """The first line of llguidance's message, without its advice to developers."""
    first = message.strip().splitlines()[0] if message.strip() else "unknown reason"
    return f"The constraint cannot be followed: {first}"
