"""Tool calls in streams: the pieces, and what they add up to."""

from __future__ import annotations

from ..check import check
from ..exchange import Json
from ..expect import Refused, expect, expect_none, expect_that, get, show, untested
from ..observers.tools import called, forced
from ..server import Server
from ..stream import Stream
from ..texts import CITY, TWO_CITIES, WEATHER
from .tools import is_object


def called_stream(server: Server, prompt: str = CITY, tokens: int = 128) -> Stream:
    """A stream that holds a tool call.

    Raises:
        Untested: it holds none; the check of the feature streamed-tools says so.
    """
    fields = forced(server)
    try:
        stream = server.stream("chat", prompt, tokens=tokens, tools=[WEATHER], **fields)
    except Refused as error:
        untested(f"tools are refused in a stream: {error.actual}")
    if not stream.tool_calls:
        untested("the stream holds no tool call: see chat.feature.streamed-tools")
    return stream


@check("chat.tool-stream.index", requirement="tool-delta-index", needs=("tools",))
def index(server: Server) -> None:
    """Every piece of a streamed tool call says which call it belongs to."""
    for stream in (called_stream(server), called_stream(server, TWO_CITIES, tokens=256)):
        pieces = [piece for chunk in stream.chunks for piece in chunk.tool_deltas]
        indexes = list(dict.fromkeys(show(piece.get("index")) for piece in pieces))
        expected = [str(number) for number in range(len(indexes))]
        expect("indexes of the pieces, in order", expected, indexes, stream.exchange)
        ids = {piece["id"] for piece in pieces if piece.get("id")}
        expect_that(
            len(ids) <= len(indexes),
            "number of call ids",
            f"{len(indexes)}, one an index",
            sorted(ids),
            stream.exchange,
        )


@check("chat.tool-stream.identity", requirement="tool-delta-identity", needs=("tools",))
def identity(server: Server) -> None:
    """The id, type and name of a streamed call come in its first piece only."""
    stream = called_stream(server)
    pieces = [
        piece for chunk in stream.chunks for piece in chunk.tool_deltas if piece.get("index") == 0
    ]
    if not pieces:
        untested("no piece has the index 0: see chat.tool-stream.index")
    first = pieces[0]
    known = get(first, "id") and get(first, "type") == "function" and get(first, "function", "name")
    expect_that(
        known, "first piece of the call", "id, type function and name", first, stream.exchange
    )
    again = [
        show(piece) for piece in pieces[1:] if get(piece, "function", "name") or piece.get("id")
    ]

    expect_none("later pieces with an id or a name", again, stream.exchange)


@check("chat.tool-stream.arguments", requirement="tool-delta-arguments", needs=("tools",))
def arguments(server: Server) -> None:
    """The pieces of a streamed call's arguments are one JSON object."""
    stream = called_stream(server)
    if "length" in stream.finish_reasons:
        untested("the call was cut by its limit")
    for one in stream.tool_calls:
        text = one["arguments"]
        expect_that(
            is_object(text),
            "the pieces of the arguments, joined",
            "a JSON object",
            text,
            stream.exchange,
        )


@check("chat.tool-stream.equals-whole", requirement="tool-stream-equals-whole", needs=("tools",))
def equals_whole(server: Server) -> None:
    """A streamed tool call is the call of the same request without stream."""
    stream, whole = called_stream(server), called(server)
    calls = [
        [get(one, "function", key) for key in ("name", "arguments")] for one in whole.tool_calls
    ]
    streamed = [[one["name"], one["arguments"]] for one in stream.tool_calls]
    if calls != streamed and not all(is_object(one[1]) for one in streamed):
        untested("the pieces are no JSON object: see chat.tool-stream.arguments")

    expect("calls of the stream", calls, streamed, stream.exchange)


@check("chat.tool-stream.finish-reason", requirement="tool-call-finish-reason", needs=("tools",))
def finish_reason(server: Server) -> None:
    """A streamed answer that calls a tool ends like the whole one."""
    stream, whole = called_stream(server), called(server)

    expect("finish_reason of the stream", whole.finish_reason, _reason(stream), stream.exchange)


def _reason(stream: Stream) -> Json:
    """The last finish reason; that there is only one is for chat.stream.finish-once to say."""
    if not stream.finish_reasons:
        untested("the stream has no finish_reason: see chat.stream.finish-once")
    return stream.finish_reasons[-1]


@check("chat.tool-stream.truncated", requirement="tool-truncated-length", needs=("tools",))
def truncated(server: Server) -> None:
    """A streamed tool call that its limit cut says length."""
    whole = called_stream(server)
    if _reason(whole) == "length":
        untested("the call does not fit into 128 tokens")
    cut = server.stream("chat", CITY, tokens=4, tools=[WEATHER], **forced(server))
    calls = [[(one["name"], one["arguments"]) for one in each.tool_calls] for each in (cut, whole)]
    if calls[0] == calls[1] or cut.text:
        untested("the call was not cut at 4 tokens")

    expect("finish_reason", "length", _reason(cut), cut.exchange)
