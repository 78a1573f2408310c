"""Training of the chat model: batches, gradients, checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.batches import SEEN, batches, row
from openai_compat.reference.embedded.training.chat import (
    AROUND,
    WARMUP,
    Chat,
    Plan,
    _last_answer,
    dealt,
    optimizers,
    restore,
    save,
    study,
)
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.eye import TOKENS
from openai_compat.reference.embedded.training.lesson import Talk
from openai_compat.reference.embedded.training.lessons import SUBJECTS, teach
from openai_compat.reference.embedded.training.vocabulary import EOS, Vocabulary

VOCABULARY = Vocabulary()


@pytest.fixture
def chat() -> Chat:
    """Fresh weights."""
    return Chat(VOCABULARY, seed=1)


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
    assert _last_answer(made.taught) == len(VOCABULARY.encode(f"{said[-1]}<|im_end|>"))


def test_lessons_together_are_learned_as_alone(chat: Chat) -> None:
    """Padding and the order of lengths change nothing; neither do pictures beside texts."""
    draw = Draw("together")
    rows = [row(teach(draw), VOCABULARY, draw) for _ in range(12)]
    rows += [row(SUBJECTS["see"](draw), VOCABULARY, draw) for _ in range(2)]
    together = list(batches(rows, draw, around=0))
    alone = [batch for one in rows for batch in batches([one], draw, around=0)]

    def told(made: object) -> list[tuple[int, float]]:
        assert isinstance(made, list)
        with torch.no_grad():
            pairs = [(batch.targets, chat.scores(batch).log_softmax(-1)) for batch in made]
        return sorted(
            (int(target), round(float(scores[target]), 3))
            for targets, found in pairs
            for target, scores in zip(targets, found, strict=True)
        )

    assert len(together) < len(alone)
    one, other = told(together), told(alone)
    assert [target for target, _ in one] == [target for target, _ in other]
    assert [value for _, value in one] == pytest.approx([value for _, value in other], abs=0.01)
    assert one[0][0] == EOS


def test_processes_have_equally_much_to_do() -> None:
    """And every row is somebody's."""
    draw = Draw("dealt")
    rows = [row(teach(draw), VOCABULARY, draw) for _ in range(32)]
    hands = dealt(rows)
    one, other = (sum(len(row.ids) for row in hand) for hand in hands)

    assert abs(one - other) < max(len(row.ids) for row in rows) / 4
    assert {id(row) for hand in hands for row in hand} == set(map(id, rows))


def test_rates_rise_and_fall(tmp_path: Path) -> None:
    """To the whole, and then to nothing."""
    plan = Plan(tmp_path, 1000)
    rates = [plan.rate(step) for step in range(plan.steps)]

    assert max(rates) == rates[WARMUP - 1] == rates[WARMUP] == 1.0
    assert rates[:WARMUP] == sorted(rates[:WARMUP])
    assert rates[WARMUP:] == sorted(rates[WARMUP:], reverse=True)
    assert 0 < rates[-1] < 0.01


def test_what_others_say_is_learned_at_first(tmp_path: Path) -> None:
    """Later only what the model says itself is."""
    plan = Plan(tmp_path, 1000)
    shares = [plan.around(step) for step in range(plan.steps)]
    draw = Draw("around")
    rows = [row(SUBJECTS["call"](draw), VOCABULARY, draw) for _ in range(8)]
    own = sum(sum(one.taught) for one in rows)
    rest = sum(len(one.taught) - 1 for one in rows) - own

    def extra(step: int) -> int:
        made = batches(rows, Draw("which"), plan.around(step))
        return sum(len(batch.targets) for batch in made) - own

    assert shares[0] == AROUND
    assert shares == sorted(shares, reverse=True)
    assert 0.7 * AROUND * rest < extra(0) < 1.3 * AROUND * rest
    assert 0 < extra(150) < extra(0)
    assert extra(300) == extra(999) == 0


def test_a_step_makes_the_loss_smaller(chat: Chat) -> None:
    """Both optimisers move what they are for."""
    draw = Draw("step")
    rows = [row(SUBJECTS[name](draw), VOCABULARY, draw) for name in ("copy", "see", "fill")]
    muon, adam = optimizers(chat)
    losses = []
    for _ in range(4):
        losses.append(study(chat, rows, Draw("the same"), AROUND))
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    assert losses == sorted(losses, reverse=True)


def test_a_checkpoint_is_where_training_goes_on(chat: Chat, tmp_path: Path) -> None:
    """Weights, both optimisers and the step; without one, the eye that was trained alone."""
    draw = Draw("checkpoint")
    rows = [row(SUBJECTS["copy"](draw), VOCABULARY, draw)]
    pair = optimizers(chat)
    study(chat, rows, draw, AROUND)
    for optimizer in pair:
        optimizer.step()
    save(tmp_path, chat, *pair, 7)
    other = Chat(VOCABULARY, seed=2)
    others = optimizers(other)

    assert restore(tmp_path, other, *others) == 7
    for name, value in chat.state_dict().items():
        assert torch.equal(other.state_dict()[name], value)
    assert str(others[0].state_dict()) == str(pair[0].state_dict())
    (tmp_path / "chat.pt").unlink()
    fresh = Chat(VOCABULARY, seed=3)
    torch.save(chat.eye.state_dict(), tmp_path / "eye.pt")
    assert restore(tmp_path, fresh, *optimizers(fresh)) == 0
    assert torch.equal(fresh.eye.mm[0].weight, chat.eye.mm[0].weight)
