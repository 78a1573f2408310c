"""Each sampling field does what OpenAI's contract says, on logits made for it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from openai_compat.backends import Sampling
from openai_compat.backends.sampling import Sampler, logprobs

LOGITS = np.array([2.0, 1.0, 0.5, -1.0], dtype=np.float32)


def draws(sampling: Sampling, count: int = 200) -> list[int]:
    """Tokens that a sampler chooses from the same logits."""
    sampler = Sampler(sampling)
    return [sampler.choose(LOGITS.copy()) for _ in range(count)]


def test_temperature_zero_takes_the_likeliest() -> None:
    """Whatever the seed."""
    assert set(draws(Sampling(temperature=0, seed=3))) == {0}


def test_draws_follow_the_distribution() -> None:
    """The shares of 20,000 draws are near the softmax."""
    chosen = draws(Sampling(seed=1), 20_000)
    shares = np.bincount(chosen, minlength=4) / len(chosen)
    expected = np.exp(LOGITS) / np.exp(LOGITS).sum()

    assert np.abs(shares - expected).max() < 0.012


def test_top_p_keeps_the_fewest_tokens_that_reach_it() -> None:
    """The first token has 0.61 and the second 0.22 of the probability."""
    assert set(draws(Sampling(seed=1, top_p=0.5))) == {0}
    assert set(draws(Sampling(seed=1, top_p=0.7))) == {0, 1}


def test_the_same_seed_gives_the_same_draws() -> None:
    """Another seed, and no seed, give others."""
    assert draws(Sampling(seed=7)) == draws(Sampling(seed=7))
    assert draws(Sampling(seed=7)) != draws(Sampling(seed=8))
    assert draws(Sampling()) != draws(Sampling())
    assert draws(Sampling(seed=-1)) == draws(Sampling(seed=-1))


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(temperature=0, presence_penalty=1.2),
        Sampling(temperature=0, frequency_penalty=1.2),
    ],
)
def test_a_penalty_moves_on_from_used_tokens(sampling: Sampling) -> None:
    """A penalty of 1.2 makes the second likeliest overtake the first after one use."""
    assert draws(sampling, 2) == [0, 1]


def test_only_the_frequency_penalty_counts_uses() -> None:
    """Three tokens used once each: presence goes back to the likeliest, and stays there."""
    assert draws(Sampling(temperature=0, presence_penalty=2), 6) == [0, 1, 2, 0, 0, 0]
    assert draws(Sampling(temperature=0, frequency_penalty=2), 6) == [0, 1, 2, 0, 1, 3]


def test_logit_bias_bans_and_forces() -> None:
    """-100 makes a token impossible, 100 makes it certain."""
    assert 0 not in draws(Sampling(seed=1, logit_bias={0: -100}))
    assert set(draws(Sampling(seed=1, logit_bias={3: 100, 99: 5}))) == {3}


def test_logprobs_are_of_the_softmax_and_sorted() -> None:
    """The alternatives include the chosen token where it is among the likeliest."""
    entry = logprobs(LOGITS, 1, 2, lambda token: bytes([65 + token]))
    total = math.log(sum(math.exp(value) for value in LOGITS))

    assert entry.piece == b"B"
    assert entry.logprob == pytest.approx(1.0 - total, abs=1e-6)
    assert [top.token for top in entry.top] == [0, 1]
