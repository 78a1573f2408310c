"""llama.cpp's model and contexts as Python objects; nothing here knows of requests."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import BackendError, ModelFileError, UnknownArchitectureError
from ..processor import flags
from ..registry import missing
from ..vocabulary import Kind, Vocabulary

try:
    import llama_cpp as llama
except ImportError as error:
    raise missing("llamacpp") from error

if TYPE_CHECKING:
    from numpy.typing import NDArray

WARNING = 3
"""llama.cpp's log level from which on a line may explain a failure."""

_log: list[str] = []


@llama.llama_log_callback  # type: ignore[untyped-decorator]
def collect(level: int, text: bytes, _data: Any) -> None:
    """Keep the last warnings and errors: they hold the reasons that the calls do not return."""
    if level >= WARNING:
        _log.append(text.decode("utf-8", "replace").strip())
        del _log[:-20]


def reason() -> str:
    """The engine's own words on what went wrong last."""
    lines = [line for line in _log if "error" in line.lower() or "unknown" in line.lower()]
    return lines[0].split(": ", 1)[-1] if lines else "it gave no reason"


class Model:
    """Loaded weights and vocabulary."""

    def __init__(self, path: Path, architecture: str) -> None:
        llama.llama_log_set(collect, ctypes.c_void_p(0))
        llama.llama_backend_init()
        _log.clear()
        params = llama.llama_model_default_params()
        # Tile matrices (AMX) ended the process in llama_decode for every quantised model that
        # was tried; the plain kernels of the same build do not.
        params.use_extra_bufts = "amx_tile" not in (flags() or ())
        self.pointer = llama.llama_model_load_from_file(str(path).encode(), params)
        if not self.pointer:
            why = reason()
            if "unknown model architecture" in why:
                msg = (
                    f"llama.cpp does not know the architecture {architecture!r}. A newer "
                    "llama-cpp-python may know it; else use another model."
                )
                raise UnknownArchitectureError(msg)
            msg = f"llama.cpp cannot load this file: {why}. Convert or download the model again."
            raise ModelFileError(msg)
        self.vocab = llama.llama_model_get_vocab(self.pointer)
        self.size = llama.llama_vocab_n_tokens(self.vocab)

    def tokenize(self, text: str, *, special: bool, whole: bool = False) -> list[int]:
        """Token ids of a text; of a ``whole`` one with its begin and end tokens."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (llama.llama_token * room)()
        size = len(data)
        count = llama.llama_tokenize(self.vocab, data, size, buffer, room, whole, special)
        return list(buffer[: max(count, 0)])

    def refine(self, vocabulary: Vocabulary) -> Vocabulary:
        """A vocabulary with what llama.cpp knows better than the file's metadata."""
        kinds = (Kind.CONTROL, Kind.USER_DEFINED)
        special = [token for token, kind in enumerate(vocabulary.kinds) if kind in kinds]
        ends = {token for token in special if llama.llama_vocab_is_eog(self.vocab, token)}
        add_bos = bool(llama.llama_vocab_get_add_bos(self.vocab))
        return replace(vocabulary, ends=vocabulary.ends | ends, add_bos=add_bos)

    def piece(self, token: int) -> bytes:
        """The bytes of a token; none for a control token."""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            count = llama.llama_token_to_piece(
                self.vocab,
                token,
                buffer,
                room,
                0,
                False,  # noqa: FBT003 - C has no named arguments
            )
            if count >= 0:
                return buffer.raw[:count]
            room = -count

    def free(self) -> None:
        """Give the memory back."""
        llama.llama_model_free(self.pointer)


class Context:
    """A key-value cache with one sequence, and its evaluation."""

    def __init__(
        self, model: Model, length: int, chunk: int, threads: int, **settings: Any
    ) -> None:
        params = llama.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = length, chunk, chunk
        params.n_seq_max = 1
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = 0  # faster than "auto" on processors, as measured
        params.no_perf = True
        for name, value in settings.items():
            setattr(params, name, value)
        self._model = model
        self.pointer = llama.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            msg = (
                f"llama.cpp cannot make a context of {length} tokens: {reason()}. "
                "Use a shorter context."
            )
            raise ModelFileError(msg)
        self._memory = llama.llama_get_memory(self.pointer)
        self._batch = llama.llama_batch_init(chunk, 0, 1)

    def decode(self, tokens: Sequence[int], position: int, *, outputs: bool = False) -> None:
        """Evaluate tokens; ``outputs`` asks for the result at each of them, not only the last."""
        batch = self._batch
        batch.n_tokens = len(tokens)
        for row, token in enumerate(tokens):
            batch.token[row] = token
            batch.pos[row] = position + row
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = 0
            batch.logits[row] = outputs
        batch.logits[len(tokens) - 1] = True
        status = llama.llama_decode(self.pointer, batch)
        if status:
            full, failed = "The context is full.", "llama.cpp could not evaluate these tokens."
            msg = full if status == 1 else failed
            raise BackendError(msg)

    def logits(self) -> NDArray[np.float32]:
        """The last token's logits (vocabulary), without a copy; valid until the next decode."""
        row = llama.llama_get_logits_ith(self.pointer, -1)
        return np.ctypeslib.as_array(row, shape=(self._model.size,))

    def outputs(self, count: int) -> NDArray[np.float32]:
        """The logits (count, vocabulary) of a batch decoded with ``outputs``, without a copy."""
        rows = llama.llama_get_logits(self.pointer)
        return np.ctypeslib.as_array(rows, shape=(count, self._model.size))

    def truncate(self, position: int) -> int:
        """Forget everything from a position on; where that cannot be, everything.

        Returns the position from which on there is nothing.
        """
        if self._memory is None:  # an encoder keeps nothing
            return 0
        if position and llama.llama_memory_seq_rm(self._memory, 0, position, -1):
            return position
        llama.llama_memory_clear(self._memory, True)  # noqa: FBT003 - C has no named arguments
        return 0

    def free(self) -> None:
        """Give the memory back."""
        llama.llama_batch_free(self._batch)
        llama.llama_free(self.pointer)
