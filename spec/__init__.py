"""What is true: the API surface, the profiles and the requirements, as data."""

from .loader import PROFILES, load_api, load_profile, load_requirements, load_schema
from .model import (
    Api,
    Documented,
    Endpoint,
    Field,
    Json,
    Level,
    OnUse,
    Operation,
    Profile,
    Requirement,
    Row,
)
from .reading import SpecError

__all__ = [
    "PROFILES",
    "Api",
    "Documented",
    "Endpoint",
    "Field",
    "Json",
    "Level",
    "OnUse",
    "Operation",
    "Profile",
    "Requirement",
    "Row",
    "SpecError",
    "load_api",
    "load_profile",
    "load_requirements",
    "load_schema",
]
