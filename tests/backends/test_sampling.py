"""Each sampling field does what OpenAI's contract says, on logits made for it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from openai_compat.backends import Sampling
from openai_compat.backends.sampling import Sampler, lessen, logprobs

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


def test_top_k_keeps_the_likeliest_tokens() -> None:
    """0 and -1 keep all, and so does a number that is larger than the vocabulary."""
    assert set(draws(Sampling(seed=1, top_k=1))) == {0}
    assert set(draws(Sampling(seed=1, top_k=2))) == {0, 1}
    for everything in (0, -1, 4, 1000):
        assert draws(Sampling(seed=1, top_k=everything)) == draws(Sampling(seed=1))


def test_min_p_is_a_part_of_the_likeliest_tokens_probability() -> None:
    """The second token has 0.37 of it, the third 0.22."""
    assert set(draws(Sampling(seed=1, min_p=1))) == {0}
    assert set(draws(Sampling(seed=1, min_p=0.36))) == {0, 1}
    assert set(draws(Sampling(seed=1, min_p=0.38))) == {0}
    assert set(draws(Sampling(seed=1, min_p=0.2))) == {0, 1, 2}


def test_typical_p_keeps_what_surprises_as_usual() -> None:
    """The surprises are 0.51, 1.51, 2.01 and 3.51, and 1.02 is expected.

    So the second token comes before the first.
    """
    assert set(draws(Sampling(seed=1, typical_p=0.2))) == {1}
    assert set(draws(Sampling(seed=1, typical_p=0.3))) == {0, 1}
    assert set(draws(Sampling(seed=1, typical_p=0.9))) == {0, 1, 2}
    assert 3 not in draws(Sampling(seed=1, typical_p=0.9, logit_bias={3: -100}))


def test_a_banned_token_stays_banned() -> None:
    """Whatever else is kept."""
    banned = Sampling(seed=1, logit_bias={0: -100})
    for sampling in (
        replace(banned, top_k=4),
        replace(banned, min_p=0.001),
        replace(banned, typical_p=0.999),
    ):
        assert 0 not in draws(sampling)


def test_a_penalty_for_repeating_is_a_factor() -> None:
    """2.0 becomes 1.0, and -1.0 becomes -2.0; it is given once, however often a token was used."""
    lessened = LOGITS.copy()
    lessen(lessened, {0, 3}, 2)

    assert lessened.tolist() == [1.0, 1.0, 0.5, -2.0]
    assert draws(Sampling(temperature=0, repeat_penalty=3), 4) == [0, 1, 0, 0]


def test_a_penalty_for_repeating_looks_back() -> None:
    """At the prompt, too; no farther than it should."""

    def first(back: int) -> int:
        sampling = Sampling(temperature=0, repeat_penalty=5, repeat_last_n=back)
        return Sampler(sampling, (0, 2, 2)).choose(LOGITS.copy())

    assert [first(back) for back in (64, -1, 3)] == [1, 1, 1]
    assert [first(back) for back in (2, 0)] == [0, 0]
    assert draws(Sampling(temperature=0, repeat_penalty=5, repeat_last_n=1), 4) == [0, 1, 0, 1]


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
