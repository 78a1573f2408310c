"""A toy language model: what it says next is a fixed function of the prompt and its own words.

Its logits come from a hash, so they are the same in every process, and different for different
prompts. A few words are popular in every state, so that texts repeat them unless penalised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING

from . import vocabulary as v
from .distribution import Distribution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_STATES = 256
_MASK = (1 << 64) - 1
_STOPS = frozenset(v.IDS[data] for data in v.STOPS)
_PAUSES = frozenset(v.IDS[data] for data in v.PAUSES)
_WORDS = range(len(v.WORDS) + 10)
_STARTERS = range(len(v.WORDS) + 10, len(v.WORDS) + 10 + len(v.STARTERS))


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. ``top`` alternatives get a log probability; None: none is wanted."""

    temperature: float = 1.0
    top_p: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    bias: Mapping[int, float] = field(default_factory=dict)
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One generated token, its bytes, and its log probability if wanted."""

    token: int
    data: bytes
    logprob: float = 0.0
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What to generate: after which prompt, how sampled, or which ``script`` to write.

    ``opening`` starts with a capital word (a chat answer) instead of going on (a completion).
    ``rich`` texts have many multi-byte characters. ``length`` is where the text ends by itself.
    """

    digest: int
    sampling: Sampling
    rng: Random
    opening: bool = True
    rich: bool = False
    length: int = 40
    script: Sequence[int] | None = None


def digest(*parts: str | bytes) -> int:
    """A 64-bit number that depends on every part and on their order."""
    hashed = blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return int.from_bytes(hashed.digest(), "big")


@cache
def _distribution(kind: str, state: int) -> Distribution:
    """One of the model's states: popularity of each token plus a noise fixed by the state."""
    rng = Random(f"{kind} {state}")
    noise = rng.gauss
    if kind.startswith("character"):
        logits = {token: -90.0 - token for token in _STARTERS}
        logits |= {
            token: 20 + noise(0, 2) for token in v.CONTINUATIONS[bytes.fromhex(kind.split()[1])]
        }
        return Distribution(logits)
    rich = kind.endswith("rich")
    if kind.startswith("start"):
        logits = {token: noise(0, 2.5) for token in _STARTERS}
        logits |= {token: (5 if rich else 0.2) + noise(0, 2.5) for token in v.LEADS}
        return Distribution(logits)
    logits = {token: 5 - 3.4 * ((token + 1) / 40) ** 0.5 + noise(0, 1.5) for token in _WORDS}
    logits |= {token: (4 if rich else 1) + noise(0, 1.5) for token in v.LEADS}
    if not kind.startswith("after"):
        logits |= {token: 0.5 + noise(0, 2) for token in _PAUSES}
        logits |= {token: (15 if kind.startswith("close") else 1) + noise(0, 2) for token in _STOPS}
    if kind.startswith("end"):
        logits[v.END] = 30.0
    return Distribution(logits)


class _Voice:
    """The state of one text: a hash over the prompt and all that was said since."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._hash = task.digest
        self._pending = b""
        self._last = -1
        self._said = 0

    def distribution(self) -> Distribution:
        task, rich = self._task, " rich" if self._task.rich else ""
        if self._pending:
            kind = f"character {self._pending.hex()}"
        elif self._said >= task.length:
            kind = "end"
        elif self._said == task.length - 1:
            kind = "close"
        elif not self._said and task.opening:
            kind = f"start{rich}"
        elif self._last in _STOPS or self._last in _PAUSES:
            kind = f"after{rich}"
        else:
            kind = f"word{rich}"
        return _distribution(kind, (self._hash >> 40) % _STATES)

    def hear(self, token: int) -> None:
        self._hash = (
            (self._hash ^ (token + 1)) * 6364136223846793005 + 1442695040888963407
        ) & _MASK
        pending = self._pending + v.TOKENS[token] if self._pending or token in v.LEADS else b""
        self._pending = pending if pending in v.CONTINUATIONS else b""
        self._last = token
        self._said += 1


def _step(distribution: Distribution, token: int, top: int | None) -> Step:
    if top is None:
        return Step(token, v.TOKENS[token])
    alternatives = tuple((other, distribution.logprob(other)) for other in distribution.order[:top])
    return Step(token, v.TOKENS[token], distribution.logprob(token), alternatives)


def speak(task: Task) -> Iterator[Step]:
    """Yield the tokens of a text until it ends by itself; the end token is not yielded."""
    voice, sampling = _Voice(task), task.sampling
    if task.script is not None:
        for token in task.script:
            distribution = voice.distribution()
            if sampling.top is not None:
                distribution = distribution.changed({token: 90.0})
            yield _step(distribution, token, sampling.top)
            voice.hear(token)
        return
    penalised = bool(sampling.presence or sampling.frequency)
    changes: dict[int, float] = dict(sampling.bias)
    seen: set[int] = set()
    while True:
        distribution = voice.distribution()
        if changes:
            distribution = distribution.changed(changes)
        token = distribution.sample(task.rng, sampling.temperature, sampling.top_p)
        if token == v.END:
            return
        yield _step(distribution, token, sampling.top)
        voice.hear(token)
        if penalised:
            penalty = sampling.frequency + (0 if token in seen else sampling.presence)
            changes[token] = changes.get(token, 0.0) - penalty
            seen.add(token)


def hear(start: int, tokens: Sequence[int], top: int) -> list[Step]:
    """What the model thinks of each token of a text it reads (the prompt of an ``echo``)."""
    voice = _Voice(Task(start, Sampling(), Random(0), opening=False, length=1 << 30))
    steps = []
    for token in tokens:
        steps.append(_step(voice.distribution(), token, top))
        voice.hear(token)
    return steps
