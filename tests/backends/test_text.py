"""Whole characters, and stop strings across any borders."""

from __future__ import annotations

import random

import pytest
from openai_compat.backends.text import StopMatcher, Utf8


def test_an_incomplete_character_waits_for_its_end() -> None:
    """Four bytes of an emoji come one at a time; it is sent once, whole."""
    utf8 = Utf8()

    assert [utf8.feed(bytes([byte])) for byte in "é😀".encode()] == ["", "é", "", "", "", "😀"]
    assert not utf8.pending


def test_bytes_that_cannot_follow_are_refused() -> None:
    """And leave what was there before as it was."""
    utf8 = Utf8()
    first, second, third = (bytes([byte]) for byte in "日".encode())

    assert utf8.feed(first) == ""
    assert utf8.feed(b"x") is None
    assert utf8.feed(second) == ""
    assert utf8.pending
    assert utf8.feed(third) == "日"


@pytest.mark.parametrize(
    ("stops", "text", "sent", "stopped"),
    [
        (["END"], "one END two", "one ", True),
        (["END"], "one EN", "one EN", False),
        (["\n\n", "."], "a\nb. c", "a\nb", True),
        (["aab"], "aaab", "a", True),
        (["ab", "abc"], "xabc", "x", True),
        ([""], "text", "text", False),
    ],
)
def test_text_ends_before_the_first_stop_string(
    stops: list[str], text: str, sent: str, *, stopped: bool
) -> None:
    """However the text is cut, the same part of it is sent."""
    cuts = random.Random(1)
    for _ in range(20):
        matcher, got, rest = StopMatcher(stops), "", text
        while rest and not matcher.stopped:
            length = cuts.randint(1, len(rest))
            got += matcher.feed(rest[:length])
            rest = rest[length:]
        got += "" if matcher.stopped else matcher.end()

        assert (got, matcher.stopped) == (sent, stopped)


def test_only_what_may_become_a_stop_string_is_held_back() -> None:
    """Text that cannot be part of one is sent at once."""
    matcher = StopMatcher(["stop"])

    assert matcher.feed("hello s") == "hello "
    assert matcher.feed("t") == ""
    assert matcher.feed("age") == "stage"
