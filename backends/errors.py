"""What can go wrong in a backend, as one tree.

::

    BackendError                    every error of this package
    ├── EngineMissingError          the engine's Python package is not installed
    ├── ModelFileError              the file cannot be served; says what to do
    │   ├── NotGgufError            not a GGUF file at all
    │   ├── UnsupportedVersionError a GGUF version that no engine reads
    │   ├── TruncatedFileError      shorter than its own header says
    │   ├── BadMetadataError        the header contradicts itself
    │   └── UnknownArchitectureError  the engine does not know this kind of model
    ├── RequestError                this request cannot be served, others can
    │   ├── PromptTooLongError      prompt and context length are both named
    │   ├── InputTooLongError       the same for one of several texts to embed
    │   ├── BadConstraintError      a schema or grammar that cannot be followed
    │   ├── BadImageError           an image that cannot be decoded
    │   └── NotCapableError         the model or the engine cannot do this
    └── WorkerLostError             the worker process ended while it was needed

A message says what was wrong and what would be right. It names no path, so that a
server may pass it on.
"""

from __future__ import annotations


class BackendError(Exception):
    """Every error of this package."""


class EngineMissingError(BackendError):
    """The engine's Python package is not installed; the message has the pip line."""


class ModelFileError(BackendError):
    """The model file cannot be served."""


class NotGgufError(ModelFileError):
    """The file does not start like a GGUF file."""


class UnsupportedVersionError(ModelFileError):
    """The file is GGUF of a version that the engines do not read."""


class TruncatedFileError(ModelFileError):
    """The file is shorter than its own header says."""


class BadMetadataError(ModelFileError):
    """The header contradicts itself, or lacks what every model needs."""


class UnknownArchitectureError(ModelFileError):
    """The engine does not know this kind of model."""


class RequestError(BackendError):
    """One request cannot be served; the model goes on serving others."""


class PromptTooLongError(RequestError):
    """The prompt does not leave room for one token of answer."""

    def __init__(self, prompt_tokens: int, context_length: int) -> None:
        super().__init__(prompt_tokens, context_length)
        self.prompt_tokens = prompt_tokens
        self.context_length = context_length

    def __str__(self) -> str:
        return (
            f"The prompt is {self.prompt_tokens} tokens long, and this model's context holds "
            f"{self.context_length} tokens, the answer included. Send a shorter prompt."
        )


class InputTooLongError(RequestError):
    """A text to embed is longer than the model takes; ``index`` is its place among the inputs."""

    def __init__(self, index: int, tokens: int, limit: int) -> None:
        super().__init__(index, tokens, limit)
        self.index = index

    def __str__(self) -> str:
        index, tokens, limit = self.args
        return (
            f"The input at index {index} is {tokens} tokens long, and this model takes {limit} at "
            "most. Send shorter inputs."
        )


class BadConstraintError(RequestError):
    """A JSON Schema or a grammar that cannot be followed; the message has the reason."""


class BadImageError(RequestError):
    """An image that is broken, too large, or of an unknown format."""


class NotCapableError(RequestError):
    """The model or the engine cannot do what was asked."""


class WorkerLostError(BackendError):
    """The worker process ended, by its own fault or a signal, while it was needed."""
