"""What a run is asked to do; built from the command line or from pytest's options."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from .errors import ConfigurationError

CAPABILITIES = ("chat", "completions", "embeddings", "vision", "tools", "infill", "json")
"""What a server may honestly lack; chat and completions only where the user says so."""

_LONGEST_S = 86_400
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
"""What RFC 9110, section 5, allows and every HTTP library can send."""


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
    manage: bool = False
    """Whether the checks that make and remove models run too."""

    def __post_init__(self) -> None:
        if not _is_server(self.url):
            msg = f"not a server's URL: {self.url!r}; give one like http://localhost:11434/v1"
            raise ConfigurationError(msg)
        self._check_capabilities()
        for name, value, least in (("--jobs", self.jobs, 1), ("--fuzz", self.fuzz, 0)):
            if value < least:
                msg = f"{name} takes a whole number from {least}, not {value}"
                raise ConfigurationError(msg)
        if not 0 < self.timeout_s <= _LONGEST_S:
            msg = f"--timeout takes seconds, from above 0 to {_LONGEST_S}, not {self.timeout_s:g}"
            raise ConfigurationError(msg)
        for header, text in self.headers.items():
            if not (_HEADER.fullmatch(header) and _VALUE.fullmatch(text)):
                msg = (
                    f"--header {header!r}: neither its name nor its value may hold such characters"
                )
                raise ConfigurationError(msg)

    def _check_capabilities(self) -> None:
        for name in sorted(self.declare | self.without):
            if name not in CAPABILITIES:
                msg = f"no capability is called {name!r}; there are {', '.join(CAPABILITIES)}"
                raise ConfigurationError(msg)
        if both := self.declare & self.without:
            msg = f"{', '.join(sorted(both))}: declared and excluded at once"
            raise ConfigurationError(msg)
        if self.manage and "chat" in self.without:
            msg = "--manage: whether a model that was made works is seen by chatting with it"
            raise ConfigurationError(msg)


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an end, a port that is none
        return False


def plain_url(url: str) -> str:
    """A URL without credentials, query or trailing slash."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def api_key_for(url: str, given: str = "") -> str:
    """The key to send. The user's OpenAI key goes to OpenAI and nowhere else."""
    key = given or os.environ.get("OPENAI_CONFORMANCE_API_KEY", "")
    if not key and urlsplit(url).hostname == "api.openai.com":
        key = os.environ.get("OPENAI_API_KEY", "")
    if not _VALUE.fullmatch(key):
        msg = "the API key holds characters that no HTTP header may have"
        raise ConfigurationError(msg)
    return key or "conformance"
