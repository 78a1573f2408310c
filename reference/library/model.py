"""A model of the library."""

from __future__ import annotations

from dataclasses import dataclass

from ...backends import ModelFiles
from .names import NAMESPACE, Name


@dataclass(frozen=True, slots=True)
class Model:
    """Its name, its files and when it was last modified (Unix seconds)."""

    name: Name
    files: ModelFiles
    modified: int

    @property
    def owner(self) -> str:
        """The user whose model it is, ``library`` by default."""
        return self.name.namespace or NAMESPACE
