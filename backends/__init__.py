"""How text is made: one interface over llama.cpp and ctransformers. No HTTP, no OpenAI shapes."""

from .base import (
    Backend,
    Constraint,
    Description,
    Embedding,
    Event,
    Failed,
    Finished,
    Generation,
    Image,
    Infill,
    LoadOptions,
    ModelFiles,
    Sampling,
    Text,
    TextEvent,
    TokenLogprob,
    Tokens,
    Usage,
)
from .errors import BackendError
from .worker import Worker

__all__ = [
    "Backend",
    "BackendError",
    "Constraint",
    "Description",
    "Embedding",
    "Event",
    "Failed",
    "Finished",
    "Generation",
    "Image",
    "Infill",
    "LoadOptions",
    "ModelFiles",
    "Sampling",
    "Text",
    "TextEvent",
    "TokenLogprob",
    "Tokens",
    "Usage",
    "Worker",
]
