"""llama.cpp as a backend: evaluation by the engine, everything else by this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, cast

from ..base import Description, Embedding, Image, LoadOptions, ModelFiles, PromptPart
from ..description import describe
from ..errors import InputTooLongError
from ..gguf import check_model, read
from ..processor import threads_for
from ..sequential import CHUNK, Prompt, SequentialBackend, reusable
from ..vocabulary import vocabulary
from .embedder import Embedder
from .native import Context, Model

if TYPE_CHECKING:
    from ..sequential import Evaluation
    from .vision import Picture, Projector


@dataclass(frozen=True, slots=True)
class IllustratedPrompt(Prompt):
    """A prompt with images; ``tokens`` is its text alone, ``parts`` has everything in order."""

    parts: list[list[int] | Picture] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many tokens of the context it takes."""
        return sum(len(part) if isinstance(part, list) else part.tokens for part in self.parts)


class LlamaCppBackend(SequentialBackend):
    """A model loaded by llama.cpp."""

    engine: ClassVar[str] = "llama-cpp-python"

    def load(self, files: ModelFiles, options: LoadOptions) -> None:
        """Check the files, then load them."""
        self._gguf = gguf = read(files.model)
        check_model(gguf)
        self.writes_text = gguf.writes_text
        self.context_length = options.context_length or gguf.get("{arch}.context_length")
        self._threads = options.threads or threads_for(files.model)
        self._model = Model(files.model, gguf.architecture)
        self._context: Context | None = None
        if self.writes_text:
            self._context = Context(self._model, self.context_length, CHUNK, self._threads)
        self._embedder: Embedder | None = None
        self._projector: Projector | None = None
        if files.projector is not None:
            from .vision import Projector

            self._projector = Projector(files.projector, self._model, self._threads)
        self._known: list[int] = []
        self.vocabulary = self._model.refine(vocabulary(gguf, self._model.piece))

    def describe(self) -> Description:
        """What the loaded model is and can do."""
        capabilities = {"embeddings"}
        if self._context:
            capabilities.add("chat")
        if self._projector:
            capabilities.add("vision")
        if self._context and self.vocabulary.infill:
            capabilities.add("infill")
        return describe(self._gguf, self.vocabulary, self.context_length, frozenset(capabilities))

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text, without the begin token."""
        return self._model.tokenize(text, special=special)

    def detokenize(self, tokens: Sequence[int]) -> bytes:
        """The bytes that tokens stand for."""
        self.vocabulary.check(tokens)
        return b"".join(map(self._model.piece, tokens))

    def prepare(self, parts: Sequence[PromptPart]) -> Prompt:
        """Tokens, and images where there are any."""
        if self._projector is None or not any(isinstance(part, Image) for part in parts):
            return super().prepare(parts)
        mixed: list[list[int] | Picture] = [
            self._projector.picture(part.data)
            if isinstance(part, Image)
            else self.vocabulary.encode(part, self.tokenize)
            for part in parts
        ]
        first = mixed[0] if isinstance(mixed[0], list) else []
        begun = self.vocabulary.begin(first)
        mixed = [begun, *(mixed[1:] if isinstance(mixed[0], list) else mixed)]
        return IllustratedPrompt([], parts=mixed)

    def evaluate(self, prompt: Prompt) -> Evaluation:
        """Evaluate a prompt chunk by chunk, then token by token."""
        context = cast("Context", self._context)  # submit refuses models without one
        parts = prompt.parts if isinstance(prompt, IllustratedPrompt) else [prompt.tokens]
        fresh = prompt.scored or not prompt.tokens
        known = 0 if fresh else reusable(self._known, prompt.tokens)
        self.reused = position = context.truncate(known)
        del self._known[position:]
        skip = position
        for part in parts:
            if not isinstance(part, list):
                position = part.evaluate(context, position, CHUNK)
                yield None
                continue
            for start in range(skip, len(part), CHUNK):
                if start > skip:
                    yield None
                chunk = part[start : start + CHUNK]
                context.decode(chunk, position, outputs=prompt.scored)
                position += len(chunk)
                self._known = prompt.tokens[:position]
                if prompt.scored:
                    yield context.outputs(len(chunk))
            skip = 0
        while True:
            token = yield context.logits()
            context.decode([token], position)
            position += 1

    def embed(self, inputs: Sequence[str | Sequence[int]]) -> list[Embedding]:
        """One pooled, normalised vector for each input."""
        if self._embedder is None:
            pooling = self._gguf.get("{arch}.pooling_type")
            self._embedder = Embedder(self._model, self.context_length, self._threads, pooling)
        documents = [
            self._model.tokenize(item, special=False, whole=True)
            if isinstance(item, str)
            else self.vocabulary.document(item, self.tokenize)
            for item in inputs
        ]
        for index, tokens in enumerate(documents):
            if len(tokens) > self._embedder.length:
                raise InputTooLongError(index, len(tokens), self._embedder.length)
        return [self._embedder.embed(tokens) for tokens in documents]

    def close(self) -> None:
        """Free the model."""
        if self._projector:
            self._projector.free()
        if self._embedder:
            self._embedder.free()
        if self._context:
            self._context.free()
        self._model.free()
