"""The tokens of a model, as everything after the engine needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, Protocol

from .base import Infill, PromptPart, Text, Tokens
from .errors import NotCapableError
from .gguf import Gguf


class Tokenize(Protocol):
    """Text, and whether special tokens in it are meant as such → token ids."""

    def __call__(self, text: str, *, special: bool) -> list[int]:
        """Tokenise."""
        ...


INFILL_NAMES = {
    "prefix": ("fim_pre", "prefix"),
    "suffix": ("fim_suf", "suffix"),
    "middle": ("fim_mid", "middle"),
}
"""Metadata keys ``tokenizer.ggml.*_token_id``; the second name is the older one."""

INFILL_TEXTS = {
    "prefix": ("<|fim_prefix|>", "<fim_prefix>", "<fim-prefix>", "<PRE>", "▁<PRE>"),
    "suffix": ("<|fim_suffix|>", "<fim_suffix>", "<fim-suffix>", "<SUF>", "▁<SUF>"),
    "middle": ("<|fim_middle|>", "<fim_middle>", "<fim-middle>", "<MID>", "▁<MID>"),
}
END_TEXTS = ("<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<EOT>")
"""Tokens that end an answer in files whose metadata names only one of them."""


class Kind(IntEnum):
    """Token types of GGUF."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True)
class Vocabulary:
    """Token texts, kinds and roles. ``piece`` gives the bytes of one token (engine's work)."""

    texts: tuple[str, ...]
    kinds: tuple[int, ...]
    bos: int | None
    eos: int | None
    ends: frozenset[int]
    """Tokens that end an answer; never part of its text."""
    infill: tuple[int, int, int] | None
    """The tokens before the prefix, the suffix and the middle."""
    add_bos: bool
    add_eos: bool
    piece: Callable[[int], bytes]

    @cached_property
    def pieces(self) -> tuple[bytes, ...]:
        """The bytes of every token; empty for special tokens."""
        return tuple(self.piece(token) for token in range(len(self.texts)))

    @cached_property
    def special(self) -> dict[str, int]:
        """Control and user-defined tokens by text."""
        return self._of_kind(Kind.CONTROL, Kind.USER_DEFINED, Kind.UNKNOWN)

    @property
    def control(self) -> tuple[str, ...]:
        """Texts of the control tokens."""
        return tuple(self._of_kind(Kind.CONTROL))

    @cached_property
    def _patterns(self) -> dict[bool, re.Pattern[str]]:
        """What to cut a text at, with and without control tokens (as llama.cpp does)."""
        chosen = {True: self.special, False: self._of_kind(Kind.USER_DEFINED)}
        return {
            special: re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))
            for special, texts in chosen.items()
            if texts
        }

    def _of_kind(self, *kinds: Kind) -> dict[str, int]:
        pairs = zip(self.texts, self.kinds, strict=True)
        return {text: token for token, (text, kind) in enumerate(pairs) if kind in kinds and text}

    def split(self, text: str, *, special: bool) -> Iterator[str | int]:
        """Cut a text at its special tokens: the texts between, and the tokens' ids."""
        pattern, start = self._patterns.get(special), 0
        for match in pattern.finditer(text) if pattern else ():
            if match.start() > start:
                yield text[start : match.start()]
            yield self.special[match.group()]
            start = match.end()
        if start < len(text):
            yield text[start:]

    def shown(self, token: int) -> bytes:
        """The bytes of a token where it stands in a prompt: of a control token its text."""
        control = self.kinds[token] == Kind.CONTROL
        return self.texts[token].encode() if control else self.piece(token)

    def text_of(self, token: int | None) -> str:
        """The text of a token as a chat template wants it."""
        return self.texts[token] if token is not None else ""

    def encode(self, part: PromptPart, tokenize: Tokenize) -> list[int]:
        """The tokens of one part of a prompt, which is no image."""
        match part:
            case Tokens(ids):
                self.check(ids)
                return list(ids)
            case Text(text, special):
                return tokenize(text, special=special)
            case Infill(prefix, suffix):
                return self._gap(prefix, suffix, tokenize)
        msg = (
            "This model reads no images here. Images need the backend 'llamacpp' and a model "
            "with a projector."
        )
        raise NotCapableError(msg)

    def begin(self, tokens: list[int]) -> list[int]:
        """The tokens of a whole prompt, after the begin token where the model wants one."""
        if self.bos is None or tokens[:1] == [self.bos] or not (self.add_bos or not tokens):
            return tokens
        return [self.bos, *tokens]

    def document(self, item: str | Sequence[int], tokenize: Tokenize) -> list[int]:
        """The tokens of a text to embed, between the begin and end tokens the model wants."""
        part = Text(item, special=False) if isinstance(item, str) else Tokens(tuple(item))
        tokens = self.begin(self.encode(part, tokenize))
        return [*tokens, self.eos] if self.add_eos and self.eos is not None else tokens

    def check(self, ids: Sequence[int]) -> None:
        """Refuse ids outside the vocabulary: engines do not."""
        for token in ids:
            if not 0 <= token < len(self.texts):
                last = len(self.texts) - 1
                msg = f"{token} is not a token of this model; its tokens are 0 to {last}."
                raise NotCapableError(msg)

    def _gap(self, prefix: str, suffix: str, tokenize: Tokenize) -> list[int]:
        if self.infill is None:
            msg = "This model has no infill tokens, so it cannot fill a gap before a suffix."
            raise NotCapableError(msg)
        before, after, middle = self.infill
        gap = [tokenize(text, special=False) for text in (prefix, suffix)]
        return [before, *gap[0], after, *gap[1], middle]


def vocabulary(gguf: Gguf, piece: Callable[[int], bytes]) -> Vocabulary:
    """The vocabulary that a file's metadata describes."""
    texts = tuple(gguf.get("tokenizer.ggml.tokens"))
    kinds = tuple(gguf.get("tokenizer.ggml.token_type") or (Kind.NORMAL,) * len(texts))
    size = len(texts)

    def role(key: str) -> int | None:
        token = gguf.get(f"tokenizer.ggml.{key}_token_id")
        return token if isinstance(token, int) and 0 <= token < size else None

    ids = {text: token for token, text in enumerate(texts)}
    ends = {role("eos"), role("eot"), *(ids.get(text) for text in END_TEXTS)} - {None}
    spm = gguf.get("tokenizer.ggml.model") == "llama"
    return Vocabulary(
        texts=texts,
        kinds=kinds,
        bos=role("bos"),
        eos=role("eos"),
        ends=frozenset(token for token in ends if token is not None),
        infill=_infill(role, ids),
        add_bos=_flag(gguf.get("tokenizer.ggml.add_bos_token"), default=spm),
        add_eos=_flag(gguf.get("tokenizer.ggml.add_eos_token"), default=False),
        piece=piece,
    )


def _flag(value: Any, *, default: bool) -> bool:
    return default if value is None else bool(value)


def _infill(role: Callable[[str], int | None], ids: dict[str, int]) -> tuple[int, int, int] | None:
    found = []
    for part, keys in INFILL_NAMES.items():
        tokens = [role(key) for key in keys] + [ids.get(text) for text in INFILL_TEXTS[part]]
        found.append(next((token for token in tokens if token is not None), None))
    before, after, middle = found
    return None if before is None or after is None or middle is None else (before, after, middle)
