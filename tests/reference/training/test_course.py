"""Which lessons come when, and how fast the weights move."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

from openai_compat.reference.embedded.training.batches import batches, row
from openai_compat.reference.embedded.training.chat import WARMUP, Plan, counted, taught
from openai_compat.reference.embedded.training.course import COURSE, Stage, stage
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.lessons import SUBJECTS
from openai_compat.reference.embedded.training.vocabulary import Vocabulary

VOCABULARY = Vocabulary()


@pytest.mark.parametrize("one", COURSE)
def test_a_step_has_as_many_lessons_as_its_stage_says(one: Stage) -> None:
    """All of which have something to learn."""
    rows = taught(one, VOCABULARY, Draw("taught"))

    assert len(rows) == one.count
    assert all(any(row.taught) for row in rows)


def test_rates_rise_and_fall(tmp_path: Path) -> None:
    """Never above the whole ones, and at the end to nothing; no stage lasts no step."""
    plan = Plan(tmp_path, 1000)
    rates = [plan.rate(step) for step in range(plan.steps)]
    top = rates.index(max(rates))

    assert rates[:WARMUP] == sorted(rates[:WARMUP])
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert top < 0.5 * plan.steps
    assert 0 < rates[-1] < 0.01 < rates[top] <= 1
    assert [one for one, _ in groupby(map(plan.stage, range(plan.steps)))] == list(COURSE)


@pytest.mark.parametrize("one", COURSE)
def test_a_stage_begins_where_the_one_before_ends(one: Stage) -> None:
    """And its rates run evenly from the first to the last."""
    now, done = stage(one.until - 1e-9)

    assert now is one
    assert done == pytest.approx(1, abs=1e-6)
    assert [one.rate(0), one.rate(1)] == list(one.rates)
    assert one.rate(0.5) == pytest.approx(sum(one.rates) / 2)
    assert set(one.lessons) <= set(SUBJECTS)
    assert {subject for each in COURSE for subject in each.lessons} == set(SUBJECTS)
    with pytest.raises(ValueError, match="ends at 1"):
        stage(1.0)


def test_what_others_say_is_learned_at_first() -> None:
    """Later only what the model says itself is."""
    draw = Draw("around")
    rows = [row(SUBJECTS["call"](draw), VOCABULARY, draw) for _ in range(8)]
    own = sum(sum(one.taught) for one in rows)
    rest = sum(len(one.taught) - 1 for one in rows) - own

    def extra(around: float) -> int:
        return counted(batches(rows, Draw("which"), around)) - own

    shares = [one.around for one in COURSE]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] == 0
    assert 0.7 * rest < extra(shares[0]) / shares[0] < 1.3 * rest
    assert extra(0) == 0
