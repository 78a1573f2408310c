"""The checks written by hand, by subject. `conformance.fields` derives the others."""

from importlib import import_module

_MODULES = (
    "answers",
    "errors",
    "history",
    "streams",
    "pace",
    "usage",
    "tools",
    "tool_streams",
    "models",
    "manage_copies",
    "manage_creations",
    "manage_names",
    "embeddings",
    "transport",
    "concurrency",
    "pictures",
    "generated",
)


def load() -> None:
    """Import every module, so that its checks are registered."""
    for name in _MODULES:
        import_module(f"{__name__}.{name}")
