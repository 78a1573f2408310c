"""A JSON report is valid, comes back as the run it was made of, and is refused when damaged."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openai_compat.conformance.errors import ReportError
from openai_compat.conformance.reports import FORMATS, read
from openai_compat.conformance.reports.reader import schema
from openai_compat.conformance.reports.redact import redacted
from openai_compat.conformance.verdict import Run

from . import samples

RUNS = [samples.USUAL, samples.FLAWLESS, samples.DEAD, replace(samples.USUAL, interrupted=True)]
WHOLE = FORMATS["json"](samples.USUAL)


def changed(**values: Any) -> str:
    """The report with other values at its top."""
    return json.dumps({**json.loads(WHOLE), **values})


def without(key: str) -> str:
    """The report without one of its keys."""
    data = json.loads(WHOLE)
    del data[key]
    return json.dumps(data)


@pytest.mark.parametrize("run", RUNS)
def test_read_back_is_the_same_run(run: Run) -> None:
    assert read(FORMATS["json"](run)) == run


def test_a_hostile_run_comes_back_without_its_secrets() -> None:
    assert read(FORMATS["json"](samples.HOSTILE)) == redacted(samples.HOSTILE)


@pytest.mark.parametrize("run", [*RUNS, samples.HOSTILE])
def test_report_is_valid_against_its_schema(run: Run) -> None:
    Draft202012Validator.check_schema(schema())

    assert [*Draft202012Validator(schema()).iter_errors(json.loads(FORMATS["json"](run)))] == []


def test_complete_comes_last() -> None:
    assert [*json.loads(WHOLE)][-1] == "complete"


def test_a_cut_report_is_refused_wherever_it_was_cut() -> None:
    for end in range(0, len(WHOLE) - 2, 97):
        with pytest.raises(ReportError, match="truncated"):
            read(WHOLE[:end])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "truncated or not JSON"),
        ("<html>", "truncated or not JSON"),
        ("NaN", "NaN is not JSON"),
        ("[]", "not written by openai-conformance"),
        ('{"checks": []}', "not written by openai-conformance"),
        ("[" * 100_000, "not a whole JSON report"),
        (changed(schema_version=2), "schema_version 2"),
        (changed(complete=False), "truncated"),
        (without("complete"), "truncated"),
        (without("support"), "support"),
        (changed(extra=1), "extra"),
        (changed(requests=-1), "requests"),
        (changed(duration_s=math.inf).replace("Infinity", "1e999"), "duration_s"),
        (changed(checks=[]), "does not count its checks"),
        (WHOLE.replace('"verdict": "warn"', '"verdict": "odd"'), "odd"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(ReportError, match=says):
        read(text)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read("\ufeff" + WHOLE) == samples.USUAL
