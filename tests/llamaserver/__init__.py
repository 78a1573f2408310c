"""llama.cpp's own server with a tiny model of random weights: a real peer to judge."""

from .launch import LlamaServer
from .tiny_gguf import write_tiny_gguf

__all__ = ["LlamaServer", "write_tiny_gguf"]
