"""Names of models: ``host/namespace/model:tag``, with defaults for all but the model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import BadNameError

HOST = "registry.ollama.ai"
NAMESPACE = "library"
TAG = "latest"

_NAMESPACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}")
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:-]{0,349}")
"""ASCII alone, so that no letter looks like another; no part begins with a dot."""


@dataclass(frozen=True, slots=True)
class Name:
    """A full name; its parts are safe as names of files."""

    host: str
    namespace: str
    model: str
    tag: str

    @property
    def folded(self) -> tuple[str, ...]:
        """The same for all names that differ in nothing but case."""
        return tuple(map(str.lower, (self.host, self.namespace, self.model, self.tag)))

    def __str__(self) -> str:
        """As lists show it: the defaults are left out, the tag never is."""
        parts = [self.model]
        if (self.host, self.namespace) != (HOST, NAMESPACE):
            parts.insert(0, self.namespace)
        if self.host != HOST:
            parts.insert(0, self.host)
        return f"{'/'.join(parts)}:{self.tag}"


def parse(text: str) -> Name:
    """A name from what a person or a client wrote; BadNameError where it cannot be one."""
    *above, last = text.split("/")
    model, colon, tag = last.partition(":")
    tag = tag if colon else TAG
    match above:
        case []:
            host, namespace = HOST, NAMESPACE
        case [namespace]:
            host = HOST
        case [host, namespace]:
            pass
        case _:
            raise BadNameError(text)
    rules = (_HOST, _NAMESPACE, _PART, _PART)
    parts = (host, namespace, model, tag)
    if not all(rule.fullmatch(part) for rule, part in zip(rules, parts, strict=True)):
        raise BadNameError(text)
    return Name(*parts)
