"""The specification as Python objects: what other packages read it by.

Everything here is read once and kept. A mistake in a file raises
:class:`~.reading.SpecError`, which names the file and the row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from .api_loader import read_api
from .model import Api, Json, Profile, Requirement
from .profile_loader import read_profile
from .reading import SpecError, guess
from .requirement_loader import read_requirements

PROFILES = ("ollama", "openai")
"""The names of the profiles that come with the package."""


@cache
def load_api() -> Api:
    """The API surface of ``api/*.yaml``."""
    return read_api()


@cache
def load_profile(name_or_path: str | Path) -> Profile:
    """A profile that comes with the package, by name, or one in a YAML file of the user's.

    Raises SpecError when there is neither, or when the file is wrong.
    """
    if name_or_path in PROFILES:
        file = files(__package__) / "profiles" / f"{name_or_path}.yaml"
        return read_profile(file, load_api(), _all_requirements())
    path = Path(name_or_path)
    if not path.is_file():
        known = " and ".join(PROFILES)
        hint = guess(str(name_or_path), PROFILES)
        raise SpecError(
            str(name_or_path), "", f"neither a file nor one of the profiles {known}{hint}"
        )
    return read_profile(path, load_api(), _all_requirements())


def load_requirements(profile: Profile | None = None) -> Mapping[str, Requirement]:
    """The requirements by id: those that a profile has, or all of them."""
    requirements = _all_requirements()
    if profile is None:
        return requirements
    return {
        name: requirement
        for name, requirement in requirements.items()
        if not requirement.profiles or profile.name in requirement.profiles
    }


@cache
def load_schema(profile: str, name: str) -> Mapping[str, Json]:
    """A committed generated schema, such as ``load_schema("ollama", "chat.request")``.

    Raises SpecError when this profile has no schema of that name.
    """
    file = files(__package__) / "schemas" / profile / f"{name}.json"
    if not file.is_file():
        raise SpecError(f"schemas/{profile}", name, "there is no such schema")
    schema: dict[str, Json] = json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(schema)


@cache
def _all_requirements() -> Mapping[str, Requirement]:
    return MappingProxyType(read_requirements(PROFILES))
