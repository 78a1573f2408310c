"""Streams as a state machine: framing, chunks, their order, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..check import GENERATING, check
from ..exchange import Json, decoded
from ..expect import Unexpected, expect, expect_none, expect_that, get, show, untested
from ..server import Server
from ..stream import Stream
from ..texts import EMOJI


def _choices(stream: Stream) -> Iterator[Json]:
    for chunk in stream.chunks:
        yield from chunk.choices


@check("{endpoint}.stream.content-type", requirement="stream-content-type", over=GENERATING)
def content_type(server: Server, endpoint: str) -> None:
    """A streamed {noun} says that it is an event stream."""
    exchange = server.stream(endpoint).exchange

    expect("Content-Type", "text/event-stream", exchange.content_type, exchange)


@check("{endpoint}.stream.json-events", requirement="stream-json-events", over=GENERATING)
def json_events(server: Server, endpoint: str) -> None:
    """Every event of a streamed {noun} before its end is a JSON object."""
    stream = server.stream(endpoint)
    strange = [
        event.data or ""
        for event in stream.events
        if not event.is_done and not isinstance(decoded(event.data or ""), dict)
    ]

    expect_none("events whose data is not a JSON object", strange, stream.exchange)


@check("{endpoint}.stream.unnamed-events", requirement="stream-unnamed-events", over=GENERATING)
def unnamed_events(server: Server, endpoint: str) -> None:
    """The events of a streamed {noun} have no event name."""
    stream = server.stream(endpoint)
    names = [f"event: {event.name}" for event in stream.events if event.name is not None]

    expect_none("named events", names, stream.exchange)


@check("{endpoint}.stream.ends-with-done", requirement="stream-done", over=GENERATING)
def ends_with_done(server: Server, endpoint: str) -> None:
    """A streamed {noun} ends with the [DONE] sentinel."""
    stream = server.stream(endpoint)
    done = [event for event in stream.events if event.is_done]
    last = stream.events[-1].data if stream.events else None

    expect_that(len(done) == 1, "data of the last event", '"[DONE]", once', last, stream.exchange)


@check(
    "{endpoint}.stream.nothing-after-done", requirement="stream-nothing-after-done", over=GENERATING
)
def nothing_after_done(server: Server, endpoint: str) -> None:
    """Nothing follows the [DONE] of a streamed {noun}."""
    stream = server.stream(endpoint)
    ends = [number for number, event in enumerate(stream.events) if event.is_done]
    after = [event.data or "" for event in stream.events[ends[0] + 1 :]] if ends else []

    expect_none("events after [DONE]", after, stream.exchange)


@check("{endpoint}.stream.closes", requirement="stream-closes", over=GENERATING)
def closes(server: Server, endpoint: str) -> None:
    """A streamed {noun} is over once [DONE] was sent."""
    exchange = server.stream(endpoint).exchange

    expect_that(
        not exchange.left_open, "the answer 2 s after [DONE]", "ended", "still open", exchange
    )


@check("{endpoint}.stream.chunk-schema", requirement="stream-chunk-schema", over=GENERATING)
def chunk_schema(server: Server, endpoint: str) -> None:
    """Every chunk of a streamed {noun} is a valid chunk object."""
    stream = server.stream(endpoint)
    expect_that(stream.chunks, "chunks of the stream", "at least one", 0, stream.exchange)
    wrong = [
        f"{'; '.join(problems[:2])} in {show(chunk.body, 160)}"
        for chunk in stream.chunks
        if (problems := server.errors.answer(f"{endpoint}.chunk", chunk.body))
    ]

    expect_none("what is wrong with the chunks", wrong, stream.exchange)


@check("{endpoint}.stream.recommended-keys", requirement="stream-recommended-keys", over=GENERATING)
def recommended_keys(server: Server, endpoint: str) -> None:
    """The chunks of a streamed {noun} have the keys that clients do without."""
    stream = server.stream(endpoint)
    missing = {
        key
        for chunk in stream.chunks
        for key in server.errors.recommended(f"{endpoint}.chunk", chunk.body)
    }

    expect_that(not missing, "missing keys", "none", sorted(missing), stream.exchange)


@check("{endpoint}.stream.one-id", requirement="stream-one-id", over=GENERATING)
def one_id(server: Server, endpoint: str) -> None:
    """All chunks of a streamed {noun} have one id."""
    _one(server.stream(endpoint), "id")


@check("{endpoint}.stream.one-created", requirement="stream-one-created", over=GENERATING)
def one_created(server: Server, endpoint: str) -> None:
    """All chunks of a streamed {noun} have one created time."""
    _one(server.stream(endpoint), "created")


@check("{endpoint}.stream.one-model", requirement="stream-one-model", over=GENERATING)
def one_model(server: Server, endpoint: str) -> None:
    """All chunks of a streamed {noun} name one model."""
    _one(server.stream(endpoint), "model")


def _one(stream: Stream, name: str) -> None:
    seen = list(dict.fromkeys(show(chunk.body.get(name)) for chunk in stream.chunks))

    expect_that(len(seen) <= 1, f"values of {name} in the chunks", "one", seen[:4], stream.exchange)


@check("chat.stream.role-first", requirement="stream-role-first")
def role_first(server: Server) -> None:
    """The first delta of a streamed chat completion has the role assistant."""
    stream = server.stream("chat")
    first = next(_choices(stream), None)

    expect("role of the first delta", "assistant", get(first, "delta", "role"), stream.exchange)


@check("chat.stream.role-once", requirement="stream-role-once")
def role_once(server: Server) -> None:
    """Only the first delta of a streamed chat completion has a role."""
    stream = server.stream("chat")
    deltas = [get(choice, "delta") for choice in _choices(stream)]
    again = [show(delta) for delta in deltas[1:] if get(delta, "role") is not None]

    expect_none("later deltas with a role", again, stream.exchange)


@check("{endpoint}.stream.delta", requirement="stream-delta", over=GENERATING)
def delta(server: Server, endpoint: str) -> None:
    """A chunk of a streamed {noun} does not repeat the text so far."""
    stream = server.stream(endpoint)
    pieces = [chunk.text for chunk in stream.chunks if chunk.text]
    grown = all(after.startswith(before) for before, after in pairwise(pieces))
    # A model that says one word again and again has pieces that begin with the one before, too.
    if len(pieces) > 2 and grown and len(pieces[-1]) > len(pieces[0]) + 8:
        raise Unexpected("text of a chunk", "only what is new", show(pieces[-1]), stream.exchange)
    so_far = ""
    for piece in pieces:
        repeats = len(so_far) > 8 and piece.startswith(so_far)
        expect_that(not repeats, "text of a chunk", "only what is new", piece, stream.exchange)
        so_far += piece


@check("{endpoint}.stream.finish-once", requirement="stream-finish-once", over=GENERATING)
def finish_once(server: Server, endpoint: str) -> None:
    """A streamed {noun} has one finish_reason that is not null."""
    stream = server.stream(endpoint)

    expect("number of finish reasons", 1, len(stream.finish_reasons), stream.exchange)


@check(
    "{endpoint}.stream.nothing-after-finish",
    requirement="stream-nothing-after-finish",
    over=GENERATING,
)
def nothing_after_finish(server: Server, endpoint: str) -> None:
    """No text follows the finish_reason of a streamed {noun}."""
    stream = server.stream(endpoint)
    finished = False
    for chunk in stream.chunks:
        late = finished and chunk.text
        expect_that(not late, "text after the finish_reason", "none", chunk.text, stream.exchange)
        finished = finished or chunk.finish_reason is not None


@check("{endpoint}.stream.choice-index", requirement="stream-choice-index", over=GENERATING)
def choice_index(server: Server, endpoint: str) -> None:
    """Every chunk of a single streamed {noun} has a choice of index 0."""
    stream = server.stream(endpoint)
    indexes = [
        show(get(choice, "index")) for choice in _choices(stream) if get(choice, "index") != 0
    ]

    expect_none("indexes other than 0", indexes, stream.exchange)


@check("{endpoint}.stream.equals-whole", requirement="stream-equals-whole", over=GENERATING)
def equals_whole(server: Server, endpoint: str) -> None:
    """A streamed {noun} is the text of the same request without stream."""
    wholes, streams = [], []
    for nth in (1, 2, 3):
        stream = server.stream(endpoint, nth=nth)
        wholes.append(server.talk(endpoint, nth=nth).text)
        streams.append(stream.text)
        if set(wholes) & set(streams):
            return
    if len(set(wholes)) > 1 or len(set(streams)) > 1:
        untested("greedy answers to one request differ, so a stream cannot be compared")

    expect("text of the stream", wholes[0], streams[-1], stream.exchange)


@check("{endpoint}.stream.stop-withheld", requirement="stream-stop-withheld", over=GENERATING)
def stop_withheld(server: Server, endpoint: str) -> None:
    """A streamed {noun} holds no part of the text that stops it."""
    whole = server.talk(endpoint, tokens=32)
    word = whole.text[len(whole.text) // 2 :][:8]
    stopped = server.ask(endpoint, tokens=32, stop=[word])
    if (
        len(word) < 8
        or word in stopped.text
        or stopped.text != whole.text[: whole.text.index(word)]
    ):
        untested("the same request without stream is not stopped either")
    stream = server.stream(endpoint, tokens=32, stop=[word])
    more = stream.text.removeprefix(stopped.text)
    same = stream.text.startswith(stopped.text)
    if not same or (more and not word.startswith(more) and not more.startswith(word)):
        untested("the stream has another text: see the check of stream.equals-whole")

    expect(f"text of the stream with stop {word!r}", stopped.text, stream.text, stream.exchange)


@check("{endpoint}.stream.whole-characters", requirement="stream-whole-characters", over=GENERATING)
def whole_characters(server: Server, endpoint: str) -> None:
    """No chunk of a streamed {noun} holds a part of a character."""
    for nth in (1, 2):  # a model may by chance write such a character itself
        stream = server.stream(endpoint, EMOJI, nth=nth)
        if "\ufffd" not in stream.text or "\ufffd" in server.ask(endpoint, EMOJI, nth=nth).text:
            return
    torn = next(chunk.text for chunk in stream.chunks if "\ufffd" in chunk.text)
    raise Unexpected("text of a chunk", "no replacement character", show(torn), stream.exchange)
