"""What can go wrong in the model library.

::

    LibraryError
    ├── BadNameError       a text that cannot be a model's name
    ├── NoSuchModelError   a name that no layer of the library has
    └── NotOursError       a store that this program did not make, and does not write
"""

from __future__ import annotations


class LibraryError(Exception):
    """Every error of the library."""


class BadNameError(LibraryError):
    """A text that cannot be a model's name."""

    def __str__(self) -> str:
        return (
            f"{self.args[0]!r} is not a model's name. A name is model:tag or namespace/model:tag, "
            "of letters, digits, dots, dashes and underscores."
        )


class NoSuchModelError(LibraryError):
    """A name that no layer of the library has."""

    def __str__(self) -> str:
        return f"The model {self.args[0]!r} is not here. `openai-reference list` shows what is."


class NotOursError(LibraryError):
    """A store that this program did not make, and does not write."""
