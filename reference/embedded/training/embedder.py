"""Trains tiny-embed: texts that mean the same get vectors that point the same way.

The loss tells the paraphrase of a text from those of all other texts of a step and from the
rivals (InfoNCE); a weaker one draws the texts of a topic together. What a run gives depends on
the seed and on the number of steps alone.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from .meanings import triple
from .merging import WORD, merge
from .muon import Muon
from .pairs import Pair, pair
from .transformer import Shape, Transformer
from .vocabulary import BOS, Vocabulary

MERGES: Final = 5000
LAYERS: Final = 1
CHUNK: Final = 64
"""Texts that are read together."""
RARE: Final = 3
"""A word that is met less often gets no tokens of its own."""
PAIRS: Final = 128
WARM: Final = 0.03
COOL: Final = 0.6
"""The parts of the steps in which the rates grow at the start, and shrink at the end."""
MATRIX_RATE: Final = 0.02
OTHER_RATE: Final = 4e-3
QUIET: Final = 0.1
LOUD: Final = 4
"""How much smaller tokens and larger attention are at the start than for a language model."""
SHARP: Final = 0.05
BROAD: Final = 0.2
TOPIC: Final = 0.25
"""Temperature of paraphrases and of topics, and the weight of topics."""


def train_embedder(
    steps: int, seed: int, report: Callable[[str], None]
) -> tuple[Vocabulary, Transformer]:
    """The vocabulary and the trained model; ``report`` gets a line now and then."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    vocabulary = words(chance)
    shape = Shape(
        len(vocabulary.tokens), width=128, layers=LAYERS, heads=4, inner=256, context=2048
    )
    model = Transformer(shape, seed)
    listen(model)
    optimizers = (
        Muon(model.matrices(), MATRIX_RATE),
        torch.optim.AdamW(model.others(), OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.01),
    )
    started, seen = time.monotonic(), 0
    for step in range(steps):
        scale = min(1, (step + 1) / (WARM * steps), (steps - step) / (COOL * steps))
        for optimizer, rate in zip(optimizers, (MATRIX_RATE, OTHER_RATE), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * scale
        pairs = [pair(chance) for _ in range(PAIRS)]
        texts = [text for one in pairs for text in (one.text, one.paraphrase, one.rival)]
        tokens = [tokens_of(text, vocabulary) for text in texts]
        seen += sum(map(len, tokens))
        found = loss(vectors(model, tokens), pairs)
        for optimizer in optimizers:
            optimizer.zero_grad()
        found.backward()
        for optimizer in optimizers:
            optimizer.step()
        if step % 100 == 99 or step == steps - 1:  # noqa: PLR2004 - now and then
            right = accuracy(vocabulary, model, 200)
            spent = (time.monotonic() - started) / 60
            report(
                f"embedder {step + 1}/{steps} loss {found.item():.3f} held-out triples "
                f"{right:.3f} tokens {seen} minutes {spent:.1f}"
            )
    return vocabulary, model


def words(chance: random.Random) -> Vocabulary:
    """A vocabulary with the words that are often met."""
    seen = Counter[str]()
    for _ in range(8000):
        one = pair(chance)
        seen.update(WORD.findall(f"{one.text} {one.paraphrase}"))
    common = {word: count for word, count in seen.items() if count >= RARE and not word.isupper()}
    return merge(common, MERGES)


def listen(model: Transformer) -> None:
    """Let a fresh model hear the whole text, where it would repeat the last token alone."""
    with torch.no_grad():
        model.embedding.mul_(QUIET)
        for block in model.blocks:
            block.attn_output.mul_(LOUD)


def tokens_of(text: str, vocabulary: Vocabulary) -> list[int]:
    """What the engines read for a text."""
    return [BOS, *vocabulary.encode(text, special=False)]


def vectors(model: Transformer, texts: Sequence[Sequence[int]]) -> Tensor:
    """The normalised vectors (texts, width) of token lists; similar lengths are read together."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    found = []
    for start in range(0, len(order), CHUNK):
        some = [texts[index] for index in order[start : start + CHUNK]]
        longest = max(map(len, some))
        ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in some])
        last = [row * longest + len(one) - 1 for row, one in enumerate(some)]
        found.append(model(model.embed(ids), torch.tensor(last))[0])
    back = torch.tensor(order).argsort()
    return functional.normalize(torch.cat(found)[back], dim=-1)


def loss(found: Tensor, pairs: Sequence[Pair]) -> Tensor:
    """How badly paraphrases are told from other texts, both ways, and topics from others."""
    text, paraphrase, rival = found.unflatten(0, (-1, 3)).unbind(1)
    near = text @ paraphrase.T
    alike = torch.tensor([[a.key == b.key for b in pairs] for a in pairs])
    alike.fill_diagonal_(fill_value=False)
    near = near.masked_fill(alike, -1)
    right = torch.arange(len(pairs))
    wrong = text @ rival.T
    exact = functional.cross_entropy(torch.cat((near, wrong), 1) / SHARP, right)
    exact = exact + functional.cross_entropy(
        torch.cat((near.T, (paraphrase * rival).sum(-1, keepdim=True)), 1) / SHARP, right
    )
    kin = torch.tensor([[a is b or "" != a.topic == b.topic for b in pairs] for a in pairs])
    share = kin / kin.sum(1, keepdim=True)
    broad = functional.cross_entropy(text @ paraphrase.T / BROAD, share)
    return exact + TOPIC * broad


def accuracy(vocabulary: Vocabulary, model: Transformer, count: int) -> float:
    """The share of held-out triples whose paraphrase is nearer than the other text."""
    chance = random.Random(0)  # noqa: S311 - an exam is no secret
    texts = [text for _ in range(count) for text in triple(chance, unseen=True)]
    with torch.no_grad():
        found = vectors(model, [tokens_of(text, vocabulary) for text in texts])
    text, paraphrase, other = found.unflatten(0, (-1, 3)).unbind(1)
    return float(((text * (paraphrase - other)).sum(-1) > 0).float().mean())
