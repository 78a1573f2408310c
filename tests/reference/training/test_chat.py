"""Training of the chat model: batches, gradients, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.batches import (
    NOTHING,
    Batch,
    batches,
    row,
)
from openai_compat.reference.embedded.training.chat import (
    Chat,
    Share,
    all_right,
    counted,
    dealt,
    effort,
    optimizers,
    restore,
    save,
    study,
)
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.lessons import SUBJECTS, teach
from openai_compat.reference.embedded.training.vocabulary import EOS, Vocabulary

VOCABULARY = Vocabulary()


@pytest.fixture
def chat() -> Chat:
    """Fresh weights."""
    return Chat(VOCABULARY, seed=1, precision=torch.float32)


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
