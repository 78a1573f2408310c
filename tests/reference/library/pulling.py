"""Pulling whole models in tests."""

from __future__ import annotations

from openai_compat.reference.library import Library
from openai_compat.reference.library.download import Patience
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen

from .registry import tiny

QUICK = Patience(tries=3, first=0.01, longest=0.02, asked=0.1, stall=5.0)


def pull(library: Library, text: str, target: str | None = None, **environment: str) -> bool:
    """Pull in this process."""
    source = chosen(text, target, environment)
    name = parse(target) if target else source.name
    return Pull(library.own, source, name, patience=QUICK).run()


def pulled(library: Library, name: str) -> tuple[bytes, bytes | None]:
    """The files of a model that is here."""
    files = library.find(name).files
    return files.model.read_bytes(), files.projector.read_bytes() if files.projector else None


TINY = tiny()
BOTH = (TINY["model"], TINY["projector"])
