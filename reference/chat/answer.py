"""Chat completion objects and chunks, in OpenAI's shapes and order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...backends import Finished, TextEvent, TokenLogprob, Usage
from ..ids import Identity
from ..service import Generating
from .calls import Call, CallForm
from .thinking import Thinking, Thought, apart
from .tools import Reader


@dataclass(frozen=True, slots=True)
class Head:
    """What every chunk of an answer repeats."""

    id: str
    created: int
    model: str
    service_tier: str | None = None
    """Named where the request has the field: there is one tier."""

    def _kind(self, name: str) -> dict[str, Any]:
        found = {"id": self.id, "object": name, "created": self.created, "model": self.model}
        return found | ({"service_tier": self.service_tier} if self.service_tier else {})

    def whole(self, choices: list[Any], usage: Usage, thoughts: int) -> dict[str, Any]:
        """A whole answer."""
        return {
            **self._kind("chat.completion"),
            "choices": choices,
            "usage": counts(usage, thoughts),
        }

    def chunk(self, index: int, delta: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One chunk of one choice."""
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": None, **more}
        return {**self._kind("chat.completion.chunk"), "choices": [choice]}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer has to have beside its text."""

    calls: CallForm | None = None
    """How the model writes calls, where tools are on offer."""
    older: bool = False
    """Whether a call is a ``function_call``, as before there were tools."""
    thinking: Thinking | None = None
    """Whether thoughts may come first."""
    logprobs: bool = False
    usage: bool = False


def counts(usage: Usage, thoughts: int = 0) -> dict[str, Any]:
    """A usage object; ``thoughts`` of the tokens were no answer."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": thoughts},
    }


def total(usages: list[Usage]) -> Usage:
    """The usage of several choices of one prompt: the prompt is counted once."""
    return Usage(
        usages[0].prompt_tokens,
        sum(usage.completion_tokens for usage in usages),
        usages[0].cached_tokens,
    )


def entries(logprobs: tuple[TokenLogprob, ...]) -> list[dict[str, Any]]:
    """Token log-probabilities as chat answers have them."""

    def entry(item: TokenLogprob) -> dict[str, Any]:
        text = item.piece.decode("utf-8", "replace")
        return {"token": text, "logprob": item.logprob, "bytes": list(item.piece)}

    return [{**entry(one), "top_logprobs": [entry(top) for top in one.top]} for one in logprobs]


def tool_call(call: Call, identity: Identity) -> dict[str, Any]:
    """A tool call with a new id."""
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": identity.new("call_", 24), "type": "function", "function": function}


def whole(head: Head, running: Generating, identity: Identity, asked: Asked) -> dict[str, Any]:
    """Wait for every choice, and put the answer together."""
    choices, usages, thoughts = [], [], 0
    for index in range(len(running)):
        content, thought, calls, spoken, reason = "", "", [], [], "stop"
        for item in pieces(running.events(index), asked):
            if isinstance(item, Finished):
                reason = item.reason
                usages.append(item.usage)
            elif isinstance(item, Call):
                calls.append(tool_call(item, identity))
            elif isinstance(item, Thought):
                thought += item.text
                thoughts += item.tokens
            else:
                content += item.text
                spoken += entries(item.logprobs)
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        if thought:
            message["reasoning_content"] = thought
        if calls and asked.older:
            message |= {"content": content or None, "function_call": calls[0]["function"]}
        elif calls:
            message |= {"content": content or None, "tool_calls": calls}
        choices.append(
            {
                "index": index,
                "message": message,
                "logprobs": {"content": spoken, "refusal": None} if asked.logprobs else None,
                "finish_reason": finish(reason, asked if calls else None),
            }
        )
    return head.whole(choices, total(usages), thoughts)


def chunks(
    head: Head, running: Generating, identity: Identity, asked: Asked
) -> Iterator[dict[str, Any]]:
    """A role chunk, content chunks, a finish chunk with an empty delta; then usage, if asked."""
    usages: list[Usage] = []
    thoughts = 0
    extra = {"usage": None} if asked.usage else {}
    for index in range(len(running)):
        yield head.chunk(index, {"role": "assistant", "content": "", "refusal": None}) | extra
        count = 0
        for item in pieces(running.events(index), asked):
            if isinstance(item, Finished):
                usages.append(item.usage)
                reason = finish(item.reason, asked if count else None)
                yield head.chunk(index, {}, finish_reason=reason) | extra
            elif isinstance(item, Call):
                for delta in deltas(item, count, identity):
                    part = {"function_call": delta["function"]}
                    yield (
                        head.chunk(index, part if asked.older else {"tool_calls": [delta]}) | extra
                    )
                count += 1
            elif isinstance(item, Thought):
                thoughts += item.tokens
                if item.text:
                    yield head.chunk(index, {"reasoning_content": item.text}) | extra
            else:
                more = {"logprobs": {"content": entries(item.logprobs), "refusal": None}}
                yield (
                    head.chunk(index, {"content": item.text}, **(more if asked.logprobs else {}))
                    | extra
                )
    if asked.usage:
        last = head.chunk(0, {})
        yield last | {"choices": [], "usage": counts(total(usages), thoughts)}


def deltas(call: Call, index: int, identity: Identity) -> Iterator[dict[str, Any]]:
    """A call in a stream: id, type and name first, then its arguments."""
    first = tool_call(Call(call.name, ""), identity)
    yield {"index": index, **first}
    yield {"index": index, "function": {"arguments": call.arguments}}


def pieces(
    events: Iterator[TextEvent | Finished], asked: Asked
) -> Iterator[TextEvent | Call | Thought | Finished]:
    """Events, with thoughts and tool calls read out of the text where there may be any."""
    parts = events if asked.thinking is None else apart(events, asked.thinking)
    if asked.calls is None:
        yield from parts
        return
    reader = Reader(asked.calls)
    for event in parts:
        if isinstance(event, Thought):
            yield event
            continue
        if isinstance(event, Finished):
            for item in reader.end():
                yield item if isinstance(item, Call) else TextEvent(event.id, item)
            yield event
            continue
        for item in reader.feed(event.text):
            yield item if isinstance(item, Call) else TextEvent(event.id, item, event.logprobs)


def finish(reason: str, called: Asked | None) -> str:
    """The finish_reason: calls, of what was asked, turn a natural end into theirs."""
    if called is None or reason != "stop":
        return reason
    return "function_call" if called.older else "tool_calls"
