"""The model library: names, and models on disk."""

from .errors import BadName, LibraryError, NoSuchModel
from .library import Library
from .model import Model

__all__ = ["BadName", "Library", "LibraryError", "Model", "NoSuchModel"]
