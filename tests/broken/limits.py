"""Servers that end an answer too late, for the wrong reason, or give the wrong number of them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scripted import Request, Scripted
from tests.scripted.fields import RULES

from .editing import Json
from .registry import broken


class Ignores(Scripted):
    """Leaves fields out of what it reads; wrong values it refuses all the same."""

    ignored: Sequence[str] = ()

    def receive(self, request: Request) -> Request:
        rules = RULES.get(request.endpoint, {})
        for name in self.ignored:
            if name in request.json and (name not in rules or not rules[name](request.json[name])):
                del request.json[name]
        return super().receive(request)


@broken("chat.field.max_completion_tokens", defect="max-completion-tokens-ignored")
class IgnoresMaxCompletionTokens(Ignores):
    """``max_completion_tokens`` is ignored."""

    ignored = ("max_completion_tokens",)


@broken("{chat,completions}.field.max_tokens")
class IgnoresMaxTokens(Scripted):
    """An answer ends when it ends, whatever ``max_tokens`` say."""

    def receive(self, request: Request) -> Request:
        if isinstance(request.json.get("max_tokens"), int):
            request.json["max_tokens"] = 512
        return super().receive(request)


@broken("{chat,completions}.field.stop", defect="stop-ignored")
class IgnoresStop(Ignores):
    """``stop`` is ignored."""

    ignored = ("stop",)


@broken("{chat,completions}.field.stop", defect="stop-not-token-aligned-ignored")
class StopsBetweenTokensOnly(Scripted):
    """A stop string is found only where it ends with a token."""

    def find_stop(self, request: Request, text: str, stops: Sequence[str], start: int) -> int:
        ends = [stop for stop in stops if text.endswith(stop)]
        return super().find_stop(request, text, ends, start)


@broken("{chat,completions}.field.stop {chat,completions}.answer.stop")
class StopIsLength(Scripted):
    """An answer that ends by itself or at a stop string says that its limit has cut it."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()):
            if choice["finish_reason"] == "stop":
                choice["finish_reason"] = "length"
        return body


@broken("{chat,completions}.field.stop")
class StopsByTextOnly(Scripted):
    """A list of stop strings is ignored, a single one is honoured."""

    def receive(self, request: Request) -> Request:
        if isinstance(request.json.get("stop"), list):
            del request.json["stop"]
        return super().receive(request)


@broken("{chat,completions}.field.n completions.error.combination")
class IgnoresN(Ignores):
    """``n`` is ignored."""

    ignored = ("n",)


@broken("{chat,completions}.field.n completions.field.prompt.{strings,token-arrays}")
class AllChoicesAreFirst(Scripted):
    """Every choice has the index 0."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()):
            choice["index"] = 0
        return body
