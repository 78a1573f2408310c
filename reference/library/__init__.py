"""The model library: names, and models on disk."""

from .errors import BadNameError, LibraryError, NoSuchModelError, NotOursError
from .library import Library
from .model import Model

__all__ = ["BadNameError", "Library", "LibraryError", "Model", "NoSuchModelError", "NotOursError"]
