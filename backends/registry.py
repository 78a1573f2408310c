"""Backends by name, from the entry points of the group ``openai_compat.backends``."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .errors import BackendError, EngineMissingError

if TYPE_CHECKING:
    from .base import Backend

GROUP = "openai_compat.backends"
PREFERENCE = ("llamacpp", "ctransformers")
"""The order in which ``auto`` looks for an engine; others follow by name."""


def names() -> list[str]:
    """Every registered backend, the preferred first."""
    known = {entry.name for entry in entry_points(group=GROUP)}
    return [name for name in PREFERENCE if name in known] + sorted(known - set(PREFERENCE))


def backend(name: str) -> type[Backend]:
    """The class of a backend; imports its engine."""
    for entry in entry_points(group=GROUP, name=name):
        found: type[Backend] = entry.load()
        return found
    raise unknown(name)


def installed(name: str) -> bool:
    """Whether what a backend says it requires can be imported; it is only looked for."""
    return all(
        find_spec(package) is not None
        for entry in entry_points(group=GROUP, name=name)
        for package in getattr(import_module(entry.module), "REQUIRES", ())
    )


def choose(name: str = "auto") -> str:
    """The backend to use; EngineMissingError, with the pip line, where it has no engine."""
    if name != "auto":
        if name not in names():
            raise unknown(name)
        if not installed(name):
            raise missing(name)
        return name
    for candidate in names():
        if installed(candidate):
            return candidate
    raise missing("ctransformers")


def unknown(name: str) -> BackendError:
    """The error for a name that nobody has registered."""
    known = ", ".join(names()) or "none"
    return BackendError(f"There is no backend named {name!r}. Registered: {known}.")


def missing(name: str) -> EngineMissingError:
    """The error for a backend whose engine is not installed."""
    return EngineMissingError(
        f"The engine of the backend {name!r} is not installed. Install it with: "
        f"pip install 'openai-compat[{name}]'"
    )
