"""Strict reading of the specification's YAML: whatever is wrong names its file and row.

Every error is a SpecError, a ValueError:

    ValueError
    └── SpecError       something in a specification file is wrong
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml

from .model import Json

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Choice = TypeVar("_Choice", bound=StrEnum)
_NO_DEFAULT: Any = object()


class SpecError(ValueError):
    """Something in a specification file is wrong; the message names file and row."""

    def __init__(self, file: str, row: str, problem: str) -> None:
        """Say ``problem`` of the ``row`` in the ``file``."""
        super().__init__(f"{file}: {row}: {problem}" if row else f"{file}: {problem}")
        self.file = file
        self.row = row
        self.problem = problem


class _StrictLoader(_Loader):  # type: ignore[misc]  # the C loader where there is one
    """YAML as usual, but a key that stands twice in a mapping is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Json]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Build the mapping of this node, or raise a YAMLError for a repeated key."""
        mapping: dict[Any, Json] = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            seen = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node)
                if key in seen:
                    problem = f"the key {key!r} stands twice"
                    raise yaml.constructor.ConstructorError(
                        None, None, problem, key_node.start_mark
                    )
                seen.add(key)
        return mapping


def read_yaml(file: Traversable) -> Json:
    """The value in this YAML file; raises SpecError when it cannot be read or is empty."""
    try:
        text = file.read_text(encoding="utf-8")
        value = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}" if mark else ""
        raise SpecError(file.name, line, error.problem or "not YAML") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecError(file.name, "", f"cannot be read: {error}") from error
    if value is None:
        raise SpecError(file.name, "", "the file is empty")
    return value


def guess(word: str, known: Iterable[str]) -> str:
    """``"; did you mean …?"`` where one of the known words is close, otherwise nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


class Section:
    """A mapping that is read key by key; ``close`` complains of the keys nobody asked for."""

    def __init__(self, value: Json, file: str, row: str = "") -> None:
        """Wrap ``value``, which must be a mapping with names as keys."""
        self.file = file
        self.row = row
        if not isinstance(value, dict):
            raise self.error(f"a mapping is expected, not {_kind(value)}")
        for key in value:
            if not isinstance(key, str):
                raise self.error(f"the key {key!r} is not a name: quote it")
        self._values: dict[str, Json] = value
        self._asked: set[str] = set()

    def error(self, problem: str) -> SpecError:
        """A SpecError that names this file and row."""
        return SpecError(self.file, self.row, problem)

    def take(self, key: str, default: Json = _NO_DEFAULT) -> Json:
        """The value of a key as it stands; an error where it is missing without a default."""
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if default is not _NO_DEFAULT:
            return default
        hint = difflib.get_close_matches(key, self._values.keys() - self._asked, n=1)
        meant = f"; is {hint[0]!r} meant?" if hint else ""
        raise self.error(f"{key!r} is missing{meant}")

    def text(self, key: str, default: str = _NO_DEFAULT) -> str:
        """The string of a key: never empty unless it is the default."""
        value = self.take(key, default)
        if key not in self:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key!r} must be a text, not {_kind(value)}")
        return " ".join(value.split())

    def text_or_none(self, key: str) -> str | None:
        """The string of a key, or None where it is missing."""
        return self.text(key, "") or None

    def flag(self, key: str, *, default: bool) -> bool:
        """The bool of a key."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key!r} must be true or false, not {_kind(value)}")
        return value

    def items(self, key: str, kind: type[Any], default: Json = _NO_DEFAULT) -> tuple[Any, ...]:
        """The list of a key, each item of one kind (``object`` for any)."""
        value = self.take(key, default)
        if not isinstance(value, list | tuple):
            raise self.error(f"{key!r} must be a list, not {_kind(value)}")
        for item in value:
            if not isinstance(item, kind) or (kind is int and isinstance(item, bool)):
                raise self.error(f"{key!r} holds {_kind(item)}")
        return tuple(value)

    def choice(self, key: str, kind: type[_Choice], default: _Choice = _NO_DEFAULT) -> _Choice:
        """The member of an enumeration that a key names."""
        value = self.take(key, default)
        known = [str(member) for member in kind]
        if value not in known:
            hint = guess(str(value), known)
            raise self.error(f"{key!r} must be one of {', '.join(known)}, not {value!r}{hint}")
        return kind(value)

    def sections(self, key: str, default: Json = _NO_DEFAULT) -> Iterator[Section]:
        """The mappings in the list of a key, each with its place as its row."""
        for number, value in enumerate(self.items(key, object, default), start=1):
            name = value.get("name") or value.get("id") if isinstance(value, dict) else None
            place = f"{key} {name}" if isinstance(name, str) else f"{key} number {number}"
            yield Section(value, self.file, f"{self.row}, {place}" if self.row else place)

    def entries(self) -> Iterator[tuple[str, Json]]:
        """Every key with its value, where any key will do."""
        self._asked.update(self._values)
        yield from self._values.items()

    def close(self) -> None:
        """Raise SpecError if the mapping has a key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise self.error(f"unknown key {key!r}{guess(key, self._asked)}")

    def __contains__(self, key: str) -> bool:
        """Whether the mapping has the key."""
        return key in self._values


def _kind(value: Json) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", type(None): "nothing"}
    return names.get(type(value), f"{value!r}") if value != "" else "an empty text"
