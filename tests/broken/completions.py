"""Servers that are wrong in what only text completions have."""

from __future__ import annotations

from tests.scripted import Refusal, Request, Scripted

from .editing import Json
from .limits import Ignores
from .registry import broken


def _is_completion(request: Request) -> bool:
    return request.endpoint == "completions"


@broken("completions.field.echo")
class IgnoresEcho(Ignores):
    """``echo`` is ignored."""

    ignored = ("echo",)


@broken("completions.{field.echo,answer.echo-logprobs}", defect="completions-echo-rejected-500")
class EchoCrashes(Scripted):
    """``echo`` is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("echo"):
            raise Refusal(500, "Unsupported param: echo")


@broken("completions.field.echo", profile="ollama")
class EchoCrashesUnpromised(EchoCrashes):
    """``echo`` is a 500, which is wrong even where it is not promised."""


@broken("completions.answer.echo-logprobs", defect="completions-echo-logprobs-generated-only")
class EchoWithoutThoughts(Scripted):
    """With ``echo`` only the new tokens have log probabilities."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.json.get("echo") else ():
            new = body["usage"]["completion_tokens"]
            for key, values in (choice["logprobs"] or {}).items():
                choice["logprobs"][key] = values[len(values) - new :]
        return body


@broken("completions.{field.best_of,error.combination}")
class IgnoresBestOf(Ignores):
    """``best_of`` is ignored."""

    ignored = ("best_of",)


@broken("completions.field.suffix")
class IgnoresSuffix(Ignores):
    """``suffix`` is ignored."""

    ignored = ("suffix",)


@broken("completions.field.suffix")
class RepeatsSuffix(Scripted):
    """``suffix`` is put behind a text that knows nothing of it."""

    def receive(self, request: Request) -> Request:
        request.json["behind"] = request.json.pop("suffix", None)
        return super().receive(request)

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()) if request.json.get("behind") else ():
            choice["text"] += request.json["behind"]
        return body


@broken(
    "completions.field.prompt.{strings,tokens,token-arrays}",
    defect="completions-prompt-array-rejected",
)
class PromptIsTextOnly(Scripted):
    """A prompt that is an array is a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if isinstance(request.json.get("prompt"), list):
            raise Refusal(400, "Invalid 'prompt': it must be a string.", "prompt")


@broken("completions.field.prompt.strings")
class FirstPromptOnly(Scripted):
    """Of several texts only the first is continued."""

    def receive(self, request: Request) -> Request:
        prompt = request.json.get("prompt")
        if isinstance(prompt, list) and prompt and isinstance(prompt[0], str):
            request.json["prompt"] = prompt[0]
        return super().receive(request)


@broken("completions.field.prompt.{tokens,token-arrays}")
class TokensAreText(Scripted):
    """An array of tokens is read as the text by which JSON writes it."""

    def receive(self, request: Request) -> Request:
        prompt = request.json.get("prompt")
        if isinstance(prompt, list) and prompt and not isinstance(prompt[0], str):
            request.json["prompt"] = str(prompt)
        return super().receive(request)


@broken("completions.field.{prompt,prompt.string,suffix} completions.usage.counts-prompt")
class ForgetsThePrompt(Scripted):
    """The prompt is lost on its way to the model."""

    def receive(self, request: Request) -> Request:
        if isinstance(request.json.get("prompt"), str) and "echo" not in request.json:
            request.json["prompt"] = "Once"
            request.json.pop("suffix", None)
        return super().receive(request)


@broken("completions.feature.completions")
class NoCompletions(Scripted):
    """There is no ``/completions``: reported once."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if _is_completion(request):
            raise Refusal(404, "Unknown request URL: POST /completions.", None, "unknown_url")


@broken(
    "completions.{answer.schema,answer.stop,feature.completions}",
    "completions.field.{model,prompt,prompt.string,prompt.strings,prompt.tokens,prompt.token-arrays}",
    "completions.field.{n,echo,best_of,suffix}",
)
class EmptyCompletions(Scripted):
    """Text completions have no choices."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "choices": []} if _is_completion(request) else body
