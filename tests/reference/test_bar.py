"""What a terminal and a file see of a pull."""

from __future__ import annotations

import io
import itertools
import time

import pytest
from openai_compat.reference.bar import Display, Speed, duration, line
from openai_compat.reference.library.download import Step

DIGEST = "sha256:" + "0123456789abcdef" * 4


def step(completed: int | None, total: int | None) -> Step:
    return Step("pulling 0123456789ab", DIGEST, total, completed)


def shown(steps: list[Step], *, terminal: bool) -> str:
    out = io.StringIO()
    display = Display(out, terminal=terminal)
    for one in steps:
        display(one)
    display.end()
    return out.getvalue()


@pytest.mark.parametrize("total", [None, 0, 1, 999_999_999, 123_456_789_012])
@pytest.mark.parametrize("share", [0.0, 0.005, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("speed", [0.0, 1.0, 999_949_999.0])
def test_a_line_fits_80_columns(total: int | None, share: float, speed: float) -> None:
    completed = None if total is None else int(total * share)

    assert len(line(step(completed, total), speed)) < 80


def test_a_line_tells_bytes_speed_and_time_left() -> None:
    said = line(step(1_200_000_000, 2_000_000_000), 10_000_000)

    assert said == "pulling 0123456789ab  60% [========      ]   1.2 GB/2.0 GB  10.0 MB/s 1m20s"


def test_a_terminal_sees_one_line_change() -> None:
    """It keeps its length, so that nothing of it is left behind."""
    said = shown([Step("pulling manifest"), *(step(n, 9) for n in (0, 5, 9))], terminal=True)
    first, *drawn = said.split("\r")

    assert first == "pulling manifest\n"
    assert len(drawn) == 3
    assert {len(text.rstrip("\n")) for text in drawn} == {79}
    assert drawn[-1].endswith("\n")
    assert said.count("\n") == 2


def test_a_file_gets_few_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at the start of a content, one every ten seconds, one at its end."""
    clock = itertools.count(100.0, 1.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    said = shown([step(n, 30) for n in range(31)], terminal=False)

    assert "\r" not in said
    shares = [text.split()[2] for text in said.splitlines()]
    assert shares == ["0%", "33%", "67%", "100%"]


def test_what_follows_begins_a_line_of_its_own() -> None:
    steps = [step(1, 9), Step("It broke off. Trying again in 1 s."), step(2, 9)]
    said = shown(steps, terminal=True)

    assert "\nIt broke off. Trying again in 1 s.\n\r" in said


def test_the_speed_is_that_of_late() -> None:
    """What an earlier program fetched does not count; a stall does."""
    speed = Speed()

    assert speed.at(0.0, 5_000_000) == 0.0
    assert speed.at(1.0, 5_001_000) == 1000.0
    assert speed.at(100.0, 5_001_000) == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0s"), (59.4, "59s"), (60, "1m00s"), (3599, "59m59s"), (7500, "2h05m")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
