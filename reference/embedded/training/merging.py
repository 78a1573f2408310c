"""Learns a vocabulary's merges from texts (byte-pair encoding, of ASCII letters only)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from .vocabulary import Vocabulary

Pair = tuple[str, str]
WORD: Final = re.compile(r"[A-Za-z]{2,}")


def learn(texts: Iterable[str], count: int) -> Vocabulary:
    """The vocabulary with the ``count`` merges that shorten the texts most."""
    return merge(Counter(word for text in texts for word in WORD.findall(text)), count)


def merge(words: Mapping[str, int], count: int) -> Vocabulary:
    """The vocabulary with the ``count`` merges that shorten words, which occur so often, most."""
    split = {word: list(word) for word in words}
    pairs = Counter[Pair]()
    where: defaultdict[Pair, set[str]] = defaultdict(set)
    for word, parts in split.items():
        for pair in pairwise(parts):
            pairs[pair] += words[word]
            where[pair].add(word)
    merges: dict[str, None] = {}
    while len(merges) < count:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges["".join(best)] = None
        for word in where.pop(best):
            parts = split[word]
            for pair in pairwise(parts):
                pairs[pair] -= words[word]
            split[word] = parts = joined(parts, best)
            for pair in pairwise(parts):
                pairs[pair] += words[word]
                where[pair].add(word)
        del pairs[best]
    return Vocabulary(tuple(merges))


def joined(parts: list[str], pair: Pair) -> list[str]:
    """The parts with every occurrence of the pair made one."""
    found: list[str] = []
    rest = iter(range(len(parts)))
    for index in rest:
        if tuple(parts[index : index + 2]) == pair:
            found.append("".join(pair))
            next(rest)
        else:
            found.append(parts[index])
    return found
