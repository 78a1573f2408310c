"""The backend over ctransformers 0.2.27: one request at a time, nothing to compile."""

from .backend import CTransformersBackend

__all__ = ["CTransformersBackend"]
