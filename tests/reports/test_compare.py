"""A comparison shows every field, and only the verdicts that differ."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openai_compat.conformance.errors import ConfigurationError
from openai_compat.conformance.reports.compare import render
from openai_compat.conformance.reports.comparison import compare
from openai_compat.conformance.verdict import Run

from . import samples


def test_equal_runs_have_no_differing_verdict() -> None:
    comparison = compare([samples.USUAL, samples.USUAL])

    assert comparison.verdicts == ()
    assert not any(row.differs for row in comparison.support)


def test_a_check_that_one_run_lacks_is_no_difference() -> None:
    other = replace(samples.USUAL, results=samples.USUAL.results[20:])

    assert compare([samples.USUAL, other]).verdicts == ()


def test_rows_of_later_runs_stay_with_their_endpoint() -> None:
    extra = replace(samples.USUAL.support[0], name="only-here")
    other = replace(samples.USUAL, support=(*samples.USUAL.support, extra))
    endpoints = [name for name, _ in compare([samples.USUAL, other]).endpoints()]

    assert endpoints == ["chat", "completions", "models", "model", "embeddings"]


def test_many_servers_still_fit_the_page() -> None:
    lines = render([samples.USUAL] * 12).splitlines()

    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("runs", "style"), [([samples.USUAL], "junit"), ([], "text")])
def test_what_cannot_be_compared_is_refused(runs: list[Run], style: str) -> None:
    with pytest.raises(ConfigurationError, match="a comparison"):
        render(runs, style)
