"""The backend over llama.cpp, through the low-level API of llama-cpp-python 0.3.36."""

from .backend import LlamaCppBackend

__all__ = ["LlamaCppBackend"]
