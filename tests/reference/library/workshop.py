"""Where tests make models of Modelfiles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from openai_compat.reference import embedded
from openai_compat.reference.library import Library, Model, ModelfileError
from openai_compat.reference.library.create import Created, create
from openai_compat.reference.library.modelfile import parse

WEIGHTS, PROJECTOR = embedded.models()["tiny"]


@dataclass(frozen=True)
class Workshop:
    """A library of our own, and a folder with a Modelfile's files."""

    library: Library
    folder: Path

    def create(self, text: str, name: str = "new") -> Created:
        """Make a model."""
        return create(self.library, name, parse(text), self.folder)

    def refused(self, text: str, name: str = "new") -> ModelfileError:
        """The error of a Modelfile that must not make a model, and has changed nothing."""
        before = self.files()
        with pytest.raises(ModelfileError) as told:
            self.create(text, name)
        assert self.files() == before
        return told.value

    def files(self) -> set[Path]:
        """All files of the store."""
        return {path for path in self.library.own.folder.rglob("*") if path.is_file()}

    def layer(self, model: Model, kind: str) -> list[str]:
        """The texts that a model has of a kind."""
        assert model.stored is not None
        return [model.stored.text(part) for part in model.stored.manifest.all(kind)]
