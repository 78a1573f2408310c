"""Where a model may be pulled from: a registry, Hugging Face, or the address of a file."""

from .choosing import chosen, local_file, named
from .source import Offer, Piece, Source

__all__ = ["Offer", "Piece", "Source", "chosen", "local_file", "named"]
