"""A probability for every next token: greedy choice, sampling and exact log probabilities."""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

FLOOR = -50.0
"""The logit of a token that a distribution does not list: it never comes unless it is forced."""


class Distribution:
    """The logits of the tokens that may come next; all others have ``FLOOR``."""

    def __init__(self, logits: dict[int, float]) -> None:
        self.logits = logits
        self._cumulated: dict[float, list[float]] = {}

    def changed(self, changes: Mapping[int, float]) -> Distribution:
        """The same with penalties and biases added to some logits."""
        logits = dict(self.logits)
        for token, change in changes.items():
            logits[token] = logits.get(token, FLOOR) + change
        return Distribution(logits)

    @cached_property
    def best(self) -> int:
        """The most likely token."""
        return max(self.logits, key=self.logits.__getitem__)

    @cached_property
    def order(self) -> list[int]:
        """The tokens, the most likely one first."""
        return sorted(self.logits, key=self.logits.__getitem__, reverse=True)

    @cached_property
    def _normaliser(self) -> float:
        top = self.logits[self.best]
        return top + math.log(sum(math.exp(logit - top) for logit in self.logits.values()))

    def logprob(self, token: int) -> float:
        """The natural logarithm of a token's probability at temperature 1."""
        return self.logits.get(token, FLOOR) - self._normaliser

    def sample(self, rng: Random, temperature: float, top_p: float) -> int:
        """Draw a token from the nucleus of mass ``top_p``."""
        if temperature <= 0:
            return self.best
        cumulated = self._cumulated.get(temperature)
        if cumulated is None:
            top = self.logits[self.best]
            weights = (math.exp((self.logits[token] - top) / temperature) for token in self.order)
            cumulated = self._cumulated[temperature] = list(accumulate(weights))
            if len(self._cumulated) > 8:
                self._cumulated.pop(next(iter(self._cumulated)))
        total = cumulated[-1]
        if top_p < 1:
            total = cumulated[min(bisect_left(cumulated, total * top_p), len(cumulated) - 1)]
        return self.order[min(bisect_left(cumulated, rng.random() * total), len(cumulated) - 1)]
