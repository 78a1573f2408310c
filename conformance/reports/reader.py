"""The way back from a JSON report to the run it was made of."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from ...spec import Documented, Level
from ..errors import ReportError
from ..verdict import Observed, Result, Run, ServerFacts, Support, Verdict
from .as_json import SCHEMA_VERSION

_DAMAGED = "this is not a whole JSON report"
_RUN_KEYS = (
    *("tool", "profile", "started", "duration_s", "requests", "prompt_tokens"),
    *("completion_tokens", "interrupted"),
)


def read(text: str) -> Run:
    """The run in a JSON report.

    Raises ReportError, whose message says what is wrong, for text that is truncated, was
    written by something else or by a version that writes other reports, or was changed.
    """
    data = _loaded(text)
    _validate(data)
    run = _run(data)
    if {verdict.value: count for verdict, count in run.summary().items()} != data["summary"]:
        msg = "the summary of this JSON report does not count its checks: it was changed"
        raise ReportError(msg)
    return run


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the report (draft 2020-12)."""
    text = files(__package__).joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _loaded(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except RecursionError:
        msg = f"{_DAMAGED}: it is nested too deeply"
        raise ReportError(msg) from None
    except ValueError as error:
        msg = f"{_DAMAGED}, but truncated or not JSON at all: {error}"
        raise ReportError(msg) from None
    if not isinstance(data, dict) or "schema_version" not in data:
        msg = "this JSON was not written by openai-conformance: it has no schema_version"
        raise ReportError(msg)
    if data["schema_version"] != SCHEMA_VERSION:
        found = repr(data["schema_version"])[:40]
        msg = f"this report has schema_version {found}, and {SCHEMA_VERSION} is what can be read"
        raise ReportError(msg)
    if data.get("complete") is not True:
        msg = f"{_DAMAGED}: it does not say complete, so it was truncated"
        raise ReportError(msg)
    return data


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _validate(data: dict[str, Any]) -> None:
    # Heavy, and only needed to read.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    if error := best_match(Draft202012Validator(schema()).iter_errors(data)):
        msg = f"{_DAMAGED}: {error.json_path}: {error.message[:200]}"
        raise ReportError(msg)


def _run(data: dict[str, Any]) -> Run:
    server = data["server"]
    return Run(
        **{key: data[key] for key in _RUN_KEYS},
        server=ServerFacts(
            **{
                **server,
                "models": tuple(server["models"]),
                "headers": tuple((item["name"], item["value"]) for item in server["headers"]),
                "capabilities": tuple(
                    (item["name"], item["state"], item["why"]) for item in server["capabilities"]
                ),
                "notes": tuple(server["notes"]),
            }
        ),
        results=tuple(map(_result, data["checks"])),
        support=tuple(map(_support, data["support"])),
        problems=tuple(data["problems"]),
    )


def _result(data: dict[str, Any]) -> Result:
    return Result(
        **{
            **data,
            "level": Level(data["level"]),
            "claims": tuple(data["claims"]),
            "verdict": Verdict(data["verdict"]),
        }
    )


def _support(data: dict[str, Any]) -> Support:
    observed, documented = Observed(data["observed"]), Documented(data["documented"])
    return Support(**{**data, "observed": observed, "documented": documented})
