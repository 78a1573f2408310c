"""Names of models: ``host/namespace/model:tag``, with defaults for all but the model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import BadName

HOST = "registry.ollama.ai"
NAMESPACE = "library"
TAG = "latest"

_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,349}")


@dataclass(frozen=True, slots=True)
class Name:
    """A full name; its parts are safe as names of files."""

    host: str
    namespace: str
    model: str
    tag: str

    def __str__(self) -> str:
        """As lists show it: the defaults are left out, the tag never is."""
        parts = [self.model]
        if (self.host, self.namespace) != (HOST, NAMESPACE):
            parts.insert(0, self.namespace)
        if self.host != HOST:
            parts.insert(0, self.host)
        return f"{'/'.join(parts)}:{self.tag}"


def parse(text: str) -> Name:
    """A name from what a person or a client wrote; BadName where it cannot be one."""
    path, slash, last = text.rpartition("/")
    model, colon, tag = last.partition(":")
    above = path.split("/") if slash else []
    if len(above) > 2:
        raise BadName(text)
    namespace = above[-1] if above else NAMESPACE
    host = above[0] if len(above) == 2 else HOST
    tag = tag if colon else TAG
    parts = (namespace, model, tag)
    if not all(_PART.fullmatch(part) for part in parts) or not _HOST.fullmatch(host):
        raise BadName(text)
    return Name(host, namespace, model, tag)
