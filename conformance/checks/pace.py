"""Whether streams leave as they are generated, judged by arrival times."""

from __future__ import annotations

from ..check import GENERATING, check
from ..expect import Unexpected, expect_that, untested
from ..server import Server
from ..stream import Stream
from ..texts import TALK, WEATHER

_TRIES = 3
_TELLING_S = 0.03
"""Below this, 60 more tokens cost too little time to tell streaming from buffering."""
_SHARE = 0.25
"""A stream's pieces spread over at least this share of the time their tokens take."""


@check(
    "{endpoint}.stream.incremental", requirement="stream-incremental", over=GENERATING, alone=True
)
def incremental(server: Server, endpoint: str) -> None:
    """The chunks of a streamed {noun} leave as they are generated."""
    held: tuple[Stream, float, float] | None = None
    for nth in range(1, _TRIES + 1):
        short = server.ask(endpoint, tokens=4, nth=nth)
        stream = server.stream(endpoint, tokens=64, nth=nth)
        arrivals = [chunk.at for chunk in stream.chunks if chunk.text]
        if len(arrivals) < 2 and len(stream.text) < 16:
            untested(f"the answer is too short to tell: {stream.text!r}")
        whole_s, spread = stream.exchange.duration_s, arrivals[-1] - arrivals[0]
        growth = whole_s - short.exchange.duration_s
        if spread >= whole_s / 2 or spread >= _SHARE * max(growth, _TELLING_S):
            return
        if growth >= _TELLING_S:
            held = stream, growth, spread
    if held is None:
        untested(f"60 more tokens take less than {_TELLING_S * 1000:.0f} ms: too fast to tell")

    stream, growth, spread = held
    expected = f"at least {_SHARE:.0%} of the {growth * 1000:.0f} ms that 60 tokens take"
    actual = f"{spread * 1000:.0f} ms in {len(stream.chunks)} chunks"
    what = "time from the first piece of text to the last"
    raise Unexpected(what, expected, actual, stream.exchange)


@check("chat.tools.text-incremental", requirement="tool-text-incremental", needs=("tools",))
def tool_text_incremental(server: Server) -> None:
    """Text that streams beside tools comes in as many pieces as without them."""
    free = server.stream("chat", TALK, tokens=48)
    offered = server.stream("chat", TALK, tokens=48, tools=[WEATHER])
    pieces = sum(1 for chunk in offered.chunks if chunk.text)
    if offered.tool_calls or len(offered.text) < 40 or sum(1 for c in free.chunks if c.text) < 4:
        untested(f"the answer beside tools is not a longer text: {offered.text[:60]!r}")

    expect_that(pieces > 1, "pieces of text beside tools", "several", pieces, offered.exchange)
