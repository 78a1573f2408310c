"""SentencePiece tokenisation as llama.cpp does it, in Python.

The engine's own tokeniser puts a space before every text, knows no special tokens, ends at
a NUL and writes past its buffer, so it is not used for vocabularies of this kind.
"""

from __future__ import annotations

from heapq import heappop, heappush

from ..vocabulary import Vocabulary

SPACE = "▁"


class SentencePiece:
    """Merges the neighbours with the best score until none is left."""

    def __init__(
        self, vocabulary: Vocabulary, scores: list[float], *, add_space_prefix: bool
    ) -> None:
        self._vocabulary = vocabulary
        self._ids = {text: token for token, text in enumerate(vocabulary.texts)}
        self._scores = scores
        self._prefix = SPACE if add_space_prefix else ""

    def encode(self, text: str, *, special: bool) -> list[int]:
        """Token ids of a text, without the begin token."""
        tokens: list[int] = []
        after_special = True
        for part in self._vocabulary.split(text, special=special):
            if isinstance(part, int):
                tokens.append(part)
                after_special = True
            else:
                prefix = self._prefix if after_special else ""
                tokens.extend(self._merge(prefix + part.replace(" ", SPACE)))
                after_special = False
        return tokens

    def _merge(self, text: str) -> list[int]:
        symbols: list[str] = list(text)
        following = [*range(1, len(symbols)), -1]
        previous = list(range(-1, len(symbols) - 1))
        heap: list[tuple[float, int, int, str]] = []

        def offer(left: int, right: int) -> None:
            if left >= 0 and right >= 0:
                pair = symbols[left] + symbols[right]
                token = self._ids.get(pair)
                if token is not None:
                    heappush(heap, (-self._scores[token], left, right, pair))

        for left in range(len(symbols) - 1):
            offer(left, left + 1)
        while heap:
            _, left, right, pair = heappop(heap)
            if not symbols[left] or symbols[left] + symbols[right] != pair or not symbols[right]:
                continue
            symbols[left], symbols[right] = pair, ""
            after = following[left] = following[right]
            if after >= 0:
                previous[after] = left
            offer(previous[left], left)
            offer(left, after)
        return [token for symbol in symbols if symbol for token in self._lookup(symbol)]

    def _lookup(self, symbol: str) -> list[int]:
        token = self._ids.get(symbol)
        if token is not None:
            return [token]
        unknown = self._ids.get("<unk>", 0)
        return [self._ids.get(f"<0x{byte:02X}>", unknown) for byte in symbol.encode()]
