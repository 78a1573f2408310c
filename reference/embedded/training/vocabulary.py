"""The vocabulary of the embedded models: special tokens, every byte, characters, and merges.

Merges are learned from the words that the lessons use, and join ASCII letters only. A space,
a line break, a digit and a punctuation mark are tokens of their own, so that a word has the
same tokens after a space, a quote or a colon: copying it is copying its tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

UNKNOWN, BOS, EOS = 0, 1, 2
SPECIAL: Final = ("<unk>", "<s>", "<|im_end|>")
BYTES: Final = tuple(f"<0x{byte:02X}>" for byte in range(256))
CONTROL: Final = ("<|im_start|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<pad>")
DEFINED: Final = ("<tool_call>", "</tool_call>")
SPACE: Final = "▁"
ASCII: Final = (SPACE, *map(chr, range(ord("!"), ord("~") + 1)))
LETTERS: Final = (
    *(chr(code) for code in range(0xC0, 0x180) if chr(code) not in "×÷ĸŉſ"),
    *(chr(code) for code in range(0x386, 0x3CF) if chr(code).isalpha()),
    *map(chr, range(0x410, 0x450)), "Ё", "ё",
    *map(chr, range(0x3041, 0x3094)), *map(chr, range(0x30A1, 0x30F5)), "ー",
    *"¿¡€£°§«»“”„‘’–—…",
)  # fmt: skip
"""Latin, Greek, Cyrillic, Hiragana and Katakana; every other character is its bytes."""

_PIECE: Final = re.compile(r"[A-Za-z]{2,}|[^A-Za-z]|[A-Za-z]", re.DOTALL)
_NORMAL, _UNKNOWN, _CONTROL, _DEFINED, _BYTE = 1, 2, 3, 4, 6


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in the order of their ids, and how text becomes tokens."""

    merges: tuple[str, ...] = ()
    """Joined pieces, the first learned first."""
    _ids: dict[str, int] = field(init=False, repr=False)
    _ranks: dict[str, int] = field(init=False, repr=False)
    _words: dict[str, list[int]] = field(init=False, repr=False, default_factory=dict)
    _special: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named = (*SPECIAL, *CONTROL, *DEFINED)
        put = object.__setattr__
        put(self, "_ids", {token: number for number, token in enumerate(self.tokens)})
        put(self, "_ranks", {merge: rank for rank, merge in enumerate(self.merges)})
        put(self, "_special", re.compile("|".join(map(re.escape, named))))

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token's text."""
        return (*SPECIAL, *BYTES, *CONTROL, *DEFINED, *ASCII, *LETTERS, *self.merges)

    @property
    def kinds(self) -> tuple[int, ...]:
        """Every token's type, as GGUF counts them."""
        normal = len(ASCII) + len(LETTERS) + len(self.merges)
        return (
            _UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * len(BYTES), *[_CONTROL] * len(CONTROL),
            *[_DEFINED] * len(DEFINED), *[_NORMAL] * normal,
        )  # fmt: skip

    @property
    def scores(self) -> tuple[float, ...]:
        """Every token's score: of two possible merges the one with the higher score is made."""
        single = len(ASCII) + len(LETTERS)
        others = len(self.tokens) - single - len(self.merges)
        merged = [-1.0 - rank for rank in range(len(self.merges))]
        return (*[0.0] * others, *[-1e5] * single, *merged)

    def id(self, token: str) -> int:
        """The id of a token; KeyError where there is none."""
        return self._ids[token]

    def plain(self, text: str) -> str:
        """A text without its special tokens."""
        return self._special.sub(" ", text)

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """Token ids of a text (any length); with ``special``, control tokens may be spelled out.

        The same ids as both engines give, without their begin token.
        """
        ids: list[int] = []
        start = 0
        for found in self._special.finditer(text) if special else ():
            ids += self._plain(text[start : found.start()])
            ids.append(self._ids[found.group()])
            start = found.end()
        return ids + self._plain(text[start:])

    def _plain(self, text: str) -> list[int]:
        ids: list[int] = []
        for piece in _PIECE.findall(text):
            known = self._words.get(piece)
            if known is None:
                known = self._words[piece] = self._piece(piece)
                if len(self._words) > 200_000:  # noqa: PLR2004 - random words would fill memory
                    self._words.clear()
            ids += known
        return ids

    def _piece(self, piece: str) -> list[int]:
        if len(piece) > 1:
            return [self._ids[part] for part in merged(piece, self._ranks)]
        token = self._ids.get(SPACE if piece == " " else piece)
        return [token] if token is not None else [
            self._ids[f"<0x{byte:02X}>"] for byte in piece.encode()
        ]  # fmt: skip


def merged(word: str, ranks: dict[str, int]) -> list[str]:
    """A word in pieces: the neighbours with the best rank are joined first, from the left."""
    parts = list(word)
    while len(parts) > 1:
        pairs = (a + b for a, b in pairwise(parts))
        rank, place = min((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(pairs))
        if rank == len(ranks):
            break
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
    return parts
