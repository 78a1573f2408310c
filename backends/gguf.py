"""Reading and checking the header of a GGUF file, in plain Python.

Engines answer bad files with anything from an exception without a reason to an abort of
the whole process, so every file is checked here before native code sees it. The format:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import Any

from .errors import BadMetadataError, NotGgufError, TruncatedFileError, UnsupportedVersionError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
AGAIN = "Download or copy the file again."
LIMIT = 1 << 24
"""More keys, tensors or array elements than any real file has."""

MOST_DIMENSIONS = 4
SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
STRING, ARRAY = 8, 9

BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 36), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),
    28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""Elements and bytes of one block, by tensor type."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: where it lies, counted from the start of the data."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def size(self) -> int:
        """Bytes; 0 for a type that is not in `BLOCKS`."""
        elements, width = BLOCKS.get(self.kind, (1, 0))
        return prod(self.shape) // elements * width


@dataclass(frozen=True, slots=True)
class Gguf:
    """The header of a file."""

    version: int
    metadata: Mapping[str, Any]
    tensors: tuple[Tensor, ...]

    @property
    def writes_text(self) -> bool:
        """Whether the model writes text.

        One that sees its whole input at once, or whose file names a pooling, was made for
        embeddings only; Ollama has the same rule.
        """
        return self.get("{arch}.attention.causal", True) and not self.get("{arch}.pooling_type")

    @property
    def architecture(self) -> str:
        """The kind of model, such as ``llama`` or ``clip``."""
        return str(self.metadata.get("general.architecture", ""))

    def get(self, key: str, default: Any = None) -> Any:
        """A metadata value; ``{arch}.`` at the start stands for the architecture."""
        return self.metadata.get(key.replace("{arch}", self.architecture, 1), default)

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(prod(tensor.shape) for tensor in self.tensors)


class _Reader:
    """Reads values from an open file; every short read is a TruncatedFileError."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file

    def bytes(self, count: int) -> bytes:
        data = self._file.read(count) if count <= 1 << 30 else b""
        if len(data) != count:
            msg = f"The file ends within its header. {AGAIN}"
            raise TruncatedFileError(msg)
        return data

    def scalar(self, code: str) -> Any:
        return struct.unpack("<" + code, self.bytes(struct.calcsize("<" + code)))[0]

    def count(self, what: str) -> int:
        number: int = self.scalar("Q")
        if number > LIMIT:
            msg = f"The header claims {number} {what}, which cannot be. {AGAIN}"
            raise BadMetadataError(msg)
        return number

    def string(self) -> str:
        return self.bytes(self.count("characters of one string")).decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            inner = self.scalar("I")
            length = self.count("elements of one array")
            if inner in SCALARS:
                width = struct.calcsize("<" + SCALARS[inner])
                data = self.bytes(width * length)
                return list(struct.unpack(f"<{length}{SCALARS[inner]}", data))
            return [self.value(inner) for _ in range(length)]
        if kind not in SCALARS:
            msg = f"The header has a value of the unknown type {kind}. {AGAIN}"
            raise BadMetadataError(msg)
        return self.scalar(SCALARS[kind])


def read(path: Path) -> Gguf:
    """Read a header and check that the file is as long as it says; ModelFileError if not."""
    with path.open("rb") as file:
        reader = _Reader(file)
        if file.read(4) != MAGIC:
            msg = (
                "This is not a GGUF file. Models in other formats (safetensors, PyTorch) have "
                "to be converted to GGUF first, for example with llama.cpp's convert_hf_to_gguf.py."
            )
            raise NotGgufError(msg)
        version = reader.scalar("I")
        if version not in VERSIONS:
            msg = f"GGUF version {version} is not supported, only 2 and 3: convert the model again."
            raise UnsupportedVersionError(msg)
        n_tensors = reader.count("tensors")
        n_keys = reader.count("metadata keys")
        metadata = {reader.string(): reader.value(reader.scalar("I")) for _ in range(n_keys)}
        tensors = tuple(_tensor(reader) for _ in range(n_tensors))
        header = file.tell()
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment <= 0:
        msg = f"The metadata key general.alignment is {alignment!r}, not a positive number. {AGAIN}"
        raise BadMetadataError(msg)
    start = -(-header // alignment) * alignment
    size = path.stat().st_size
    for tensor in tensors:
        end = start + tensor.offset + tensor.size
        if end > size:
            msg = (
                f"The file is {size} bytes long, but its tensor {tensor.name!r} reaches to byte "
                f"{end}: it was not copied or downloaded to its end. {AGAIN}"
            )
            raise TruncatedFileError(msg)
    return Gguf(version, metadata, tensors)


def _tensor(reader: _Reader) -> Tensor:
    name = reader.string()
    dimensions = reader.scalar("I")
    if dimensions > MOST_DIMENSIONS:
        msg = f"The tensor {name!r} has {dimensions} dimensions, which cannot be. {AGAIN}"
        raise BadMetadataError(msg)
    shape = tuple(reader.scalar("Q") for _ in range(dimensions))
    return Tensor(name, shape, reader.scalar("I"), reader.scalar("Q"))


def check_model(gguf: Gguf) -> None:
    """Check what engines take on trust in a language model; BadMetadataError where it is wrong."""
    if not gguf.architecture:
        msg = f"The metadata key general.architecture is missing: not a model file. {AGAIN}"
        raise BadMetadataError(msg)
    for key in ("context_length", "embedding_length", "block_count"):
        number = gguf.get(f"{{arch}}.{key}")
        if not isinstance(number, int) or number <= 0:
            msg = f"The metadata key {gguf.architecture}.{key} is missing or not positive. {AGAIN}"
            raise BadMetadataError(msg)
    heads = gguf.get("{arch}.attention.head_count", 1)
    if not all(count > 0 for count in (heads if isinstance(heads, list) else [heads])):
        msg = "The metadata says 0 attention heads; the file was written wrongly: convert it again."
        raise BadMetadataError(msg)
    check_tokenizer(gguf)


def check_tokenizer(gguf: Gguf) -> None:
    """Check the vocabulary; BadMetadataError where an engine would abort on it."""
    tokens = gguf.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, list) or not tokens:
        msg = (
            "The file has no tokenizer (metadata key tokenizer.ggml.tokens). A projector or an "
            "adapter is not a model of its own; give the language model's file."
        )
        raise BadMetadataError(msg)
    if len(set(tokens)) != len(tokens):
        (twice, _), *_ = Counter(tokens).most_common(1)
        msg = (
            f"The token {twice!r} is twice in the vocabulary, which engines cannot load: "
            "convert the model again."
        )
        raise BadMetadataError(msg)
    if gguf.get("tokenizer.ggml.model") == "llama" and "<0x0A>" not in tokens:
        msg = (
            "The vocabulary lacks the byte token <0x0A> (new line), without which engines abort: "
            "convert the model again."
        )
        raise BadMetadataError(msg)
