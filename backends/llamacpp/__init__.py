"""The backend over llama.cpp, through the low-level API of llama-cpp-python 0.3.36."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backend import LlamaCppBackend

__all__ = ["REQUIRES", "LlamaCppBackend"]

REQUIRES = ("llama_cpp", "numpy", "llguidance")
"""What has to be installed; looked for, and not imported, by the registry."""


def __getattr__(name: str) -> Any:
    """Import the engine when the class is asked for, and not before."""
    if name != "LlamaCppBackend":
        raise AttributeError(name)
    from .backend import LlamaCppBackend

    return LlamaCppBackend
