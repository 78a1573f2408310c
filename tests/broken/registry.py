"""What a broken server is: a correct one that is wrong in one way, and the checks that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from tests.scripted import Scripted


@dataclass(frozen=True)
class Broken:
    """One broken server. ``breaks`` holds the ids of all checks that fail or warn."""

    server: type[Scripted]
    breaks: frozenset[str]
    profile: str = "openai"
    defect: str = ""
    """The id in ``defects.yaml`` of the real defect that it simulates."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Options of the run, where the server cannot be judged without them."""

    @property
    def name(self) -> str:
        """The name of its class."""
        return self.server.__name__


_known: dict[str, Broken] = {}


def broken(
    *breaks: str, profile: str = "openai", defect: str = "", **config: Any
) -> Callable[[type[Scripted]], type[Scripted]]:
    """Register a broken server: which checks fail on it, under which profile, what it simulates.

    ``breaks`` are ids separated by spaces, with ``{a,b}`` for alternatives.
    """
    ids = frozenset(name for words in breaks for word in words.split() for name in expand(word))

    def register(server: type[Scripted]) -> type[Scripted]:
        one = Broken(server, ids, profile, defect, config)
        if one.name in _known:
            msg = f"two broken servers are called {one.name}"
            raise ValueError(msg)
        _known[one.name] = one
        return server

    return register


def expand(word: str) -> list[str]:
    """The words that ``a.{b,c}.d`` stands for: ``a.b.d`` and ``a.c.d``."""
    head, brace, rest = word.partition("{")
    if not brace:
        return [word]
    inside, _, tail = rest.partition("}")
    return [f"{head}{one}{end}" for one in inside.split(",") for end in expand(tail)]


def every() -> tuple[Broken, ...]:
    """Every broken server that a module of this package defines."""
    for module in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{__package__}.{module.name}")
    return tuple(_known.values())


def made(
    name: str, doc: str, body: Mapping[str, Any], bases: Iterable[type[Scripted]] = (Scripted,)
) -> type[Scripted]:
    """A subclass for a table of servers that differ in a word."""
    return type(name, tuple(bases), {"__doc__": doc, "__module__": __name__, **body})
