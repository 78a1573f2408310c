"""Backends by name, from the entry points of the group ``openai_compat.backends``."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .errors import BackendError, EngineMissing

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
    """The class of a backend; imports its module, but not yet its engine."""
    for entry in entry_points(group=GROUP, name=name):
        found: type[Backend] = entry.load()
        return found
    msg = f"There is no backend named {name!r}. Registered: {', '.join(names()) or 'none'}."
    raise BackendError(msg)


def module(engine: str) -> str:
    """The import name of an engine's package."""
    return {"llama-cpp-python": "llama_cpp"}.get(engine, engine.replace("-", "_"))


def installed(name: str) -> bool:
    """Whether the engine of a backend can be imported (it is only looked for)."""
    needed = (module(backend(name).engine), "numpy", "llguidance")
    return all(find_spec(package) is not None for package in needed)


def choose(name: str = "auto") -> str:
    """The backend to use; EngineMissing, with the pip line, where it has no engine."""
    if name != "auto":
        if not installed(name):
            raise missing(name)
        return name
    for candidate in names():
        if installed(candidate):
            return candidate
    raise missing("ctransformers")


def missing(name: str) -> EngineMissing:
    """The error for a backend whose engine is not installed."""
    return EngineMissing(
        f"The engine of the backend {name!r} is not installed. Install it with: "
        f"pip install 'openai-compat[{name}]'"
    )
