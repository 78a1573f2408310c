"""Wrapped text keeps to its width and loses nothing."""

from __future__ import annotations

import random

import pytest
from openai_compat.conformance.reports.printable import (
    clipped,
    columns,
    evidence_lines,
    printable,
    wrapped,
)

ALPHABET = "abcdefgh   ,:{}éa\u0301界🙂\u202e\x1b\n"


@pytest.mark.parametrize("seed", range(100))
def test_wrapped_lines_fit_and_hold_everything(seed: int) -> None:
    rng = random.Random(seed)
    text = printable("".join(rng.choices(ALPHABET, k=rng.randrange(400))))
    width = rng.randrange(2, 100)

    lines = wrapped(text, width)

    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(clipped(line, 7)) <= 7 for line in lines)


def test_spaces_between_words_are_kept() -> None:
    assert wrapped("a   b  c", 6) == ["a   b", "c"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 界", "plain é 界"),
        ("\x1b[31m\r\n\t\0\x7f\x9b", "\\x1b[31m\\r\\n\\t\\0\\x7f\\x9b"),
        ("\u202e\u2028\ufeff\ud800\U000e0001", "\\u202e\\u2028\\ufeff\\ud800\\U000e0001"),
        ("a\xa0b", "a b"),
        ("a" + "\u0301" * 5, "a" + "\u0301" * 3 + "\\u0301" * 2),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_evidence_says_how_much_is_missing() -> None:
    assert evidence_lines("\n".join("abcdefghij"), 100, most=4) == [
        "a",
        "b",
        "… 7 more lines …",
        "j",
    ]
    assert evidence_lines("x" * 90, 50) == ["x" * 50 + "… 40 more characters"]
