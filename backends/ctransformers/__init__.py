"""The backend over ctransformers 0.2.27: one request at a time, nothing to compile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backend import CTransformersBackend

__all__ = ["REQUIRES", "CTransformersBackend"]

REQUIRES = ("ctransformers", "numpy", "llguidance")
"""What has to be installed; looked for, and not imported, by the registry."""


def __getattr__(name: str) -> Any:
    """Import the engine when the class is asked for, and not before."""
    if name != "CTransformersBackend":
        raise AttributeError(name)
    from .backend import CTransformersBackend

    return CTransformersBackend
