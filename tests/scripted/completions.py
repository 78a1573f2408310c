"""POST /completions: text that goes on from one or several prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .choice import Choice, Plan, read_sampling, read_stops
from .conversation import check_context
from .fields import check_fields
from .formats import check_format, read_format
from .language import digest, hear
from .logprobs import LegacyLogprobs
from .rules import is_integer, wrong
from .turns import in_turns
from .vocabulary import END, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .language import Step
    from .request import Json, Request
    from .server import Scripted


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as text and as tokens."""

    text: str
    tokens: Sequence[int]


def read_tokens(value: list[Any], param: str) -> Prompt:
    """A prompt given as token ids of the toy vocabulary."""
    if not all(is_integer(token) and 0 <= token <= END for token in value):
        raise wrong(param, f"a token must be an integer of at least 0 and at most {END}")
    tokens = [int(token) for token in value]
    return Prompt(decode(tokens).decode(errors="replace"), tokens)


def read_prompts(value: Any, param: str) -> list[Prompt]:
    """The prompts or inputs of a request: a string, strings, tokens, or lists of tokens."""
    if isinstance(value, str):
        return [Prompt(value, encode(value))]
    if isinstance(value, list) and value:
        if all(isinstance(one, str) for one in value):
            return [Prompt(one, encode(one)) for one in value]
        if all(isinstance(one, list) and one for one in value):
            return [read_tokens(one, param) for one in value]
        if all(is_integer(one) for one in value):
            return [read_tokens(value, param)]
    raise wrong(
        param,
        "it must be a string, or strings, tokens or token arrays in an array that is not empty",
    )


class _Candidate:
    """One choice for one prompt, with its echo and its log probabilities."""

    def __init__(self, choice: Choice, prompt: Prompt, top: int | None, *, echo: bool) -> None:
        self.choice = choice
        self.prompt = prompt
        self.echo = echo
        self._top = top
        self._logprobs = LegacyLogprobs(0 if echo else len(prompt.text))

    def echoed(self, start: int) -> tuple[str, Json | None]:
        """The prompt and what the model thinks of it."""
        steps = hear(start, self.prompt.tokens, self._top) if self._top is not None else []
        return self.prompt.text, self.thoughts(steps, first=True)

    def thoughts(self, steps: Sequence[Step], *, first: bool = False) -> Json | None:
        """The log probabilities of some tokens, if they were asked for."""
        return None if self._top is None else self._logprobs.add(steps, first=first)

    def body(self, index: int, start: int) -> Json:
        """The whole choice; its text must not have been generated yet."""
        text, logprobs = self.echoed(start) if self.echo else ("", self.thoughts([]))
        for event in self.choice.events():
            text += event.text
            if logprobs is not None:
                for key, more in (self.thoughts(event.steps) or {}).items():
                    logprobs[key] += more
        return {
            "text": text,
            "index": index,
            "logprobs": logprobs,
            "finish_reason": self.choice.finish,
        }


class Completions:
    """One completion request being answered."""

    def __init__(self, server: Scripted, request: Request) -> None:
        body = request.json
        check_fields(server, request)
        check_format(body)
        prompts = read_prompts("<|end|>" if body["prompt"] is None else body["prompt"], "prompt")
        self._request = request
        self._prompt_tokens = sum(len(prompt.tokens) for prompt in prompts)
        check_context(max(len(prompt.tokens) for prompt in prompts), server.context, "prompt")
        self._n = int(body.get("n") or 1)
        best = max(self._n, int(body.get("best_of") or 1))
        top = None if body.get("logprobs") is None else int(body["logprobs"])
        limit = 16 if body.get("max_tokens") is None else int(body["max_tokens"])
        sampling = read_sampling(body, 0 if top is None and best > self._n else top)
        suffix = body.get("suffix") or ""
        self._start = digest("completion")
        self._candidates: list[list[_Candidate]] = []
        for prompt in prompts:
            plan = Plan(
                digest("completion", prompt.text, suffix),
                sampling,
                min(limit, server.context),
                read_stops(body),
                body.get("seed"),
                opening=False,
                rich=not prompt.text.isascii(),
            )
            group = [Choice(server, request, plan, index) for index in range(best)]
            for choice in group:
                choice.script = read_format(body.get("response_format"), prompt.text, choice.rng)
            self._candidates.append(
                [_Candidate(one, prompt, top, echo=bool(body.get("echo"))) for one in group]
            )

    def _head(self) -> Json:
        request = self._request
        return {
            "id": f"cmpl-{request.key}",
            "object": "text_completion",
            "created": request.created,
            "model": request.json["model"],
            "system_fingerprint": "fp_toy",
        }

    def usage(self) -> Json:
        """Tokens of all prompts and of all candidates, also of those that were not the best."""
        written = sum(candidate.choice.tokens for group in self._candidates for candidate in group)
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": written,
            "total_tokens": self._prompt_tokens + written,
        }

    def body(self) -> Json:
        """The whole answer; the choices of the first prompt come first."""
        choices: list[Json] = []
        for group in self._candidates:
            made = [(candidate.body(0, self._start), candidate.choice) for candidate in group]
            if len(made) > self._n:
                made.sort(key=lambda one: one[1].logprob / max(1, one[1].tokens), reverse=True)
            choices += [
                {**one, "index": len(choices) + i} for i, (one, _) in enumerate(made[: self._n])
            ]
        return {**self._head(), "choices": choices, "usage": self.usage()}

    def chunks(self) -> Iterator[Json]:
        """Pieces of text, an end for every choice, and usage if it was asked for."""
        counted = bool((self._request.json.get("stream_options") or {}).get("include_usage"))
        head = self._head()
        tail: Json = {"usage": None} if counted else {}
        candidates = [candidate for group in self._candidates for candidate in group]
        indices = {id(candidate.choice): index for index, candidate in enumerate(candidates)}

        def chunk(
            index: int, text: str, logprobs: Json | None = None, finish: str | None = None
        ) -> Json:
            one = {"text": text, "index": index, "logprobs": logprobs, "finish_reason": finish}
            return {**head, "choices": [one], **tail}

        for index, candidate in enumerate(candidates):
            if candidate.echo:
                yield chunk(index, *candidate.echoed(self._start))
        for choice, event in in_turns(
            (candidate.choice, candidate.choice.events()) for candidate in candidates
        ):
            index = indices[id(choice)]
            if event is None:
                yield chunk(index, "", finish=choice.finish)
            else:
                yield chunk(index, event.text, candidates[index].thoughts(event.steps))
        if counted:
            yield {**head, "choices": [], "usage": self.usage()}
