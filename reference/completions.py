"""POST /v1/completions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import falcon

from ..backends import Finished, Generation, Infill, Text, TokenLogprob, Tokens, Usage
from ..backends.base import PromptPart
from . import sse
from .chat.answer import counts
from .defaults import Defaults
from .logprobs import Lists, mean
from .service import Generating, Service, refuse_unless
from .wanted import form, generation, seeded

DEFAULT_LIMIT = {"openai": 16}
"""``max_tokens`` where the request has none, by profile; elsewhere the model ends by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many choices there are, and what each has beside its text."""

    choices: int = 1
    """Of each prompt."""
    candidates: int = 1
    """Of each prompt; the likeliest become its choices."""
    logprobs: int | None = None
    echo: bool = False
    usage: bool = False
    starts: tuple[int, ...] = ()
    """The length of each prompt in characters, where it is not echoed."""

    def lists(self, index: int) -> Lists | None:
        """The log-probabilities of a choice of a prompt, where they are wanted."""
        if self.logprobs is None:
            return None
        return Lists(self.logprobs, self.starts[index] if self.starts else 0)


@dataclass(frozen=True, slots=True)
class Completions:
    """Continues prompts."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer a prompt, whole or as a stream."""
        service = self.service
        fields = service.fields("completions", request, response)
        model = service.model(fields["model"])
        defaults = Defaults.of(model)
        fields = defaults.fields(fields)
        asked = wanted(fields)
        running = Generating(service.pool, service.loading(model, defaults), request)
        with running.guarded("prompt") as described:
            refuse_unless(model, "chat", described.capabilities, "model")
            if fields.get("suffix"):
                refuse_unless(model, "infill", described.capabilities, "suffix")
            parts = prompts(fields)
            if asked.logprobs is not None and not asked.echo:
                starts = tuple(_length(part, running) for part in parts)
                asked = replace(asked, starts=starts)
            for part in parts:
                for one in seeded(self._generation(fields, part, asked), asked.candidates):
                    running.start(one)
            self._answer(fields, running, response, asked)

    def _generation(self, fields: dict[str, Any], part: PromptPart, asked: Asked) -> Generation:
        limit = fields.get("max_tokens", DEFAULT_LIMIT.get(self.service.matrix.profile.name))
        scored = asked.logprobs if asked.candidates == asked.choices else asked.logprobs or 0
        one = generation(fields, (part,), limit, form(fields))
        return replace(one, logprobs=scored, echo=asked.echo)

    def _answer(
        self,
        fields: dict[str, Any],
        running: Generating,
        response: falcon.Response,
        asked: Asked,
    ) -> None:
        identity = self.service.identity
        head = {
            "id": identity.new("cmpl-"),
            "object": "text_completion",
            "created": identity.now(),
            "model": fields["model"],
        }
        if fields.get("stream"):
            sse.respond(response, chunks(head, running, asked), running.release, "prompt")
            return
        response.data = sse.encode(whole(head, running, asked))
        running.release()


def wanted(fields: dict[str, Any]) -> Asked:
    """What the answer has to have."""
    choices = fields.get("n", 1)
    return Asked(
        choices=choices,
        candidates=max(choices, fields.get("best_of", 1)),
        logprobs=fields.get("logprobs"),
        echo=bool(fields.get("echo")),
        usage=bool((fields.get("stream_options") or {}).get("include_usage")),
    )


def _length(part: PromptPart, running: Generating) -> int:
    match part:
        case Text(text):
            return len(text)
        case Tokens(ids):
            return len(running.text_of(ids))
        case Infill(prefix):
            return len(prefix)
    return 0


def prompts(fields: dict[str, Any]) -> list[PromptPart]:
    """The prompts of a request: a text, texts, tokens or arrays of tokens."""
    given = fields.get("prompt", "")
    several = given if isinstance(given, list) and not isinstance(given[0], int) else [given]
    suffix = fields.get("suffix")
    if suffix:
        return [Infill(str(prompt), suffix) for prompt in several]
    return [
        Text(prompt) if isinstance(prompt, str) else Tokens(tuple(prompt)) for prompt in several
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished text; ``echoed`` of its log-probabilities are those of the prompt."""

    text: str
    logprobs: list[TokenLogprob]
    echoed: int
    reason: str
    usage: Usage


def candidate(running: Generating, index: int, *, echo: bool) -> Candidate:
    """Wait for a text; an echo is its first event."""
    text, echoed = "", 0
    spoken: list[TokenLogprob] = []
    for event in running.events(index):
        if isinstance(event, Finished):
            return Candidate(text, spoken, echoed, event.reason, event.usage)
        if echo and not text:
            echoed = len(event.logprobs)
        text += event.text
        spoken += event.logprobs
    msg = "a text without an end"
    raise AssertionError(msg)


def choice(index: int, text: str, reason: str | None, logprobs: Any = None) -> dict[str, Any]:
    """One choice of an answer or a chunk."""
    return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": reason}


def total(usages: list[Usage], repeats: int) -> Usage:
    """The usage of several texts: each prompt is counted once."""
    return Usage(
        sum(usage.prompt_tokens for usage in usages[::repeats]),
        sum(usage.completion_tokens for usage in usages),
        sum(usage.cached_tokens for usage in usages[::repeats]),
    )


def whole(head: dict[str, Any], running: Generating, asked: Asked) -> dict[str, Any]:
    """Wait for every text, and put the answer together: of each prompt the likeliest ones."""
    found = [candidate(running, index, echo=asked.echo) for index in range(len(running))]
    choices: list[dict[str, Any]] = []
    for start in range(0, len(found), asked.candidates):
        several = found[start : start + asked.candidates]
        if asked.candidates > asked.choices:
            several.sort(key=lambda one: -mean(one.logprobs[one.echoed :]))
        for one in several[: asked.choices]:
            lists = asked.lists(start // asked.candidates)
            spoken = lists.of(one.logprobs) if lists else None
            choices.append(choice(len(choices), one.text, one.reason, spoken))
    usages = [one.usage for one in found]
    return {**head, "choices": choices, "usage": counts(total(usages, asked.candidates))}


def chunks(head: dict[str, Any], running: Generating, asked: Asked) -> Iterator[dict[str, Any]]:
    """Text chunks and a finish chunk without text for each choice; then usage, if asked."""
    extra = {"usage": None} if asked.usage else {}
    usages = []
    for index in range(len(running)):
        lists = asked.lists(index // asked.candidates)
        for event in running.events(index):
            if isinstance(event, Finished):
                usages.append(event.usage)
                one = choice(index, "", event.reason)
            else:
                found = lists.of(event.logprobs) if lists else None
                one = choice(index, event.text, None, found)
            yield {**head, "choices": [one], **extra}
    if asked.usage:
        yield {**head, "choices": [], "usage": counts(total(usages, asked.candidates))}
