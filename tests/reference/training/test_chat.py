"""Training of the chat model: batches, gradients, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.batches import (
    GRAIN,
    KEPT,
    NOTHING,
    PADDED,
    SEEN,
    Batch,
    batches,
    repeated,
    row,
)
from openai_compat.reference.embedded.training.chat import (
    WARMUP,
    Chat,
    Plan,
    Share,
    all_right,
    counted,
    dealt,
    effort,
    optimizers,
    restore,
    save,
    study,
    taught,
)
from openai_compat.reference.embedded.training.course import COURSE, Stage, stage
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.eye import TOKENS
from openai_compat.reference.embedded.training.lesson import Talk, answer
from openai_compat.reference.embedded.training.lessons import SUBJECTS, teach
from openai_compat.reference.embedded.training.vocabulary import EOS, Vocabulary

VOCABULARY = Vocabulary()


@pytest.fixture
def chat() -> Chat:
    """Fresh weights."""
    return Chat(VOCABULARY, seed=1, precision=torch.float32)


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


def test_the_name_of_a_call_is_a_piece_of_its_own() -> None:
    """So it has the tokens that it has in the list of tools, and can be copied from there."""
    function = {"name": "get_weather", "arguments": '{"city": "Paris"}'}
    call = {"id": "call_1", "type": "function", "function": function}
    said = answer({"role": "assistant", "content": None, "tool_calls": [call]})

    assert list(said) == [
        ('<tool_call>{"name": "', True),
        ("get_weather", True),
        ('", "arguments": {"city": "Paris"}}</tool_call>', True),
    ]


@pytest.mark.parametrize("one", COURSE)
def test_a_step_has_as_many_lessons_as_its_stage_says(one: Stage) -> None:
    """All of which have something to learn."""
    rows = taught(one, VOCABULARY, Draw("taught"))

    assert len(rows) == one.count
    assert all(any(row.taught) for row in rows)


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
            pairs = [(batch, chat.scores(batch).log_softmax(-1)) for batch in made]
        return sorted(
            (int(target), round(float(scores[target]), 3))
            for batch, found in pairs
            for target, scores in zip(batch.targets, found, strict=True)
            if target != NOTHING
        )

    assert len(together) < len(alone)
    one, other = told(together), told(alone)
    assert [target for target, _ in one] == [target for target, _ in other]
    assert [value for _, value in one] == pytest.approx([value for _, value in other], abs=0.01)
    assert one[0][0] == EOS


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


def test_processes_have_equally_much_to_do() -> None:
    """And every batch is somebody's."""
    draw = Draw("dealt")
    made = list(batches([row(teach(draw), VOCABULARY, draw) for _ in range(32)], draw, around=0))
    hands = dealt(made)
    one, other = (sum(map(effort, hand)) for hand in hands)

    assert abs(one - other) <= min(map(effort, made))
    assert sorted(id(batch) for hand in hands for batch in hand) == sorted(map(id, made))


def test_processes_together_learn_what_one_would(chat: Chat) -> None:
    """The mean of their gradients is that of all lessons, whoever has how many."""
    draw = Draw("shared")
    made = list(batches([row(teach(draw), VOCABULARY, draw) for _ in range(13)], draw, around=0))

    def learned(parts: Sequence[Sequence[Batch]]) -> list[torch.Tensor]:
        found = [torch.zeros_like(one) for one in chat.parameters()]
        for part in parts:
            chat.zero_grad()
            study(chat, part, Share(counted(made) / len(parts), 13 / len(parts), again=1))
            for whole, one in zip(found, chat.parameters(), strict=True):
                if one.grad is not None:
                    whole.add_(one.grad / len(parts))
        return found

    assert len({counted(hand) for hand in dealt(made)}) > 1
    torch.testing.assert_close(learned(dealt(made)), learned([made]))


def test_telling_what_was_there_is_learned_beside_the_rest(chat: Chat) -> None:
    """As much as its share says, and in the first half of the blocks alone."""
    draw = Draw("again")
    made = list(batches([row(teach(draw), VOCABULARY, draw) for _ in range(4)], draw, around=0))

    def learned(again: float) -> dict[str, torch.Tensor]:
        chat.zero_grad()
        study(chat, made, Share(counted(made), 4, again))
        return {
            name: one.grad.clone() for name, one in chat.named_parameters() if one.grad is not None
        }

    with torch.no_grad():
        chat.again.normal_(generator=torch.Generator().manual_seed(1))
    none, one, two = map(learned, (0.0, 1.0, 2.0))
    changed = {name for name in none if not torch.allclose(none[name], one[name])}

    assert "again" in changed
    assert not none["again"].any()
    torch.testing.assert_close(two["again"], 2 * one["again"])
    blocks = {name.split(".")[2] for name in changed if name.startswith("text.blocks.")}
    assert blocks == {"0", "1", "2"}


def test_every_lesson_tells_equally_much_of_what_was_there(chat: Chat) -> None:
    """Whether it is in a batch of its own or with others."""
    draw = Draw("equally")
    one = row(SUBJECTS["copy"](draw), VOCABULARY, draw)
    together = list(batches([one, one], draw, around=0))
    alone = [batch for _ in range(2) for batch in batches([one], draw, around=0)]

    def learned(made: Sequence[Batch]) -> torch.Tensor:
        chat.zero_grad()
        study(chat, made, Share(counted(made), 2, again=1))
        assert chat.again.grad is not None
        return chat.again.grad.clone()

    assert (len(together), len(alone)) == (1, 2)
    torch.testing.assert_close(learned(together), learned(alone))


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


def test_one_wrong_token_of_any_answer_is_a_wrong_lesson(chat: Chat) -> None:
    """Also of an earlier one than the last; what fills up may be anything."""
    draw = Draw("right")
    (made,) = batches([row(SUBJECTS["which"](draw), VOCABULARY, draw)], draw, around=0)
    own = made.targets != NOTHING
    said = chat.scores(made).argmax(-1).where(own, NOTHING)

    def but(place: int) -> bool:
        other = said.clone()
        other[place] = (other[place] + 1) % len(VOCABULARY.tokens)
        return all_right(chat, replace(made, targets=other))

    assert all_right(chat, replace(made, targets=said))
    assert not but(0)
    assert not but(int(own.sum()) - 1)
    assert not own.all()


def test_a_step_makes_the_loss_smaller(chat: Chat) -> None:
    """Both optimisers move what they are for."""
    draw = Draw("step")
    rows = [row(SUBJECTS[name](draw), VOCABULARY, draw) for name in ("copy", "see", "fill")]
    muon, adam = optimizers(chat)
    losses = []
    for _ in range(4):
        made = list(batches(rows, Draw("the same"), around=0.1))
        losses.append(study(chat, made, Share(counted(made), len(rows), again=1)))
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    assert losses == sorted(losses, reverse=True)


def test_a_checkpoint_is_where_training_goes_on(chat: Chat, tmp_path: Path) -> None:
    """Weights, both optimisers and the step; without one, the eye that was trained alone."""
    draw = Draw("checkpoint")
    rows = [row(SUBJECTS["copy"](draw), VOCABULARY, draw)]
    pair = optimizers(chat)
    made = list(batches(rows, draw, around=0.1))
    study(chat, made, Share(counted(made), len(rows), again=1))
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
