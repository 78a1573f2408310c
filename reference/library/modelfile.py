"""Modelfiles: what a model is made from and how it is set up, as a text that people write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .errors import LibraryError
from .instructions import Instruction, Place, Word, decoded, guess, instructions, written
from .model import Model
from .parameters import KNOWN, STOP, BadValueError, Value
from .settings import ROLES, Message, Settings

START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Modelfile:
    """What a Modelfile says; what has to be found or may be refused has its place."""

    sources: tuple[Word, ...]
    """Of FROM: a model's name or a path, and perhaps the path of a projector; never empty."""
    settings: Settings = field(default_factory=Settings)
    template: Place | None = None
    """Where the template stands."""
    adapters: tuple[Word, ...] = ()
    idle: tuple[str, ...] = ()
    """The instructions and parameters that have no effect here."""


@dataclass
class _Draft:
    sources: list[Word] = field(default_factory=list)
    adapters: list[Word] = field(default_factory=list)
    parameters: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, Word] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    idle: dict[str, None] = field(default_factory=dict)

    def take(self, one: Instruction) -> None:
        """Follow an instruction; ModelfileError where it cannot be."""
        content = one.value.text
        match one.name:
            case "FROM":
                self.sources.append(_filled(one))
            case "ADAPTER":
                self.adapters.append(_filled(one))
            case "SYSTEM" | "TEMPLATE" as name:
                self.texts[name] = one.value
            case "LICENSE":
                self.licences.append(content)
            case "REQUIRES":
                self.idle["REQUIRES"] = None
            case "PARAMETER" if one.key:
                self._set(one.key, one.value)
            case "MESSAGE" if one.key:
                if one.key.text not in ROLES:
                    msg = f"{one.key.text!r} is not a role; {guess(one.key.text, ROLES)}"
                    raise one.key.place.wrong(msg)
                self.messages.append(Message(one.key.text, content))

    def _set(self, key: Word, value: Word) -> None:
        parameter = KNOWN.get(key.text)
        if parameter is None:
            msg = f"{key.text!r} is not a parameter; {guess(key.text, KNOWN)}"
            raise key.place.wrong(msg)
        try:
            found = parameter.parse(value.text)
        except BadValueError as error:
            msg = f"{value.text!r} is no value for {key.text}, which is {error}."
            raise value.place.wrong(msg) from error
        if key.text == STOP:
            before = self.parameters.get(STOP, ())
            found = (*(before if isinstance(before, tuple) else ()), str(found))
        self.parameters[key.text] = found
        if not parameter.effect:
            self.idle[key.text] = None


def _filled(one: Instruction) -> Word:
    if not one.value.text.strip():
        raise one.value.place.wrong(f"{one.name} needs a value that is not empty.")
    return one.value


def parse(content: bytes | str) -> Modelfile:
    """Read a Modelfile; ModelfileError where it is wrong."""
    draft = _Draft()
    for one in instructions(decoded(content) if isinstance(content, bytes) else content):
        draft.take(one)
    if not draft.sources:
        raise START.wrong("there is no FROM, which names the model to begin with.")
    system, template = draft.texts.get("SYSTEM"), draft.texts.get("TEMPLATE")
    settings = Settings(
        parameters=draft.parameters,
        system=system.text if system else None,
        messages=tuple(draft.messages),
        template=template.text if template else None,
        licences=tuple(draft.licences),
    )
    return Modelfile(
        sources=tuple(draft.sources),
        settings=settings,
        template=template.place if template else None,
        adapters=tuple(draft.adapters),
        idle=tuple(draft.idle),
    )


def modelfile_of(model: Model) -> str:
    """A Modelfile that makes the same model again; LibraryError where none can say what it has."""
    head = f"# To build on this model rather than to make it again, write:\n# FROM {model.name}\n"
    files = (model.files.model, model.files.projector)
    return head + write([str(path) for path in files if path], model.settings)


def write(sources: Iterable[str], settings: Settings) -> str:
    """A Modelfile that `parse` reads as this; LibraryError for a text that none can have.

    Line ends of Windows become those of others.
    """
    return "".join(f"{line}\n" for line in _lines(sources, settings))


def _lines(sources: Iterable[str], settings: Settings) -> Iterator[str]:
    for source in sources:
        yield _line("FROM", source)
    if settings.template is not None:
        yield _line("TEMPLATE", settings.template)
    if settings.system is not None:
        yield _line("SYSTEM", settings.system)
    for name, value in settings.parameters.items():
        for one in value if isinstance(value, tuple) else (value,):
            text = str(one).lower() if isinstance(one, bool) else str(one)
            yield _line(f"PARAMETER {name}", text)
    for message in settings.messages:
        yield _line(f"MESSAGE {message.role}", message.content)
    for licence in settings.licences:
        yield _line("LICENSE", licence)


def _line(instruction: str, text: str) -> str:
    try:
        return f"{instruction} {written(text)}"
    except ValueError as error:
        msg = (
            f"No Modelfile can have this text for {instruction}: a line within it ends with three "
            "double quotes."
        )
        raise LibraryError(msg) from error
