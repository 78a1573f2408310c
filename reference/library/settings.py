"""What a model brings beside its weights: parameters, messages, a template, licences.

A store keeps each kind in a content of its own: the parameters and the messages as JSON, the
others as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .blobs import Blobs
from .errors import DamagedBlobError
from .manifest import LICENSE, MESSAGES, PARAMS, SYSTEM, TEMPLATE, Manifest, Part
from .parameters import KNOWN, BadValueError, Parameters, Value, checked

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that every conversation with the model has before its own."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a Modelfile sets. An empty system message or template is none."""

    parameters: Parameters = field(default_factory=dict)
    """Those of `openai_compat.reference.library.parameters.KNOWN`."""
    system: str | None = None
    messages: tuple[Message, ...] = ()
    template: str | None = None
    """As it was written: a Go template."""
    licences: tuple[str, ...] = ()

    def merged(self, over: Settings) -> Settings:
        """These settings under others, which win; licences add up."""
        new = tuple(text for text in over.licences if text not in self.licences)
        return replace(
            self,
            parameters={**self.parameters, **over.parameters},
            system=self.system if over.system is None else over.system,
            messages=over.messages or self.messages,
            template=self.template if over.template is None else over.template,
            licences=self.licences + new,
        )


def keep(blobs: Blobs, settings: Settings) -> tuple[Part, ...]:
    """Put settings into a store; the parts of a manifest that name them."""
    parts = []
    for kind, text in _texts(settings):
        content = text.encode()
        parts.append(Part(kind, blobs.put(content), len(content)))
    return tuple(parts)


def _texts(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.template:
        yield TEMPLATE, settings.template
    if settings.system:
        yield SYSTEM, settings.system
    if settings.parameters:
        yield PARAMS, json.dumps(dict(settings.parameters), ensure_ascii=False)
    if settings.messages:
        said = [{"role": one.role, "content": one.content} for one in settings.messages]
        yield MESSAGES, json.dumps(said, ensure_ascii=False)
    for text in settings.licences:
        yield LICENSE, text


def read(manifest: Manifest, text_of: Callable[[Part], str]) -> Settings:
    """The settings of a stored model; DamagedBlobError where they are not what they should be."""

    def texts(kind: str) -> list[str]:
        return [text_of(part) for part in manifest.all(kind)]

    return Settings(
        parameters=dict(
            pair for text in texts(PARAMS) for pair in _parameters(_json(text, dict)).items()
        ),
        system=next(iter(texts(SYSTEM)), None),
        messages=tuple(one for text in texts(MESSAGES) for one in _messages(_json(text, list))),
        template=next(iter(texts(TEMPLATE)), None),
        licences=tuple(texts(LICENSE)),
    )


def _damaged(what: str) -> DamagedBlobError:
    return DamagedBlobError(f"The {what} of the model are damaged: pull or create it again.")


def _json(text: str, kind: type[Any]) -> Any:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise _damaged("settings") from error
    if not isinstance(found, kind):
        raise _damaged("settings")
    return found


def _parameters(found: dict[str, Any]) -> dict[str, Value]:
    """The known ones; what another program knows beside them has no meaning here."""
    made: dict[str, Value] = {}
    for name, value in found.items():
        if name not in KNOWN or value in (None, []):
            continue
        try:
            made[name] = checked(name, value)
        except BadValueError as error:
            msg = f"The model has {value!r} for its parameter {name}; it should be {error}."
            raise DamagedBlobError(msg) from error
    return made


def _messages(found: list[Any]) -> Iterator[Message]:
    for one in found:
        role, content = (one.get("role"), one.get("content")) if isinstance(one, dict) else (0, 0)
        if role not in ROLES or not isinstance(content, str):
            raise _damaged("messages")
        yield Message(role, content)
