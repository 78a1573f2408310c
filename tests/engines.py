"""Which engines there are, and what a test does where one is not installed."""

from __future__ import annotations

import os

import pytest
from openai_compat.backends.registry import installed

ENGINES = ("ctransformers", "llamacpp")
"""The names of the backends that the tests run on."""

_REQUIRED = os.environ.get("OPENAI_COMPAT_ENGINES") == "required"
"""Set by tox, which installs every engine: there a skipped test would hide a missing one."""


def needs(engine: str) -> None:
    """Skip the test where an engine is not installed; it is looked for and not imported."""
    if not installed(engine):
        say = pytest.fail if _REQUIRED else pytest.skip
        say(f"the engine of {engine} is not installed")
