"""What the chat model's heads look at before anything is learned."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.chat import Chat
from openai_compat.reference.embedded.training.vocabulary import BOS, Vocabulary
from torch import Tensor
from torch.nn import functional

VOCABULARY = Vocabulary()
LISTED, ABSENT = "qzkmwxjb", "ygvhpfdl"
LIST = [BOS, *VOCABULARY.encode("\n".join(LISTED))]
IDS = [*LIST, *VOCABULARY.encode(f" 1234567890 {LISTED}{ABSENT}")]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """Where the heads of each block look: weights (heads, places, places)."""
    text = Chat(VOCABULARY, seed=1, precision=torch.float32).text
    found: list[Tensor] = []

    def looking(q: Tensor, k: Tensor, v: Tensor, *, is_causal: bool) -> Tensor:
        assert is_causal
        later = torch.ones(len(IDS), len(IDS)).triu(1).bool()
        scores = q @ k.mT / q.shape[-1] ** 0.5
        found.append(scores.masked_fill(later, -torch.inf).softmax(-1)[0])
        return found[-1] @ v

    monkeypatch.setattr(functional, "scaled_dot_product_attention", looking)
    with torch.no_grad():
        text(text.embed(torch.tensor([IDS])))
    return found


def test_two_heads_of_the_first_block_look_back(looks: list[Tensor]) -> None:
    """At the token before, more than anywhere else; the others do not."""
    place = torch.arange(2, len(IDS))
    before = looks[0][:, place, place - 1].mean(-1)

    assert before[:2].min() > 0.5
    assert before[2:].max() < 0.3


@pytest.mark.parametrize("block", [1, 2])
def test_two_heads_of_the_next_blocks_see_what_was_there_before(
    looks: list[Tensor], block: int
) -> None:
    """At the same token earlier, and at the beginning of the text if there is none."""
    asked = [IDS.index(VOCABULARY.id(one), len(LIST)) for one in LISTED]
    there = [IDS.index(VOCABULARY.id(one)) for one in LISTED]
    absent = [IDS.index(VOCABULARY.id(one)) for one in ABSENT]
    same = looks[block][:, asked, there].mean(-1)
    nowhere, wrongly = (looks[block][:, some, 0].mean(-1) for some in (absent, asked))

    assert same[:2].min() > 5 * same[2:].max()
    assert nowhere[:2].min() > 0.6
    assert nowhere[2:].max() < 0.2
    assert (nowhere > wrongly)[:2].all()


def test_heads_begin_alike_whatever_the_seed() -> None:
    """All else is random."""
    one, other = (Chat(VOCABULARY, seed, torch.float32).text for seed in (1, 2))
    size = one.shape.head

    assert torch.equal(one.blocks[1].attn_q[: 2 * size], other.blocks[1].attn_q[: 2 * size])
    assert not torch.equal(one.blocks[1].attn_q[2 * size :], other.blocks[1].attn_q[2 * size :])
