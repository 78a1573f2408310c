"""Choosing a token from logits, the same for every backend, over numpy arrays.

One copy for all engines also makes their answers comparable: the same logits and the
same seed give the same token on each of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .base import Sampling, TokenLogprob

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BAN = -100.0
"""A logit bias this low, or lower, excludes the token."""


class Sampler:
    """The choices of one generation: its random numbers and the tokens it has used."""

    def __init__(self, sampling: Sampling, prompt: Sequence[int] = ()) -> None:
        self._sampling = sampling
        self._window: deque[int] | None = None
        if sampling.repeat_penalty != 1 and sampling.repeat_last_n:
            length = sampling.repeat_last_n if sampling.repeat_last_n > 0 else None
            self._window = deque(prompt, length)
        seed = None if sampling.seed is None else sampling.seed & (2**64 - 1)
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._counts: dict[int, int] = {}
        self._bias = dict(sampling.logit_bias)

    def choose(self, logits: Floats, fits: Callable[[int], bool] = lambda _token: True) -> int:
        """The next token that ``fits``; ``logits`` (vocabulary) is changed in place.

        Raises ValueError when no token is left.
        """
        if self._window:
            lessen(logits, set(self._window), self._sampling.repeat_penalty)
        adjust(logits, self._sampling, self._counts, self._bias)
        while True:
            token = pick(logits, self._sampling, self._random)
            if logits[token] == -np.inf:
                raise ValueError
            if fits(token):
                self._counts[token] = self._counts.get(token, 0) + 1
                if self._window is not None:
                    self._window.append(token)
                return token
            logits[token] = -np.inf


def lessen(logits: Floats, tokens: Collection[int], penalty: float) -> None:
    """Apply a penalty for repeating in place, as llama.cpp does: a factor, whatever the sign."""
    ids = np.fromiter(tokens, dtype=np.int64, count=len(tokens))
    found = logits[ids]
    logits[ids] = np.where(found > 0, found / penalty, found * penalty)


def adjust(
    logits: Floats, sampling: Sampling, counts: Mapping[int, int], bias: Mapping[int, float]
) -> None:
    """Apply logit bias and penalties in place.

    The penalties are OpenAI's: subtract ``presence`` once, and ``frequency`` once for each
    use, from every token that the answer has used already.
    """
    for token, value in bias.items():
        if 0 <= token < logits.size:
            logits[token] = -np.inf if value <= BAN else logits[token] + value
    if counts and (sampling.frequency_penalty or sampling.presence_penalty):
        ids = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        uses = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        logits[ids] -= sampling.presence_penalty + sampling.frequency_penalty * uses


def pick(logits: Floats, sampling: Sampling, random: np.random.Generator) -> int:
    """One token: the likeliest at temperature 0, else one drawn from those that are kept."""
    best = int(np.argmax(logits))
    if sampling.temperature <= 0 or sampling.top_p <= 0:
        return best
    scaled = (logits.astype(np.float64) - float(logits[best])) / sampling.temperature
    weights = np.exp(scaled)
    if 0 < sampling.top_k < weights.size:
        weights[np.argpartition(-weights, sampling.top_k)[sampling.top_k :]] = 0
    if sampling.typical_p < 1:
        weights = typical(weights, sampling.typical_p)
    if sampling.top_p < 1:
        weights = nucleus(weights, sampling.top_p)
    if sampling.min_p > 0:
        weights[weights < sampling.min_p * weights.max()] = 0
    heap = np.cumsum(weights)
    drawn = int(np.searchsorted(heap, random.random() * heap[-1], side="right"))
    return min(drawn, logits.size - 1)


def nucleus(weights: NDArray[np.float64], top_p: float) -> NDArray[np.float64]:
    """Keep the fewest tokens whose share reaches ``top_p``; the others get weight 0."""
    return first(weights, np.argsort(-weights, kind="stable"), top_p)


def typical(weights: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Keep a share of the tokens, those first whose surprise is nearest to the expected one.

    Locally typical sampling: https://arxiv.org/abs/2202.00666
    """
    some = weights > 0
    surprise = np.full_like(weights, np.inf)
    surprise[some] = -np.log(weights[some] / weights.sum())
    expected = float((weights[some] * surprise[some]).sum() / weights.sum())
    return first(weights, np.argsort(np.abs(surprise - expected), kind="stable"), share)


def first(
    weights: NDArray[np.float64], order: NDArray[np.intp], share: float
) -> NDArray[np.float64]:
    """Keep the fewest tokens, in some order, that have a share; the others get weight 0."""
    shares = np.cumsum(weights[order])
    keep = int(np.searchsorted(shares, share * shares[-1], side="left")) + 1
    kept = np.zeros_like(weights)
    kept[order[:keep]] = weights[order[:keep]]
    return kept


def logprobs(
    logits: Floats, token: int, alternatives: int, piece: Callable[[int], bytes]
) -> TokenLogprob:
    """The chosen token's log-probability, and those of the likeliest tokens, best first."""
    peak = float(logits.max())
    total = peak + float(np.log(np.exp(logits.astype(np.float64) - peak).sum()))

    def entry(number: int) -> TokenLogprob:
        return TokenLogprob(number, piece(number), float(logits[number]) - total)

    best: list[int] = []
    if alternatives:
        near = np.argpartition(-logits, min(alternatives, logits.size) - 1)[:alternatives]
        best = [int(number) for number in near[np.argsort(-logits[near], kind="stable")]]
    chosen = entry(token)
    return TokenLogprob(token, chosen.piece, chosen.logprob, tuple(map(entry, best)))
