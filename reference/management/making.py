"""Making models: by a Modelfile, or by what it would say as fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event
from typing import Any

import falcon

from ..errors import ApiError
from ..library import LibraryError, ModelfileError
from ..library.create import create
from ..library.instructions import Place, Word
from ..library.modelfile import Modelfile, parse
from ..library.parameters import KNOWN, BadValueError, Value, checked
from ..library.settings import ROLES, Message, Settings
from ..service import Service
from . import asked
from .telling import SUCCESS, Status, respond

NOT_HERE = {
    "files": "files cannot be sent; use the command line for a file of your own",
    "adapters": "no engine here has adapters",
    "quantize": "models are kept as they are",
}
"""Fields that ask for what is not done here, and why."""
START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Creating:
    """POST /api/create."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Make a model of one that is here, and tell when it is done."""
        given = asked.read(request)
        name = asked.text(given, "model", "name")
        stream = asked.truth(given, "stream", default=True)
        try:
            modelfile = wanted(given)
        except LibraryError as error:
            raise asked.refused(error) from error

        def work(tell: Callable[[Status], None], _left: Event) -> None:
            tell({"status": "reading model metadata"})
            try:
                made = create(self.service.library, name, modelfile, None)
            except ModelfileError as error:
                if "modelfile" in given:
                    raise
                raise LibraryError(error.message) from error  # fields have no lines
            for note in made.notes:
                tell({"status": note})
            tell(SUCCESS)

        respond(response, work, stream=stream)


def wanted(given: asked.Body) -> Modelfile:
    """What a request says; ApiError (400) where it is wrong, with the name of the field."""
    for field, why in NOT_HERE.items():
        if given.get(field):
            raise ApiError(400, f"{field!r} is not supported: {why}.", param=field)
    if given.get("modelfile") is not None:
        return parse(asked.text(given, "modelfile"))
    source = Word(asked.text(given, "from"), START)
    template = _text(given, "template")
    settings = Settings(
        parameters=_parameters(given.get("parameters") or {}),
        system=_text(given, "system"),
        messages=tuple(_messages(given.get("messages") or [])),
        template=template,
        licences=tuple(_licences(given.get("license") or [])),
    )
    return Modelfile((source,), settings, template=START if template else None)


def _text(given: asked.Body, name: str) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value or None
    raise _wrong(name, "a string")


def _wrong(name: str, right: str) -> ApiError:
    return ApiError(400, f"{name!r} must be {right}.", param=name)


def _parameters(given: Any) -> dict[str, Value]:
    if not isinstance(given, dict):
        raise _wrong("parameters", "an object")
    found: dict[str, Value] = {}
    for name, value in given.items():
        if name not in KNOWN:
            msg = f"{name!r} is not a parameter; there are {', '.join(KNOWN)}."
            raise ApiError(400, msg, param=f"parameters.{name}")
        try:
            found[name] = checked(name, value)
        except BadValueError as error:
            raise _wrong(f"parameters.{name}", str(error)) from error
    return found


def _messages(given: Any) -> Iterable[Message]:
    if not isinstance(given, list):
        raise _wrong("messages", "an array")
    for number, one in enumerate(given):
        role, content = (one.get("role"), one.get("content")) if isinstance(one, dict) else (0, 0)
        if role not in ROLES or not isinstance(content, str):
            right = f"an object with a role of {', '.join(ROLES)} and a content that is a string"
            raise _wrong(f"messages[{number}]", right)
        yield Message(role, content)


def _licences(given: Any) -> list[str]:
    texts = given if isinstance(given, list) else [given]
    if not all(isinstance(text, str) for text in texts):
        raise _wrong("license", "a string or an array of strings")
    return texts
