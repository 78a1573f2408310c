"""What can go wrong in a backend, as one tree.

::

    BackendError                  every error of this package
    ├── EngineMissing             the engine's Python package is not installed
    ├── ModelFileError            the file cannot be served; says what to do
    │   ├── NotGguf               not a GGUF file at all
    │   ├── UnsupportedVersion    a GGUF version that no engine reads
    │   ├── TruncatedFile         shorter than its own header says
    │   ├── BadMetadata           the header contradicts itself
    │   └── UnknownArchitecture   the engine does not know this kind of model
    ├── RequestError              this request cannot be served, others can
    │   ├── PromptTooLong         prompt and context length are both named
    │   ├── BadConstraint         a schema or grammar that cannot be followed
    │   ├── BadImage              an image that cannot be decoded
    │   └── NotCapable            the model or the engine cannot do this
    └── WorkerLost                the worker process ended while it was needed

A message says what was wrong and what would be right. It names no path, so that a
server may pass it on.
"""

from __future__ import annotations


class BackendError(Exception):
    """Every error of this package."""


class EngineMissing(BackendError):
    """The engine's Python package is not installed; the message has the pip line."""


class ModelFileError(BackendError):
    """The model file cannot be served."""


class NotGguf(ModelFileError):
    """The file does not start like a GGUF file."""


class UnsupportedVersion(ModelFileError):
    """The file is GGUF of a version that the engines do not read."""


class TruncatedFile(ModelFileError):
    """The file is shorter than its own header says."""


class BadMetadata(ModelFileError):
    """The header contradicts itself, or lacks what every model needs."""


class UnknownArchitecture(ModelFileError):
    """The engine does not know this kind of model."""


class RequestError(BackendError):
    """One request cannot be served; the model goes on serving others."""


class PromptTooLong(RequestError):
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


class BadConstraint(RequestError):
    """A JSON Schema or a grammar that cannot be followed; the message has the reason."""


class BadImage(RequestError):
    """An image that is broken, too large, or of an unknown format."""


class NotCapable(RequestError):
    """The model or the engine cannot do what was asked."""


class WorkerLost(BackendError):
    """The worker process ended, by its own fault or a signal, while it was needed."""
