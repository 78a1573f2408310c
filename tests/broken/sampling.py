"""Servers that leave out what shapes the choice of tokens, or refuse it."""

from __future__ import annotations

from tests.scripted import Refusal, Reply, Request, Scripted

from .editing import Json
from .limits import Ignores
from .registry import broken


@broken("{chat,completions}.field.{frequency_penalty,presence_penalty}", defect="penalties-ignored")
class IgnoresPenalties(Ignores):
    """Both penalties are ignored."""

    ignored = ("frequency_penalty", "presence_penalty")


@broken("{chat,completions}.field.frequency_penalty")
class IgnoresFrequencyPenalty(Ignores):
    """``frequency_penalty`` is ignored."""

    ignored = ("frequency_penalty",)


@broken("{chat,completions}.field.presence_penalty")
class IgnoresPresencePenalty(Ignores):
    """``presence_penalty`` is ignored."""

    ignored = ("presence_penalty",)


@broken("{chat,completions}.field.logit_bias", defect="logit-bias-object-unsupported")
class IgnoresLogitBias(Ignores):
    """``logit_bias`` as an object is ignored."""

    ignored = ("logit_bias",)


@broken("{chat,completions}.field.seed {chat,completions}.feature.reproducible-outputs")
class IgnoresSeed(Ignores):
    """``seed`` is ignored."""

    ignored = ("seed",)


@broken("{chat,completions}.field.top_p")
class IgnoresTopP(Ignores):
    """``top_p`` is ignored."""

    ignored = ("top_p",)


@broken("{chat,completions}.field.temperature")
class AlwaysGreedy(Scripted):
    """Whatever the temperature, the likeliest token is taken."""

    def receive(self, request: Request) -> Request:
        if (
            isinstance(request.json.get("temperature"), (int, float))
            and 0 <= request.json["temperature"] <= 2
        ):
            request.json["temperature"] = 0
        return super().receive(request)


@broken("{chat,completions}.field.temperature")
class NeverGreedy(Scripted):
    """At temperature 0 there is chance all the same, where the request says no more."""

    def receive(self, request: Request) -> Request:
        plain = set(request.json) == {"model", "messages", "max_tokens", "temperature"}
        plain |= set(request.json) == {"model", "prompt", "max_tokens", "temperature"}
        if plain and request.json["temperature"] == 0:
            request.json["temperature"] = 1
        return super().receive(request)


@broken("{chat,completions}.field.temperature", defect="temperature-zero-rejected")
class RefusesTemperatureZero(Scripted):
    """A temperature of 0 is a 422 in a form of its own, which the judge finds before all else."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("temperature") == 0:
            raise Refusal(422, "temperature must be positive", "temperature")

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if status == 422:
            return (
                status,
                {"content-type": "application/json"},
                self.dump({"status": 422, **error}).encode(),
            )
        return super().error(request, status, error)


@broken("chat.answer.logprobs-text")
class ForgetsAToken(Scripted):
    """The first token of an answer has no entry in its log probabilities."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.endpoint == "chat" else ():
            if choice["logprobs"]:
                del choice["logprobs"]["content"][0]
        return body


@broken("chat.field.{logprobs,top_logprobs} chat.error.combination")
class IgnoresLogprobs(Ignores):
    """``logprobs`` of chat completions are ignored."""

    ignored = ("logprobs", "top_logprobs")

    def receive(self, request: Request) -> Request:
        return super().receive(request) if request.endpoint == "chat" else request


@broken("chat.field.top_logprobs")
class NoAlternatives(Scripted):
    """``top_logprobs`` is ignored: no token has alternatives."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.endpoint == "chat" else ():
            for entry in (choice["logprobs"] or {}).get("content") or ():
                entry["top_logprobs"] = []
        return body


@broken("chat.field.{logprobs,top_logprobs}", defect="chat-logprobs-legacy-shape")
class LegacyLogprobsInChat(Scripted):
    """Log probabilities of chat completions have the shape of text completions."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.endpoint == "chat" else ():
            if entries := (choice["logprobs"] or {}).get("content"):
                tokens = [entry["token"] for entry in entries]
                values = [entry["logprob"] for entry in entries]
                choice["logprobs"] = {
                    "tokens": tokens,
                    "token_logprobs": values,
                    "top_logprobs": None,
                }
        return body


@broken("chat.field.logprobs", defect="chat-logprobs-requires-top-logprobs")
class LogprobsNeedAlternatives(Scripted):
    """``logprobs`` without ``top_logprobs`` is a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("logprobs") is True and "top_logprobs" not in request.json:
            raise Refusal(400, "'top_logprobs' must be given with 'logprobs'.", "top_logprobs")


@broken("completions.field.logprobs", defect="completions-logprobs-null")
class NoLegacyLogprobs(Scripted):
    """``logprobs`` of text completions are null."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.endpoint == "completions" else ():
            choice["logprobs"] = None
        return body
