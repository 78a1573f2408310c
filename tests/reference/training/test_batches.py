"""Lessons as rows, and rows as batches."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.batches import (
    GRAIN,
    KEPT,
    NOTHING,
    PADDED,
    SEEN,
    batches,
    repeated,
    row,
)
from openai_compat.reference.embedded.training.chat import counted
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.eye import TOKENS
from openai_compat.reference.embedded.training.lesson import Talk
from openai_compat.reference.embedded.training.lessons import SUBJECTS, teach
from openai_compat.reference.embedded.training.vocabulary import Vocabulary

VOCABULARY = Vocabulary()


def test_a_row_has_places_for_its_picture() -> None:
    """As many as the eye makes; every answer is taught, and ends with the end token."""
    draw = Draw("row")
    lesson = SUBJECTS["see"](draw)
    made = row(lesson, VOCABULARY, draw)
    taught = [token for token, own in zip(made.ids, made.taught, strict=True) if own]
    assert isinstance(lesson, Talk)

    assert made.ids.count(SEEN) == TOKENS
    assert len(made.pictures) == 1
    said = [one["content"] for one in lesson.messages if one["role"] == "assistant"]
    assert taught == [id_ for text in said for id_ in VOCABULARY.encode(f"{text}<|im_end|>")]


def test_batches_are_of_few_sizes() -> None:
    """Whatever lessons there are; from what fills them up there is nothing to learn."""
    draw = Draw("sizes")
    rows = [row(teach(draw), VOCABULARY, draw) for _ in range(60)]
    made = list(batches(rows, draw, around=0))

    assert len({len(one.ids) for one in rows}) > 30
    assert {batch.ids.shape[1] % GRAIN for batch in made} == {0}
    assert {len(batch.keep) % KEPT for batch in made} == {0}
    assert all(batch.ids.numel() <= PADDED or len(batch.ids) == 1 for batch in made)
    assert counted(made) == sum(sum(one.taught) for one in rows)


def test_a_token_is_there_again_alone_or_with_the_one_before() -> None:
    """A picture is neither told nor counted as a token before."""
    assert repeated([5, 6, 7, 6, 7, 7]) == [(0, 0), (0, 0), (0, 0), (1, 0), (1, 1), (1, 0)]
    draw = Draw("pictured")
    one = row(SUBJECTS["see"](draw), VOCABULARY, draw)
    (made,) = batches([one], draw, around=0)
    told = made.again[0] != NOTHING

    assert told[:, 0].sum() == len(one.ids) - TOKENS
    assert torch.equal(told[:, 0], told[:, 1])
    assert not told[made.ids[0] == SEEN].any()
