"""The terminal report says once what is the same, and in full what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openai_compat.conformance.reports.as_text import render
from openai_compat.conformance.reports.findings import outcome
from openai_compat.conformance.reports.wording import headline
from openai_compat.conformance.verdict import Result, Run, Verdict

from . import samples


def run_of(*results: Result, **changes: object) -> Run:
    """The usual run with other results."""
    return replace(samples.USUAL, results=results, problems=(), **changes)  # type: ignore[arg-type]


def test_one_cause_of_everything_is_told_once() -> None:
    text = render(samples.DEAD)

    assert text.count("model runner has unexpectedly stopped") == 1
    assert "FAIL " not in text
    assert all(result.id in text for result in samples.DEAD.results)


def test_failures_beside_something_that_works_are_told_one_by_one() -> None:
    text = render(replace(samples.DEAD, results=(*samples.DEAD.results, samples.result("a.b"))))

    assert text.count("FAIL ") == len(samples.DEAD.results)


def test_levels_stand_at_the_right_end() -> None:
    lines = [line for line in render(samples.USUAL).splitlines() if line.startswith("FAIL")]

    assert {len(line) for line in lines} == {80}
    assert all(line.endswith(" MUST") for line in lines)


def test_long_evidence_says_what_is_left_out() -> None:
    text = render(run_of(samples.result("a.b", Verdict.FAIL, evidence=("x", "y", "z" * 5000))))

    assert "4,400 more characters" in text.replace("\n                ", " ")
    assert len(text.splitlines()) < 100


def test_a_huge_command_is_left_to_the_json_report() -> None:
    text = render(run_of(samples.result("a.b", Verdict.FAIL, curl="curl " + "z" * 5000)))

    assert "(5,005 characters; the JSON report has the command)" in text


def test_a_rerun_judges_the_same_model_by_the_same_profile() -> None:
    server = replace(samples.USUAL.server, chat_model="other-1")
    text = render(run_of(samples.result("a.b", Verdict.FAIL), server=server, profile="openai"))

    assert "--profile openai --model other-1" in text.replace(" \\\n                  ", " ")


def test_one_reason_for_all_skips_stands_in_the_summary() -> None:
    skip = samples.result("a.c", Verdict.SKIP, message="vision not declared")

    assert "1 passed · 0 failed · 0 warned · 2 skipped (vision not declared) · 0 errors" in render(
        run_of(samples.result("a.b"), skip, replace(skip, id="a.d"))
    )


PASS = samples.result("a.b")
FAIL = samples.result("a.c", Verdict.FAIL)
ERROR = samples.result("a.d", Verdict.ERROR)
SKIP = samples.result("a.e", Verdict.SKIP)
WARN = samples.result("a.f", Verdict.WARN)
KNOWN = replace(FAIL, known="issue 1")


@pytest.mark.parametrize(
    ("results", "expected", "words"),
    [
        ((PASS, SKIP, WARN), "conforms", "conforms to ollama"),
        ((PASS, KNOWN), "conforms", "conforms to ollama but for known failures"),
        ((PASS, FAIL, ERROR), "fails", "does not conform to ollama"),
        ((PASS, ERROR), "uncertain", "could not be judged in full"),
        ((ERROR, SKIP), "not judged", "nothing could be judged"),
        ((SKIP,), "not judged", "nothing could be judged"),
        ((), "not judged", "nothing could be judged"),
    ],
)
def test_outcome(results: tuple[Result, ...], expected: str, words: str) -> None:
    run = run_of(*results)

    assert outcome(run) == expected
    assert headline(run) == words
    assert words in render(run)


def test_an_interrupted_run_says_so() -> None:
    assert "interrupted after 1 check" in render(run_of(PASS, SKIP, interrupted=True))
