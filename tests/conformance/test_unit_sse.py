"""Server-sent events are split as the HTML standard says, and what clients drop is kept."""

from __future__ import annotations

import pytest
from openai_compat.conformance.sse import Event, parse_events


def events(*segments: bytes) -> tuple[Event, ...]:
    """The events of segments that arrive a second apart."""
    return parse_events((float(at), segment) for at, segment in enumerate(segments, 1))


def data(*segments: bytes) -> list[str | None]:
    return [event.data for event in events(*segments)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_ends_a_line(end: bytes) -> None:
    body = end.join([b"data: one", b"", b"data: two", b"", b""])

    assert data(body) == ["one", "two"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_do_not_depend_on_segments(end: bytes) -> None:
    body = end.join([b": hi", b"event: x", "data: zwei ü".encode(), b"data: b", b"", b"data: c"])
    body += end * 2
    whole = data(body)

    assert whole == ["zwei ü\nb", "c"]
    for size in (1, 2, 3, 5, 7):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert data(*pieces) == whole
        assert all(event.complete for event in events(*pieces))


def test_an_event_arrives_with_its_last_byte() -> None:
    found = events(b"data: a\n", b"\ndata: b", b"\n\n", b"data: c\n\n")

    assert [(event.data, event.at) for event in found] == [("a", 2), ("b", 3), ("c", 4)]


def test_two_events_of_a_segment_arrive_together() -> None:
    assert [event.at for event in events(b"data: a\n\ndata: b\n\n")] == [1, 1]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"data: a", "a"),
        (b"data:a", "a"),
        (b"data:  a", " a"),
        (b"data:", ""),
        (b"data", ""),
        (b"data: a: b", "a: b"),
        (b"data: \xff", "\ufffd"),
    ],
)
def test_one_space_after_the_colon_is_left_out(line: bytes, value: str) -> None:
    assert data(line + b"\n\n") == [value]


def test_what_clients_drop_is_kept() -> None:
    comment, named, other = events(b": ping\n\nevent: error\ndata: x\n\nid: 7\nretry: 1\n\n")

    assert (comment.data, comment.fields) == (None, ("",))
    assert (named.name, named.data, named.fields) == ("error", "x", ("event", "data"))
    assert (other.data, other.name, other.fields) == (None, None, ("id", "retry"))


def test_empty_lines_alone_are_no_events() -> None:
    assert events(b"\n\n\r\n\n") == ()
    assert events() == ()


def test_a_byte_order_mark_at_the_start_is_left_out() -> None:
    assert data(b"\xef\xbb\xbfdata: a\n\n") == ["a"]
    assert events(b"data: a\n\n\xef\xbb\xbfdata: b\n\n")[1].fields == ("\ufeffdata",)


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        (b"data: a\n\n", True),
        (b"data: a\r\r", True),
        (b"data: a\r\n\r\n", True),
        (b"data: a\n", False),
        (b"data: a", False),
        (b"data: a\r", False),
        (b"data: a\r\n", False),
    ],
)
def test_an_event_without_its_empty_line_is_not_complete(body: bytes, *, complete: bool) -> None:
    (event,) = events(body)

    assert (event.data, event.complete) == ("a", complete)


def test_the_sentinel_is_known_with_spaces_around_it() -> None:
    done, padded, text = events(b"data: [DONE]\n\ndata:  [DONE] \n\ndata: [DONE]!\n\n")

    assert (done.is_done, padded.is_done, text.is_done) == (True, True, False)
