"""The vocabulary in Python gives the tokens that both engines give."""

from __future__ import annotations

import pytest

pytest.importorskip("PIL", reason="lessons have pictures, which need Pillow")

from openai_compat.backends import ModelFiles, Worker
from openai_compat.backends.gguf import read
from openai_compat.reference.embedded import models
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.lessons import teach
from openai_compat.reference.embedded.training.merging import learn
from openai_compat.reference.embedded.training.vocabulary import Vocabulary, merged

from tests.engines import ENGINES, needs


def known(name: str) -> Vocabulary:
    """The vocabulary of an embedded model, from its file."""
    tokens = read(models()[name][0]).get("tokenizer.ggml.tokens")
    return Vocabulary(tuple(tokens[len(Vocabulary().tokens) :]))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["tiny", "tiny-embed"])
def test_tokens_are_those_of_the_engines(engine: str, name: str) -> None:
    """For every text of two hundred lessons."""
    needs(engine)
    vocabulary, draw = known(name), Draw("tokens", unseen=True)
    worker = Worker(engine, ModelFiles(models()[name][0]))
    try:
        for _ in range(200):
            for text, *_ in teach(draw).pieces():
                plain = text.replace("\0", "")
                assert worker.tokenize(plain, special=True) == vocabulary.encode(plain)
    finally:
        worker.close()


def test_the_file_has_what_the_vocabulary_says() -> None:
    """Tokens, types and scores in the same order."""
    for name in ("tiny", "tiny-embed"):
        gguf, vocabulary = read(models()[name][0]), known(name)

        assert tuple(gguf.get("tokenizer.ggml.tokens")) == vocabulary.tokens
        assert tuple(gguf.get("tokenizer.ggml.token_type")) == vocabulary.kinds
        assert tuple(gguf.get("tokenizer.ggml.scores")) == pytest.approx(vocabulary.scores)
        assert len(set(vocabulary.tokens)) == len(vocabulary.tokens)


def test_merges_join_letters_only() -> None:
    """So that a word has the same tokens wherever it stands."""
    vocabulary = learn(["the theatre, the theme: 12 12 12", "the"], 3)
    parts = [vocabulary.tokens[one] for one in vocabulary.encode('the "the" 12')]

    assert vocabulary.merges[:2] == ("th", "the")
    assert parts == ["the", "▁", '"', "the", '"', "▁", "1", "2"]
    assert merged("theme", {"th": 0, "the": 1, "me": 2}) == ["the", "me"]
