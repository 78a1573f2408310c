"""Requests that schemathesis makes from the OpenAPI document of a profile.

Imported late: schemathesis and Hypothesis are heavy.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from ..spec import load_api, load_profile, load_schema
from .exchange import Json, Request
from .server import PATHS

_STORAGE = tempfile.TemporaryDirectory(prefix="openai-conformance-")
"""Where Hypothesis keeps its tables, so that it leaves none in the caller's folder."""

_CAPS = {"max_tokens": 1, "max_completion_tokens": 1, "n": 1, "best_of": 1}
"""Generated requests must stay cheap. Set on the finished case: the schema stays the real one."""


@dataclass(frozen=True)
class Generated:
    """A generated request. ``broken`` is the field whose value breaks the schema, if one does."""

    request: Request
    valid: bool
    broken: str = ""


@cache
def requests(profile: str, endpoint: str, count: int, model: str) -> tuple[Generated, ...]:
    """About ``count`` requests of one endpoint, half of them valid: the same ones every time.

    ``profile`` is the name or the file of one.
    """
    operation = load_api().operations[endpoint]  # type: ignore[index]
    document = schemathesis.openapi.from_dict(load_schema(load_profile(profile), "openapi"))
    target = document[operation.path][operation.method]
    cases: list[Any] = []
    valid, invalid = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    set_hypothesis_home_dir(_STORAGE.name)
    for mode, share in ((valid, count - count // 2), (invalid, count // 2)):
        if share and not (mode is invalid and operation.method == "GET"):
            cases += _cases(target.as_strategy(generation_mode=mode), share)
    return tuple(
        _generated(case, endpoint, operation.path, operation.method, model) for case in cases
    )


def _cases(strategy: Any, count: int) -> list[Any]:
    found: list[Any] = []

    @seed(20_240_925)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=strategy)
    def collect(case: Any) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return []
    return found[:count]


def _generated(case: Any, endpoint: str, path: str, method: str, model: str) -> Generated:
    if method == "GET":
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", str(value))
        return Generated(Request("GET", path), valid=True)
    valid = case.meta.generation.mode is GenerationMode.POSITIVE
    broken = "" if valid else _broken(case)
    body: Json | bytes = case.body
    if isinstance(body, dict):
        body = {
            **body,
            **{name: cap for name, cap in _caps(endpoint, body).items() if name != broken},
        }
        if broken != "model":
            body["model"] = model
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return Generated(Request("POST", PATHS[endpoint], body), valid, broken)


def _caps(endpoint: str, body: dict[str, Json]) -> dict[str, int]:
    if endpoint == "embeddings":
        return {}
    return {name: cap for name, cap in _CAPS.items() if name in body or name == "max_tokens"}


def _broken(case: Any) -> str:
    data = case.meta.phase.data
    for mutation in getattr(data, "mutations", ()):
        if mutation.path:
            return str(mutation.path[0])
    return str(data.parameter or "")
