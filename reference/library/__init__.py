"""The model library: names, and models on disk."""

from .errors import (
    BadManifestError,
    BadNameError,
    DamagedBlobError,
    LibraryError,
    NoSuchModelError,
    NotOursError,
)
from .library import Library
from .model import Model

__all__ = [
    "BadManifestError",
    "BadNameError",
    "DamagedBlobError",
    "Library",
    "LibraryError",
    "Model",
    "NoSuchModelError",
    "NotOursError",
]
