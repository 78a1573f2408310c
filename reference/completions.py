"""POST /v1/completions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import falcon

from ..backends import Finished, Infill, Text, Tokens, Usage
from ..backends.base import PromptPart
from . import sse
from .chat.answer import counts
from .errors import ApiError
from .service import Generating, Service, refuse_unless
from .wanted import form, generation

DEFAULT_LIMIT = {"openai": 16}
"""``max_tokens`` where the request has none, by profile; elsewhere the model ends by itself."""

MISSING = ("best_of", "echo", "logprobs")
"""Fields of the ``openai`` profile that are not built yet: refused by name, never ignored."""


@dataclass(frozen=True, slots=True)
class Completions:
    """Continues prompts."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer a prompt, whole or as a stream."""
        service = self.service
        fields = service.fields("completions", request, response)
        model = service.model(fields["model"])
        for name in MISSING:
            if fields.get(name) not in {None, 1 if name == "best_of" else False}:
                raise ApiError(400, f"{name!r} is not built yet.", param=name, code="unsupported")
        limit = fields.get("max_tokens", DEFAULT_LIMIT.get(service.matrix.profile.name))
        running = Generating(service.pool, model, request)
        with running.guarded("prompt") as described:
            refuse_unless(model, "chat", described.capabilities, "model")
            if fields.get("suffix"):
                refuse_unless(model, "infill", described.capabilities, "suffix")
            for part in prompts(fields):
                for _ in range(fields.get("n", 1)):
                    running.start(generation(fields, (part,), limit, form(fields)))
            self._answer(fields, running, response)

    def _answer(
        self, fields: dict[str, Any], running: Generating, response: falcon.Response
    ) -> None:
        identity = self.service.identity
        head = {
            "id": identity.new("cmpl-"),
            "object": "text_completion",
            "created": identity.now(),
            "model": fields["model"],
        }
        repeats = fields.get("n", 1)
        if not fields.get("stream"):
            response.data = sse.encode(whole(head, running, repeats))
            running.release()
            return
        usage = bool((fields.get("stream_options") or {}).get("include_usage"))
        stream = chunks(head, running, repeats, usage=usage)
        sse.respond(response, stream, running.release, "prompt")


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


def choice(index: int, text: str, reason: str | None) -> dict[str, Any]:
    """One choice of an answer or a chunk."""
    return {"text": text, "index": index, "logprobs": None, "finish_reason": reason}


def total(usages: list[Usage], repeats: int) -> Usage:
    """The usage of several choices: each prompt is counted once."""
    return Usage(
        sum(usage.prompt_tokens for usage in usages[::repeats]),
        sum(usage.completion_tokens for usage in usages),
        sum(usage.cached_tokens for usage in usages[::repeats]),
    )


def whole(head: dict[str, Any], running: Generating, repeats: int) -> dict[str, Any]:
    """Wait for every choice, and put the answer together."""
    choices, usages = [], []
    for index in range(len(running)):
        text = ""
        for event in running.events(index):
            if isinstance(event, Finished):
                choices.append(choice(index, text, event.reason))
                usages.append(event.usage)
            else:
                text += event.text
    return {**head, "choices": choices, "usage": counts(total(usages, repeats))}


def chunks(
    head: dict[str, Any], running: Generating, repeats: int, *, usage: bool
) -> Iterator[dict[str, Any]]:
    """Text chunks and a finish chunk without text for each choice; then usage, if asked."""
    extra = {"usage": None} if usage else {}
    usages = []
    for index in range(len(running)):
        for event in running.events(index):
            if isinstance(event, Finished):
                usages.append(event.usage)
                one = choice(index, "", event.reason)
            else:
                one = choice(index, event.text, None)
            yield {**head, "choices": [one], **extra}
    if usage:
        yield {**head, "choices": [], "usage": counts(total(usages, repeats))}
