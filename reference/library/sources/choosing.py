"""Which source a text means: a model's name, an address, or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..download.address import parsed
from ..names import Name, parse
from .address import Address
from .huggingface import HOSTS, HuggingFace
from .registry import Registry
from .source import Source

SUFFIX = ".gguf"
SCHEMES = ("https://", "http://")
PAIR = 2


def local_file(text: str) -> Path | None:
    """The path of a GGUF file, where a text is one."""
    path = Path(text).expanduser()
    return path if path.suffix.lower() == SUFFIX and path.is_file() else None


def named(text: str, environment: Mapping[str, str] = os.environ) -> Source:
    """The source of a name, by its host; BadNameError where it is none."""
    name = parse(text)
    return _of(name, environment)


def chosen(
    text: str, target: str | None = None, environment: Mapping[str, str] = os.environ
) -> Source:
    """The source of a name or an address; the target is what the model shall be called.

    Raises BadNameError, and RefusedError for an address that is none.
    """
    if not text.lower().startswith(SCHEMES):
        return named(text, environment)
    url = parsed(text)
    path = url.path.strip("/")
    if url.host in HOSTS and path.count("/") == PAIR - 1:
        return named(f"{url.host}/{path}", environment)
    return Address(url, parse(target or _stem(path)), environment)


def _of(name: Name, environment: Mapping[str, str]) -> Source:
    if name.host.lower() in HOSTS:
        return HuggingFace(name, environment)
    return Registry(name, environment)


def _stem(path: str) -> str:
    last = path.rpartition("/")[2]
    return last[: -len(SUFFIX)] if last.lower().endswith(SUFFIX) else last
