"""What can go wrong in the model library.

::

    LibraryError
    ├── BadNameError       a text that cannot be a model's name
    ├── NoSuchModelError   a name that no layer of the library has
    ├── NotOursError       a store that this program did not make, and does not write
    ├── BadManifestError   a manifest that does not say what a model is made of
    ├── DamagedBlobError   a content that is not what its name says
    ├── ModelfileError     a Modelfile that cannot be followed; says where
    └── UnknownTemplateError  a template that is of no form that is known here
"""

from __future__ import annotations


class LibraryError(Exception):
    """Every error of the library."""


class BadNameError(LibraryError):
    """A text that cannot be a model's name."""

    def __str__(self) -> str:
        return (
            f"{self.args[0]!r} is not a model's name. A name is model:tag, namespace/model:tag or "
            "host/namespace/model:tag, of letters, digits, dashes, underscores and dots (none in "
            "a namespace)."
        )


class NoSuchModelError(LibraryError):
    """A name that no layer of the library has."""

    def __str__(self) -> str:
        return f"The model {self.args[0]!r} is not here. `openai-reference list` shows what is."


class NotOursError(LibraryError):
    """A store that this program did not make, and does not write."""


class BadManifestError(LibraryError):
    """A manifest that does not say what a model is made of."""


class DamagedBlobError(LibraryError):
    """A content that is not what its name says."""


class ModelfileError(LibraryError):
    """A Modelfile that cannot be followed; ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(line, column, message)
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"Modelfile, line {self.line}, column {self.column}: {self.message}"


class UnknownTemplateError(LibraryError):
    """A template that is of no form that is known here; the message says why."""
