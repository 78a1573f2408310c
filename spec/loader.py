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
from .documents import generated
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


def load_schema(profile: Profile | str, name: str) -> dict[str, Json]:
    """A generated schema of a profile, such as ``load_schema("ollama", "chat.request")``.

    The names are those of the files in ``schemas/``. For a profile of the user's the schema is
    made on the spot. Callers share the result: copy it before changing it. Raises SpecError
    when there is no schema of that name.
    """
    if isinstance(profile, str):
        profile = load_profile(profile)
    if profile.name in PROFILES and profile is load_profile(profile.name):
        return _committed(profile.name, name)
    made = _MADE.get(id(profile))
    if made is None:
        made = _MADE[id(profile)] = (profile, generated(load_api(), profile))
    if f"{name}.json" not in made[1]:
        raise SpecError(f"schemas of {profile.name}", name, "there is no such schema")
    schema: dict[str, Json] = made[1][f"{name}.json"]
    return schema


_MADE: dict[int, tuple[Profile, dict[str, Json]]] = {}
"""The documents of the user's profiles; each profile is kept so that its id stays its own."""


@cache
def _committed(profile: str, name: str) -> dict[str, Json]:
    file = files(__package__) / "schemas" / profile / f"{name}.json"
    if not file.is_file():
        raise SpecError(f"schemas/{profile}", name, "there is no such schema")
    schema: dict[str, Json] = json.loads(file.read_text(encoding="utf-8"))
    return schema


@cache
def _all_requirements() -> Mapping[str, Requirement]:
    return MappingProxyType(read_requirements(PROFILES))
