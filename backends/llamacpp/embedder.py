"""Embeddings by llama.cpp: a second context over the same weights, with pooling."""

from __future__ import annotations

from collections.abc import Sequence

import llama_cpp as llama

from ..base import Embedding
from ..vector import normalised
from .native import Context, Model

LAST = 3
"""Pooling where the file names none: the last token's state, which every engine has."""
LONGEST = 2048
"""Tokens of one input: pooling needs all of them in one evaluation, which takes memory."""


class Embedder:
    """Turns token lists into vectors."""

    def __init__(
        self, model: Model, context_length: int, threads: int, pooling: int | None
    ) -> None:
        self.length = min(context_length, LONGEST)
        self._width = llama.llama_model_n_embd_out(model.pointer)
        settings = {"embeddings": True, "pooling_type": pooling or LAST}
        self._context = Context(model, self.length, self.length, threads, **settings)

    def embed(self, tokens: Sequence[int]) -> Embedding:
        """The vector of one document."""
        self._context.truncate(0)
        self._context.decode(tokens, 0, outputs=True)
        row = llama.llama_get_embeddings_seq(self._context.pointer, 0)
        return Embedding(normalised(row[: self._width]), len(tokens))

    def free(self) -> None:
        """Give the memory back."""
        self._context.free()
