"""Known failures excuse what they name, and nothing is excused for longer than needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openai_compat.conformance.errors import ConfigurationError
from openai_compat.conformance.known import KnownFailure, load, mark, parse, written
from openai_compat.conformance.verdict import Verdict

from . import samples

PASS = samples.result("chat.a.passes")
FAIL = samples.result("chat.a.fails", Verdict.FAIL, message="it fails")
WARN = samples.result("chat.a.warns", Verdict.WARN)
ERROR = samples.result("chat.b.errs", Verdict.ERROR)
SKIP = samples.result("chat.b.skipped", Verdict.SKIP)
RESULTS = (PASS, FAIL, WARN, ERROR, SKIP)


def test_reasons_come_with_or_without_a_sign() -> None:
    text = "# why\n\nchat.stream.*  # issue 12\nchat.seed\tno seed # yet\n  a.b ## c\n"

    assert parse(text) == (
        KnownFailure("chat.stream.*", "issue 12", 3),
        KnownFailure("chat.seed", "no seed # yet", 4),
        KnownFailure("a.b", "c", 5),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a.b # c\nchat.seed\n", "file, line 2: say why chat.seed fails"),
        ("chat.seed #\n", "file, line 1: say why"),
        ("chat/seed # x\n", "file, line 1: 'chat/seed' is not a check id"),
        ("a.b # x\na.b # y\n", "file, line 2: a.b stands in line 1 already"),
    ],
)
def test_a_wrong_line_is_named(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        parse(text, "file")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")

    for name in ("missing", "binary"):
        with pytest.raises(ConfigurationError, match=name):
            load(tmp_path / name)


def test_failures_and_warnings_are_marked_and_nothing_else() -> None:
    marked, problems = mark(parse("chat.* # all"), RESULTS, ())

    assert [r.known for r in marked] == [None, "all", "all", None, None]
    assert problems == ()


def test_the_first_line_that_covers_gives_the_reason() -> None:
    marked, _ = mark(parse("chat.a.fails # one\nchat.a.* # two"), RESULTS, ())

    assert [r.known for r in marked] == [None, "one", "two", None, None]


def test_a_line_whose_checks_pass_is_stale() -> None:
    _, problems = mark(parse("chat.a.passes # gone"), RESULTS, ())

    assert problems == ("known failures, line 1: chat.a.passes passes now; remove the line",)


@pytest.mark.parametrize("pattern", ["chat.b.*", "chat.b.skipped", "chat.other", "chat.*.errs"])
def test_a_line_that_was_not_judged_is_not_stale(pattern: str) -> None:
    assert mark(parse(f"{pattern} # x"), RESULTS, ["chat.other"])[1] == ()


def test_a_line_that_matches_no_check_is_unknown() -> None:
    _, problems = mark(parse("chat.typo # x"), RESULTS, ["chat.other"])

    assert problems == (
        "known failures, line 1: chat.typo is no check; see openai-conformance list",
    )


def test_a_written_file_covers_every_failure_and_keeps_reasons() -> None:
    old = replace(FAIL, id="chat.a.old", known="issue 7")
    text = written(replace(samples.USUAL, results=(*RESULTS, old)))

    assert parse(text) == (
        KnownFailure("chat.a.fails", "it fails", 3),
        KnownFailure("chat.a.old", "issue 7", 4),
    )


def test_a_strict_file_covers_warnings_too() -> None:
    text = written(replace(samples.USUAL, results=RESULTS), strict=True)

    assert [line.pattern for line in parse(text)] == ["chat.a.fails", "chat.a.warns"]


def test_a_hostile_reason_stays_a_reason() -> None:
    text = written(samples.HOSTILE)

    assert len(parse(text)) == 2
    assert all(line.isprintable() for line in text.splitlines())
    assert "password" not in text
