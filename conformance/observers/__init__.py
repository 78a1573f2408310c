"""Observers: each uses one field of a request and looks for its effect in the answers."""

from importlib import import_module

_MODULES = (
    "conversation",
    "sampling",
    "limits",
    "logprobs",
    "structured",
    "tools",
    "pictures",
    "completions",
    "embeddings",
    "accepted",
)


def load() -> None:
    """Import every module, so that its observers are registered."""
    for name in _MODULES:
        import_module(f"{__name__}.{name}")
