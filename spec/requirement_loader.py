"""Reads ``requirements/*.yaml``: the sentences that are not about one field."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import get_args

from .model import Endpoint, Level, Requirement
from .reading import Section, guess, read_yaml

_PLACES = (*get_args(Endpoint), "general")


def read_requirements(
    profiles: Iterable[str], folder: Traversable | None = None
) -> dict[str, Requirement]:
    """The requirements in this folder by id, by default our own; raises SpecError.

    ``profiles`` are the names that a requirement may be limited to.
    """
    folder = folder or files(__package__) / "requirements"
    known = tuple(profiles)
    requirements: dict[str, Requirement] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        page = Section(read_yaml(file), file.name)
        for section in page.sections("requirements"):
            requirement = _requirement(section, known)
            if requirement.id in requirements:
                raise section.error("is a duplicate")
            requirements[requirement.id] = requirement
        page.close()
    return requirements


def _requirement(section: Section, known: tuple[str, ...]) -> Requirement:
    endpoint = section.text("endpoint")
    if endpoint not in _PLACES:
        raise section.error(f"unknown endpoint {endpoint!r}{guess(endpoint, _PLACES)}")
    profiles = section.items("profiles", str, ())
    for name in profiles:
        if name not in known:
            raise section.error(f"unknown profile {name!r}{guess(name, known)}")
    requirement = Requirement(
        id=section.text("id"),
        level=section.choice("level", Level),
        says=section.text("says"),
        source=section.text("source"),
        endpoint=endpoint,  # type: ignore[arg-type]  # checked above
        profiles=profiles,
        unchecked=section.text_or_none("unchecked"),
    )
    section.close()
    return requirement
