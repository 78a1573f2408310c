"""Usage: what an answer says it cost, whole and streamed."""

from __future__ import annotations

from ..check import GENERATING, check
from ..expect import Refused, expect, expect_none, expect_that, get, show, untested
from ..server import TALK, Server
from ..stream import Stream


@check("{endpoint}.usage.present", requirement="usage-present", over=GENERATING)
def present(server: Server, endpoint: str) -> None:
    """A {noun} has a usage object with its three counts."""
    answer = server.ask(endpoint)
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    counts = [get(answer.usage, name) for name in names]
    whole = all(isinstance(count, int) and count >= 0 for count in counts)

    expect_that(whole, "usage", f"an object with {', '.join(names)}", answer.usage, answer.exchange)


@check("{endpoint}.usage.adds-up", requirement="usage-adds-up", over=GENERATING)
def adds_up(server: Server, endpoint: str) -> None:
    """The total of a {noun}'s usage is the sum of its parts."""
    answer = server.ask(endpoint)
    if answer.prompt_tokens is None or answer.completion_tokens is None:
        untested("the answer has no usage to add up")
    total = answer.prompt_tokens + answer.completion_tokens

    expect("usage.total_tokens", total, get(answer.usage, "total_tokens"), answer.exchange)


@check("{endpoint}.usage.counts-limit", requirement="usage-counts-limit", over=GENERATING)
def counts_limit(server: Server, endpoint: str) -> None:
    """A {noun} cut at 5 tokens counts 5 completion tokens."""
    tokens = 5 + (server.manner.budget if endpoint == "chat" else 0)
    answer = server.ask(endpoint, tokens=5)
    if answer.finish_reason != "length" or answer.completion_tokens is None:
        untested("the answer was not cut by its limit, or has no usage")

    expect("usage.completion_tokens", tokens, answer.completion_tokens, answer.exchange)


@check("{endpoint}.usage.counts-prompt", requirement="usage-counts-prompt", over=GENERATING)
def counts_prompt(server: Server, endpoint: str) -> None:
    """A longer prompt of a {noun} counts more prompt tokens."""
    short = server.ask(endpoint)
    long = server.ask(
        endpoint, f"{TALK} Let it be winter, and let the friend be a sailor.", tokens=1
    )
    if short.prompt_tokens is None or long.prompt_tokens is None:
        untested("the answers have no usage to compare")

    expect_that(
        long.prompt_tokens > short.prompt_tokens,
        "prompt_tokens of a longer prompt",
        f"more than {short.prompt_tokens}",
        long.prompt_tokens,
        long.exchange,
    )


@check("{endpoint}.usage.same-prompt", requirement="usage-same-prompt", over=GENERATING)
def same_prompt(server: Server, endpoint: str) -> None:
    """The same prompt of a {noun} counts the same tokens again."""
    first = server.ask(endpoint)
    again = server.ask(endpoint, nth=2)

    expect(
        "prompt_tokens the second time", first.prompt_tokens, again.prompt_tokens, again.exchange
    )


@check("{endpoint}.usage.only-on-request", requirement="usage-only-on-request", over=GENERATING)
def only_on_request(server: Server, endpoint: str) -> None:
    """A streamed {noun} has no usage that was not asked for."""
    stream = server.stream(endpoint)

    _no_usage(stream)


@check("{endpoint}.usage.not-for-false", requirement="usage-only-on-request", over=GENERATING)
def not_for_false(server: Server, endpoint: str) -> None:
    """A streamed {noun} has no usage where include_usage is false or left out."""
    for options in ({}, {"include_usage": False}):
        try:
            stream = server.stream(endpoint, stream_options=options, tokens=8)
        except Refused as error:
            untested(f"stream_options is refused: {error.actual}")
        _no_usage(stream)


def _no_usage(stream: Stream) -> None:
    expect_none(
        "chunks with a usage object", [show(usage) for usage in stream.usages], stream.exchange
    )
    bare = [show(chunk.body) for chunk in stream.chunks if chunk.body.get("choices") == []]
    expect_none("chunks without choices", bare, stream.exchange)


def with_usage(server: Server, endpoint: str) -> Stream:
    """A stream for which usage was asked.

    Raises:
        Untested: it has none; the check of the field stream_options says so.
    """
    try:
        stream = server.stream(endpoint, stream_options={"include_usage": True})
    except Refused as error:
        untested(f"stream_options is refused: {error.actual}")
    if not stream.usages:
        untested(f"the stream has no usage: see {endpoint}.field.stream_options")
    return stream


@check("{endpoint}.usage.chunk-last", requirement="usage-chunk-last", over=GENERATING)
def chunk_last(server: Server, endpoint: str) -> None:
    """The usage that was asked for comes in the last chunk of a streamed {noun}."""
    stream = with_usage(server, endpoint)
    last = stream.chunks[-1].body.get("usage")

    expect_that(
        isinstance(last, dict), "usage of the last chunk", "an object", last, stream.exchange
    )


@check(
    "{endpoint}.usage.chunk-empty-choices", requirement="usage-chunk-empty-choices", over=GENERATING
)
def chunk_empty_choices(server: Server, endpoint: str) -> None:
    """The usage chunk of a streamed {noun} has no choices."""
    stream = with_usage(server, endpoint)

    expect("choices of the last chunk", [], stream.chunks[-1].body.get("choices"), stream.exchange)


@check("{endpoint}.usage.null-elsewhere", requirement="usage-null-elsewhere", over=GENERATING)
def null_elsewhere(server: Server, endpoint: str) -> None:
    """Where usage was asked for, no earlier chunk of a streamed {noun} counts anything."""
    stream = with_usage(server, endpoint)
    early = [
        show(usage) for usage in (chunk.body.get("usage") for chunk in stream.chunks[:-1]) if usage
    ]

    expect_none("usage objects before the last chunk", early, stream.exchange)


@check(
    "{endpoint}.usage.stream-equals-whole", requirement="usage-stream-equals-whole", over=GENERATING
)
def stream_equals_whole(server: Server, endpoint: str) -> None:
    """A streamed {noun} costs what the same request costs without stream."""
    whole, stream = server.ask(endpoint), with_usage(server, endpoint)
    if whole.prompt_tokens is None:
        untested("the whole answer has no usage to compare with")
    usage = stream.usages[-1]
    expect(
        "prompt_tokens of the stream",
        whole.prompt_tokens,
        get(usage, "prompt_tokens"),
        stream.exchange,
    )
    if whole.text == stream.text:
        counted = get(usage, "completion_tokens")
        expect("completion_tokens of the stream", whole.completion_tokens, counted, stream.exchange)
