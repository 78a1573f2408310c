"""POST /chat/completions: one body, or the chunks of a stream."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .choice import Choice, Plan, read_sampling, read_stops
from .conversation import Conversation, check_context, read_conversation
from .deltas import delta_of, extend, opened
from .fields import check_fields
from .formats import check_format, read_format
from .logprobs import chat_logprobs
from .rules import wrong
from .tool_rules import check_tools
from .tools import choose_calls
from .turns import in_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .borders import Borders
    from .request import Json, Request
    from .server import Scripted


def check_chat(server: Borders, request: Request) -> Conversation:
    """Refuse whatever breaks the contract of the endpoint; give back what was said."""
    body = request.json
    check_fields(server, request)
    check_tools(body)
    check_format(body)
    said = read_conversation(body)
    kind = (body.get("response_format") or {}).get("type")
    if kind == "json_object" and "json" not in said.told.lower():
        raise wrong(
            "messages",
            "they must contain the word 'json' to use 'response_format' of type 'json_object'",
        )
    return said


def _limit(body: Json) -> int | None:
    given = [
        int(body[name])
        for name in ("max_tokens", "max_completion_tokens")
        if body.get(name) is not None
    ]
    return min(given, default=None)


class Chat:
    """One chat request being answered."""

    def __init__(self, server: Scripted, request: Request) -> None:
        body = request.json
        said = check_chat(server, request)
        context = server.context_of(request)
        check_context(said.tokens, context, "messages")
        self._server, self._request, self._said = server, request, said
        self._logprobs = bool(body.get("logprobs"))
        effort = body.get("reasoning_effort")
        plan = Plan(
            said.digest,
            read_sampling(body, (body.get("top_logprobs") or 0) if self._logprobs else None),
            stops=read_stops(body),
            seed=body.get("seed"),
            rich=said.rich,
            reasons=server.thinks and effort not in ("none", "minimal"),
        )
        if (limit := _limit(body)) is not None:
            plan = replace(plan, budget=min(limit, context - said.tokens))
        self._choices = [
            Choice(server, request, plan, index) for index in range(int(body.get("n") or 1))
        ]
        for choice in self._choices:
            choice.calls = choose_calls(body, said, choice.rng)
            if not choice.calls:
                choice.script = read_format(body.get("response_format"), said.asked, choice.rng)

    def _head(self, kind: str) -> Json:
        request = self._request
        return {
            "id": f"chatcmpl-{request.key}",
            "object": kind,
            "created": request.created,
            "model": request.json["model"],
            "service_tier": "default",
            "system_fingerprint": "fp_toy",
        }

    def usage(self) -> Json:
        """Tokens of the prompt and of all choices so far."""
        written = sum(choice.tokens for choice in self._choices)
        reasoning = sum(choice.reasoning for choice in self._choices)
        return {
            "prompt_tokens": self._said.tokens,
            "completion_tokens": written,
            "total_tokens": self._said.tokens + written,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
        }

    def body(self) -> Json:
        """The whole answer."""
        choices = [self._choice(choice) for choice in self._choices]
        return {**self._head("chat.completion"), "choices": choices, "usage": self.usage()}

    def _choice(self, choice: Choice) -> Json:
        events = list(choice.events())
        content = "".join(event.text for event in events if event.kind == "content")
        calls: list[Json] = []
        for event in events:
            if event.kind == "call" and event.call:
                calls.append(opened(event))
            elif event.kind == "arguments" and event.call:
                extend(calls[event.index], event.text)
        message: Json = {
            "role": "assistant",
            "content": None if choice.calls else content,
            "refusal": None,
        }
        if reasoning := "".join(event.text for event in events if event.kind == "reasoning"):
            message["reasoning_content"] = reasoning
        if calls and choice.calls[0].legacy:
            message["function_call"] = calls[0]["function"]
        elif calls:
            message["tool_calls"] = calls
        steps = [step for event in events if event.kind == "content" for step in event.steps]
        logprobs = chat_logprobs(steps) if self._logprobs and not choice.calls else None
        return {
            "index": choice.index,
            "message": message,
            "logprobs": logprobs,
            "finish_reason": choice.finish,
        }

    def chunks(self) -> Iterator[Json]:
        """The answer in the order of OpenAI: role, pieces, end, and usage if it was asked for."""
        counted = bool((self._request.json.get("stream_options") or {}).get("include_usage"))
        head = self._head("chat.completion.chunk")
        tail: Json = {"usage": None} if counted else {}

        def chunk(
            choice: Choice, delta: Json, finish: str | None = None, logprobs: Json | None = None
        ) -> Json:
            one = {
                "index": choice.index,
                "delta": delta,
                "logprobs": logprobs,
                "finish_reason": finish,
            }
            return {**head, "choices": [one], **tail}

        for choice in self._choices:
            yield chunk(
                choice,
                {"role": "assistant", "content": None if choice.calls else "", "refusal": None},
            )
        for choice, event in in_turns((choice, choice.events()) for choice in self._choices):
            if event is None:
                yield chunk(choice, {}, choice.finish)
            else:
                logprobs = (
                    chat_logprobs(event.steps)
                    if self._logprobs and event.kind == "content"
                    else None
                )
                yield chunk(choice, delta_of(event), logprobs=logprobs)
        if counted:
            yield {**head, "choices": [], "usage": self.usage()}
