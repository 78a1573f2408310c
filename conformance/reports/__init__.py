"""Reports: pure functions from a `Run` to text, one module a format.

Importing this package loads no writer; the first call of a format does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..verdict import Run

__all__ = ["FORMATS", "read"]


def _writer(name: str) -> Callable[[Run], str]:
    def render(run: Run) -> str:
        text: str = import_module(f".as_{name}", __name__).render(run)
        return text

    render.__doc__ = f"The {name} report of a run."
    return render


FORMATS: Mapping[str, Callable[[Run], str]] = MappingProxyType(
    {name: _writer(name) for name in ("text", "json", "junit", "markdown", "html", "badge")}
)
"""The writers by the name of their format; each takes a run and returns a whole file."""


def read(text: str) -> Run:
    """The run in a JSON report; ReportError where the report is truncated or foreign."""
    from .reader import read as read_json

    return read_json(text)
