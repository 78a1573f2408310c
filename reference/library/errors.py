"""What can go wrong in the model library.

::

    LibraryError
    ├── BadName       a text that cannot be a model's name
    ├── NoSuchModel   a name that no layer of the library has
    └── NotOurs       a store that this program did not make, and does not write
"""

from __future__ import annotations


class LibraryError(Exception):
    """Every error of the library."""


class BadName(LibraryError):
    """A text that cannot be a model's name."""

    def __str__(self) -> str:
        return (
            f"{self.args[0]!r} is not a model's name. A name is model:tag or namespace/model:tag, "
            "of letters, digits, dots, dashes and underscores."
        )


class NoSuchModel(LibraryError):
    """A name that no layer of the library has."""

    def __str__(self) -> str:
        return f"The model {self.args[0]!r} is not here. `openai-reference list` shows what is."


class NotOurs(LibraryError):
    """A store that this program did not make, and does not write."""
