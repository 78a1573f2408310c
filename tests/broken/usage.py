"""Answers and streams that count their tokens wrong, or report them at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from tests.scripted import Request, Scripted

from .editing import Json
from .registry import broken


def _wants_usage(request: Request) -> bool:
    return bool((request.json.get("stream_options") or {}).get("include_usage"))


def _counted(prompt: int, completion: int) -> Json:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


@broken("{chat,completions}.usage.present")
class NoUsage(Scripted):
    """Whole answers have no usage."""

    def answer(self, request: Request, body: Json) -> Json:
        return {
            key: value for key, value in body.items() if key != "usage" or "choices" not in body
        }


@broken("{chat,completions}.usage.adds-up")
class TotalIsWrong(Scripted):
    """The total is one more than its parts."""

    def answer(self, request: Request, body: Json) -> Json:
        if "choices" in body:
            body["usage"]["total_tokens"] += 1
        return body


@broken("{chat,completions}.{usage.counts-limit,field.max_tokens} chat.field.max_completion_tokens")
class CountsOneTooMany(Scripted):
    """The token that begins an answer is counted as well, in streams too."""

    def answer(self, request: Request, body: Json) -> Json:
        if "choices" in body:
            usage = body["usage"]
            usage |= _counted(usage["prompt_tokens"], usage["completion_tokens"] + 1)
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            yield self.answer(request, chunk) if chunk.get("usage") else chunk


@broken("{chat,completions}.usage.counts-prompt completions.field.prompt.tokens")
class PromptsAreFree(Scripted):
    """Prompt tokens are always 1."""

    def answer(self, request: Request, body: Json) -> Json:
        if "choices" in body:
            body["usage"] |= _counted(1, body["usage"]["completion_tokens"])
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            yield self.answer(request, chunk) if chunk.get("usage") else chunk


@broken("{chat,completions}.usage.same-prompt")
class CachedPromptsCountLess(Scripted):
    """Of a prompt that came before only the last token is counted."""

    def answer(self, request: Request, body: Json) -> Json:
        again = any(one.json == request.json for one in self.seen if one is not request)
        plain = not {"tools", "response_format", "seed", "stop"} & set(request.json)
        if "choices" in body and again and plain:
            body["usage"] |= _counted(1, body["usage"]["completion_tokens"])
        return body


@broken(
    "{chat,completions}.usage.{only-on-request,not-for-false,null-elsewhere}",
    defect="usage-every-chunk-unrequested",
)
class UsageOnEveryChunk(Scripted):
    """Every chunk has the usage so far, asked for or not."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            yield chunk if chunk.get("usage") else {**chunk, "usage": _counted(20, number)}


@broken("{chat,completions}.usage.only-on-request")
class UsageUnlessToldNotTo(Scripted):
    """Usage comes where ``stream_options`` is left out."""

    def receive(self, request: Request) -> Request:
        if request.stream:
            request.json.setdefault("stream_options", {"include_usage": True})
        return super().receive(request)


@broken("{chat,completions}.usage.not-for-false", defect="usage-returned-for-empty-stream-options")
class UsageForAnyOptions(Scripted):
    """Usage comes as soon as there are ``stream_options``, whatever they say."""

    def receive(self, request: Request) -> Request:
        if isinstance(request.json.get("stream_options"), dict):
            request.json["stream_options"]["include_usage"] = True
        return super().receive(request)


@broken(
    "{chat,completions}.field.{stream_options,stream_options.include_usage}",
    defect="usage-include-usage-no-effect",
)
class IncludeUsageHasNoEffect(Scripted):
    """The usage that was asked for does not come."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        return (chunk for chunk in super().chunks(request, chunks) if not chunk.get("usage"))


@broken("{chat,completions}.usage.chunk-empty-choices", defect="usage-chunk-nonempty-choices")
class UsageChunkHasChoice(Scripted):
    """The chunk with the usage has a choice of nothing."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            if chunk.get("usage"):
                empty: Json = (
                    {"delta": {}} if request.endpoint == "chat" else {"text": "", "logprobs": None}
                )
                chunk["choices"] = [{"index": 0, **empty, "finish_reason": None}]
            yield chunk


@broken("{chat,completions}.usage.{chunk-last,chunk-empty-choices,null-elsewhere}")
class UsageComesFirst(Scripted):
    """The chunk with the usage comes before all others."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        found = super().chunks(request, chunks)
        if not _wants_usage(request):
            yield from found
            return
        whole = list(found)
        yield whole.pop()
        yield from whole


@broken("{chat,completions}.usage.null-elsewhere")
class UsageAlsoBefore(Scripted):
    """Where usage was asked for, every chunk has what was counted so far."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(super().chunks(request, chunks)):
            wanted = _wants_usage(request) and not chunk["usage"]
            yield {**chunk, "usage": _counted(20, number)} if wanted else chunk


@broken(
    "{chat,completions}.usage.stream-equals-whole", defect="stream-usage-completion-tokens-wrong"
)
class StreamCountsHalf(Scripted):
    """A stream counts every second token."""

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for chunk in super().chunks(request, chunks):
            if usage := chunk.get("usage"):
                usage |= _counted(usage["prompt_tokens"], usage["completion_tokens"] // 2)
            yield chunk
