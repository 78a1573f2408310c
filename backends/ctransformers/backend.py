"""ctransformers as a backend: evaluation by the engine, everything else by this package."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..base import Description, Embedding, LoadOptions, ModelFiles
from ..description import describe
from ..errors import BackendError, InputTooLongError, NotCapableError, UnknownArchitectureError
from ..gguf import check_model, read
from ..processor import flags, threads_for
from ..registry import missing
from ..sequential import CHUNK, Prompt, SequentialBackend, reusable
from ..vector import normalised
from ..vocabulary import Kind, vocabulary
from .spm import SentencePiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..sequential import Evaluation

LAST = 3
"""GGUF's number for last-token pooling, the only pooling this engine has."""


class CTransformersBackend(SequentialBackend):
    """A model loaded by ctransformers."""

    engine: ClassVar[str] = "ctransformers"

    def load(self, files: ModelFiles, options: LoadOptions) -> None:
        """Check the file, then load it."""
        self._gguf = gguf = read(files.model)
        check_model(gguf)
        self.writes_text = gguf.writes_text
        self.context_length = options.context_length or gguf.get("{arch}.context_length")
        self._threads = options.threads or threads_for(files.model)
        self._path = files.model
        self._llm = self._open()
        self._embedder: Any = None
        self._known: list[int] = []
        self.vocabulary = vocabulary(gguf, self._piece)
        self._spm: SentencePiece | None = None
        if gguf.get("tokenizer.ggml.model") == "llama":
            scores = gguf.get("tokenizer.ggml.scores") or [0.0] * len(self.vocabulary.texts)
            prefix = gguf.get("tokenizer.ggml.add_space_prefix", True)
            self._spm = SentencePiece(self.vocabulary, scores, add_space_prefix=prefix)

    def _open(self) -> Any:
        try:
            from ctransformers import LLM, Config
        except ImportError as error:
            raise missing("ctransformers") from error
        config = Config(context_length=self.context_length, batch_size=CHUNK, threads=self._threads)
        try:
            return LLM(str(self._path), config=config, lib=library())
        except RuntimeError as error:
            msg = (
                f"ctransformers cannot load this model of the architecture "
                f"{self._gguf.architecture!r} (it knows llama, falcon and a few older ones, and "
                ""
                "needs all of their tensors). Use the backend 'llamacpp', or another file."
            )
            raise UnknownArchitectureError(msg) from error

    def describe(self) -> Description:
        """What the loaded model is and can do."""
        capabilities = {"embeddings"} if self._pools() else set[str]()
        if self.writes_text:
            capabilities |= {"chat", "infill"} if self.vocabulary.infill else {"chat"}
        return describe(self._gguf, self.vocabulary, self.context_length, frozenset(capabilities))

    def _pools(self) -> bool:
        return self._gguf.get("{arch}.pooling_type", LAST) in (0, LAST)

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text, without the begin token."""
        if self._spm is not None:
            return self._spm.encode(text, special=special)
        tokens: list[int] = []
        for part in self.vocabulary.split(text, special=special):
            tokens.extend([part] if isinstance(part, int) else self._native(part))
        return tokens

    def _native(self, text: str) -> list[int]:
        """The engine's tokeniser, with room for every byte (its own wrapper has too little)."""
        data = text.replace("\0", "").encode()
        buffer = (ctypes.c_int * (len(data) + 8))()
        c_false = ctypes.c_bool(False)  # noqa: FBT003 - no begin token
        count = self._llm.ctransformers_llm_tokenize(data, c_false, buffer)
        return list(buffer[:count])

    def _piece(self, token: int) -> bytes:
        kind = self.vocabulary.kinds[token]
        if kind in (Kind.CONTROL, Kind.UNKNOWN, Kind.UNUSED):
            return b""
        if kind == Kind.USER_DEFINED:
            return self.vocabulary.texts[token].encode()
        return bytes(self._llm.ctransformers_llm_detokenize(token))

    def detokenize(self, tokens: Sequence[int]) -> bytes:
        """The bytes that tokens stand for."""
        self.vocabulary.check(tokens)
        return b"".join(map(self.vocabulary.piece, tokens))

    def evaluate(self, prompt: Prompt) -> Evaluation:
        """Evaluate a prompt chunk by chunk, then token by token."""
        tokens = prompt.tokens
        self.reused = position = 0 if prompt.scored else reusable(self._known, tokens)
        del self._known[position:]
        size = 1 if prompt.scored else CHUNK  # the engine has the logits of the last token only
        while position < len(tokens):
            if position > self.reused:
                yield None
            chunk = tokens[position : position + size]
            self._eval(self._llm, chunk, position)
            position += len(chunk)
            self._known = tokens[:position]
            if prompt.scored:
                yield logits(self._llm)[None]
        while True:
            token = yield logits(self._llm)
            self._eval(self._llm, [token], position)
            position += 1

    def _eval(self, llm: Any, tokens: Sequence[int], position: int) -> None:
        array = (ctypes.c_int * len(tokens))(*tokens)
        if not llm.ctransformers_llm_batch_eval(array, len(tokens), position, CHUNK, self._threads):
            msg = "ctransformers could not evaluate these tokens."
            raise BackendError(msg)

    def embed(self, inputs: Sequence[str | Sequence[int]]) -> list[Embedding]:
        """The normalised hidden state of each input's last token."""
        if not self._pools():
            msg = (
                "This model averages over tokens, which ctransformers cannot. "
                "Use the backend 'llamacpp'."
            )
            raise NotCapableError(msg)
        if self._embedder is None:
            self._embedder = self._open()
        documents = [self.vocabulary.document(item, self.tokenize) for item in inputs]
        for index, tokens in enumerate(documents):
            if len(tokens) > self.context_length:
                raise InputTooLongError(index, len(tokens), self.context_length)
        return [self._embed(tokens) for tokens in documents]

    def _embed(self, tokens: Sequence[int]) -> Embedding:
        for start in range(0, len(tokens), CHUNK):
            self._eval(self._embedder, tokens[start : start + CHUNK], start)
        return Embedding(normalised(self._embedder.embeddings), len(tokens))

    def close(self) -> None:
        """Free the model."""
        self._llm = self._embedder = None


def logits(llm: Any) -> NDArray[np.float32]:
    """The last token's logits (vocabulary), without a copy; valid until the next evaluation."""
    import numpy as np

    size = llm.ctransformers_llm_logits_size()
    return np.ctypeslib.as_array(llm.ctransformers_llm_logits_data(), shape=(size,))


def library() -> str | None:
    """The fastest of the engine's libraries for this processor.

    None leaves the choice to the engine, which takes a second for it.
    """
    known = flags()
    if known is None:
        return None
    if "avx2" in known:
        return "avx2"
    return "avx" if {"avx", "f16c"} <= known else "basic"
