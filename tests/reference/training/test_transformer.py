"""What is trained is what the engines compute."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.backends import (
    Finished,
    Generation,
    ModelFiles,
    Sampling,
    TextEvent,
    Tokens,
    Worker,
)
from openai_compat.reference.embedded.training.lesson import template
from openai_compat.reference.embedded.training.model_file import write_model
from openai_compat.reference.embedded.training.muon import orthogonal
from openai_compat.reference.embedded.training.transformer import Shape, Transformer
from openai_compat.reference.embedded.training.vocabulary import BOS, EOS, Vocabulary
from torch.nn import functional

from tests.engines import ENGINES, needs

TEXT = "Hello, wörld! 12 times 日本 <b> and a few more words, so that positions matter."


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(("he", "hel", "lo", "or"))


@pytest.fixture(scope="module")
def model(vocabulary: Vocabulary) -> Transformer:
    """Random weights, with norms that are not all the same, and slower turns than usual."""
    shape = Shape(len(vocabulary.tokens), 64, 3, 2, 96, 512, rope_base=1e6)
    made = Transformer(shape, seed=3)
    with torch.no_grad():
        for one in made.parameters():
            if one.ndim == 1:
                one.mul_(
                    1 + 0.2 * torch.randn(one.shape, generator=torch.Generator().manual_seed(1))
                )
            else:
                one.copy_(one.half().float())  # as the file has them
    return made


def test_products_may_be_of_half_the_precision(model: Transformer) -> None:
    """The states are nearly those of float32, and every matrix is still learned in float32."""
    ids = torch.tensor([list(range(4, 44))])
    half = Transformer(model.shape, seed=3, precision=torch.bfloat16)
    half.load_state_dict(model.state_dict())
    found = [one(one.embed(ids))[0] for one in (model, half)]
    for one in found:
        one.sin().sum().backward()
    exact, near = (
        torch.cat([p.grad.flatten() for p in one.parameters() if p.grad is not None])
        for one in (model, half)
    )

    assert [one.dtype for one in found] == [torch.float32] * 2
    assert 0 < (found[0] - found[1]).norm() / found[0].norm() < 0.02
    assert near.dtype == torch.float32
    assert functional.cosine_similarity(exact, near, dim=0) > 0.999


def test_the_middle_is_what_half_of_the_blocks_make(model: Transformer) -> None:
    """Of three blocks two: what the last one does changes nothing there."""
    ids = torch.tensor([list(range(4, 44))])
    other = Transformer(model.shape, seed=3)
    other.load_state_dict(model.state_dict())
    with torch.no_grad():
        other.blocks[2].ffn_down.zero_()
        found, same = (one(one.embed(ids)) for one in (model, other))
        other.blocks[1].ffn_down.zero_()
        _, earlier = other(other.embed(ids))

    assert torch.equal(found[1], same[1])
    assert not torch.equal(found[0], same[0])
    assert not torch.equal(found[1], earlier)


def vector(model: Transformer, ids: list[int]) -> list[float]:
    """The last token's state, of length 1."""
    with torch.no_grad():
        state = model(model.embed(torch.tensor([ids])))[0][0, -1]
    found: list[float] = (state / state.norm()).tolist()
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_states_are_those_of_the_engines(
    engine: str, model: Transformer, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    """To a cosine of 0.9999, in a file that only makes embeddings."""
    needs(engine)
    path = tmp_path / "small.gguf"
    write_model(path, "small", vocabulary, model)
    worker = Worker(engine, ModelFiles(path))
    try:
        (found,) = worker.embed([TEXT])
        described = worker.describe()
    finally:
        worker.close()
    ours = vector(model, [BOS, *vocabulary.encode(TEXT)])

    assert sum(a * b for a, b in zip(found.vector, ours, strict=True)) > 0.9999
    assert described.capabilities == {"embeddings"}
    assert described.context_length == 512


@pytest.mark.parametrize("engine", ENGINES)
def test_the_likeliest_tokens_are_those_of_the_engines(
    engine: str, model: Transformer, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    """Free-running, in a file with a chat template."""
    needs(engine)
    path = tmp_path / "small.gguf"
    write_model(path, "small", vocabulary, model, template())
    ids = [BOS, *vocabulary.encode(TEXT)]
    worker = Worker(engine, ModelFiles(path))
    generation = Generation(
        (Tokens(tuple(ids)),),
        Sampling(temperature=0, logit_bias={EOS: -100}),
        max_tokens=8,
        logprobs=1,
    )
    try:
        events = list(worker.generate(generation))
        described = worker.describe()
    finally:
        worker.close()
    found = [
        one.token for event in events if isinstance(event, TextEvent) for one in event.logprobs
    ]

    assert isinstance(events[-1], Finished)
    assert {"chat", "infill"} <= described.capabilities
    for token in found:
        with torch.no_grad():
            scores = model.scores(model(model.embed(torch.tensor([ids])))[0][0, -1])
        scores[EOS] = -1e9
        assert scores.max() - scores[token] < 0.02
        ids.append(token)


def test_orthogonal_makes_singular_values_one() -> None:
    """About one, for wide and tall matrices."""
    for shape in ((32, 96), (96, 32), (40, 40)):
        matrices = torch.randn(2, *shape, generator=torch.Generator().manual_seed(2))
        matrices[1] *= 50
        values = torch.linalg.svdvals(orthogonal(matrices))

        assert orthogonal(matrices).shape == matrices.shape
        assert values.min() > 0.4
        assert values.max() < 1.4
