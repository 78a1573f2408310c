"""One choice of an answer, as the events it is made of: reasoning, content, calls and the end."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from .language import Sampling, Step, Task
from .typist import Typist
from .vocabulary import END, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .request import Json, Request
    from .server import Scripted

LONGEST = 512
"""Tokens of an answer whose request sets no limit."""
HEADER = 2
"""Tokens that a call costs before its arguments begin."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call to make; ``legacy`` is an answer to ``functions``."""

    id: str
    name: str
    arguments: str
    custom: bool = False
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A piece of an answer; ``call`` opens the call of that ``index``, ``arguments`` goes on."""

    kind: Literal["reasoning", "content", "call", "arguments"]
    text: str = ""
    steps: Sequence[Step] = ()
    call: Call | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request asks of each of its choices."""

    digest: int
    sampling: Sampling
    budget: int = LONGEST
    stops: Sequence[str] = ()
    seed: int | None = None
    opening: bool = True
    rich: bool = False
    reasons: bool = False

    @property
    def greedy(self) -> bool:
        """Whether chance has no part in it."""
        return self.sampling.temperature == 0 or self.sampling.top_p == 0

    def rng(self, index: int) -> Random:
        """The chance of one choice: fixed by the seed, or by the prompt if greedy."""
        if self.greedy:
            return Random(self.digest)
        return Random(None if self.seed is None else f"{self.seed} {index}")


def read_sampling(body: Json, top: int | None) -> Sampling:
    """The sampling fields of a checked body; null and absent mean the default."""

    def value(name: str, default: float) -> float:
        given = body.get(name)
        return default if given is None else float(given)

    bias = {int(token): float(change) for token, change in (body.get("logit_bias") or {}).items()}
    return Sampling(
        temperature=value("temperature", 1),
        top_p=value("top_p", 1),
        presence=value("presence_penalty", 0),
        frequency=value("frequency_penalty", 0),
        bias={token: change for token, change in bias.items() if token <= END},
        top=top,
    )


def read_stops(body: Json) -> list[str]:
    """The stop strings of a checked body; an empty one stops nothing."""
    stop = body.get("stop") or []
    return [one for one in ([stop] if isinstance(stop, str) else stop) if one]


class Choice:
    """Runs one choice; ``finish`` and the counts are final when its events have ended."""

    def __init__(self, server: Scripted, request: Request, plan: Plan, index: int = 0) -> None:
        self._server = server
        self._request = request
        self._plan = plan
        self.index = index
        self.rng = plan.rng(index)
        self.script: str | None = None
        self.calls: Sequence[Call] = ()
        self.finish = "stop"
        self.tokens = 0
        self.reasoning = 0
        self.logprob = 0.0

    def events(self) -> Iterator[Event]:
        """Generate: reasoning first, then either calls or content."""
        if self._plan.reasons:
            yield from self._reason()
        if self.calls:
            yield from self._call()
        else:
            yield from self._write()

    def _steps(self, **changes: Any) -> Iterator[Step]:
        """The tokens of one text while the budget lasts; else ``finish`` becomes length."""
        plan = self._plan
        given = {
            "opening": plan.opening,
            "rich": plan.rich,
            "length": 30 + plan.digest % 31,
            **changes,
        }
        task = Task(given.pop("digest", plan.digest), plan.sampling, self.rng, **given)
        steps = iter(self._server.generate(self._request, task))
        while True:
            if self.tokens >= plan.budget:
                self.finish = "length"
                return
            self._server.tick(self._request)
            step = next(steps, None)
            if step is None:
                return
            self.tokens += 1
            self.logprob += step.logprob
            yield step

    def _reason(self) -> Iterator[Event]:
        for step in self._steps(
            digest=self._plan.digest ^ 0x5DEECE66D, rich=False, length=24 + self._plan.digest % 17
        ):
            self.reasoning += 1
            yield Event("reasoning", step.data.decode(errors="ignore"), [step])

    def _write(self) -> Iterator[Event]:
        typist = Typist(self._server, self._request, self._plan.stops)
        for step in self._steps(script=None if self.script is None else encode(self.script)):
            text, steps = typist.type(step)
            if text:
                yield Event("content", text, steps)
            if typist.stopped:
                break
        text, steps = typist.end()
        if text or steps:
            yield Event("content", text, steps)

    def _call(self) -> Iterator[Event]:
        for index, call in enumerate(self.calls):
            if self.finish == "length":
                return
            typist = Typist(self._server, self._request, ())
            header = encode(f" {call.name}")[:HEADER]
            for number, step in enumerate(self._steps(script=(*header, *encode(call.arguments)))):
                if number == 0:
                    yield Event("call", call=call, index=index)
                elif number >= len(header) and (text := typist.type(step)[0]):
                    yield Event("arguments", text, [step], call, index)
        if self.finish == "stop":
            self.finish = "function_call" if self.calls[0].legacy else "tool_calls"
