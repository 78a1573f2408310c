"""What a run is asked to do; built from the command line or from pytest's options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from .errors import ConfigurationError

CAPABILITIES = ("vision", "tools", "embeddings", "infill", "json")
"""What a server may honestly lack; chat and models are always required."""


@dataclass(frozen=True, slots=True)
class Config:
    """One run. ``timeout_s`` is for one request, in seconds."""

    url: str
    profile: str = "ollama"
    model: str = ""
    embedding_model: str = ""
    vision_model: str = ""
    api_key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    jobs: int = 4
    timeout_s: float = 60.0
    fuzz: int = 10
    declare: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    probe: bool = True

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = f"not a server's URL: {self.url!r}; give one like http://localhost:11434/v1"
            raise ConfigurationError(msg)
        for name in sorted(self.declare | self.without):
            if name not in CAPABILITIES:
                msg = f"no capability is called {name!r}; there are {', '.join(CAPABILITIES)}"
                raise ConfigurationError(msg)
        if both := self.declare & self.without:
            msg = f"{', '.join(sorted(both))}: declared and excluded at once"
            raise ConfigurationError(msg)
        for name, value, least in (("--jobs", self.jobs, 1), ("--fuzz", self.fuzz, 0)):
            if value < least:
                msg = f"{name} takes a whole number from {least}, not {value}"
                raise ConfigurationError(msg)
        if self.timeout_s <= 0:
            msg = f"--timeout takes seconds above 0, not {self.timeout_s:g}"
            raise ConfigurationError(msg)


def plain_url(url: str) -> str:
    """A URL without credentials, query or trailing slash."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def api_key_for(url: str, given: str = "") -> str:
    """The key to send. The user's OpenAI key goes to OpenAI and nowhere else."""
    if given:
        return given
    if key := os.environ.get("OPENAI_CONFORMANCE_API_KEY", ""):
        return key
    if urlsplit(url).hostname == "api.openai.com":
        return os.environ.get("OPENAI_API_KEY", "") or "conformance"
    return "conformance"
