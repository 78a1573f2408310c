"""The pytest plugin: every check is an item, so that -k, --lf, --pdb and --junitxml work.

In a project of your own: ``pytest --openai-url http://localhost:11434/v1``. Until that option
is used nothing of this package is imported.
"""

from __future__ import annotations

import pytest

_OPTIONS = (
    (
        "--openai-profile",
        {"default": "ollama", "help": "what the server documents: ollama, openai or a file"},
    ),
    (
        "--openai-model",
        {"default": "", "help": "the model that chats (default: the first that answers)"},
    ),
    ("--openai-embedding-model", {"default": "", "help": "the model that embeds"}),
    ("--openai-vision-model", {"default": "", "help": "the model that sees"}),
    ("--openai-api-key", {"default": "", "help": "default: $OPENAI_CONFORMANCE_API_KEY"}),
    ("--openai-jobs", {"default": 4, "type": int, "help": "checks that run at the same time"}),
    ("--openai-timeout", {"default": 60.0, "type": float, "help": "seconds a request may take"}),
    ("--openai-fuzz", {"default": 10, "type": int, "help": "generated requests an operation"}),
    ("--openai-manage", {"action": "store_true", "help": "make and remove models conformance-*"}),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    group = parser.getgroup("openai-conformance", "judge an OpenAI-compatible server")
    group.addoption("--openai-url", default="", help="base URL of the server to judge")
    for name, options in _OPTIONS:
        group.addoption(name, **options)


def pytest_configure(config: pytest.Config) -> None:
    """Take part only where there is a server to judge."""
    if not config.getoption("openai_url"):
        return
    from .config import Config
    from .items import Checks

    def option(name: str) -> object:
        return config.getoption(f"openai_{name}")

    wanted = {
        name: option(name)
        for name in (
            "url",
            "profile",
            "model",
            "embedding_model",
            "vision_model",
            "api_key",
            "jobs",
            "fuzz",
            "manage",
        )
    }
    try:
        asked = Config(**wanted, timeout_s=option("timeout"))  # type: ignore[arg-type]
    except Exception as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(Checks(asked), "openai-conformance-checks")
