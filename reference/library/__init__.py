"""The model library: names, and models on disk."""

from .errors import (
    BadManifestError,
    BadNameError,
    DamagedBlobError,
    LibraryError,
    ModelfileError,
    NoSuchModelError,
    NotOursError,
    UnknownTemplateError,
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
    "ModelfileError",
    "NoSuchModelError",
    "NotOursError",
    "UnknownTemplateError",
]
