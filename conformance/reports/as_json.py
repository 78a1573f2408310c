"""The JSON report: everything a run found, for other programs."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from ..verdict import Run
from .redact import redacted

SCHEMA_VERSION = 1

_CHECK_KEYS = (
    *("id", "title", "endpoint", "level", "requirement", "says", "claims", "verdict", "message"),
    *("what", "expected", "actual", "curl", "duration_s", "known"),
)


def render(run: Run) -> str:
    """One JSON object in ASCII; ``complete`` comes last, so that a cut file has none."""
    return json.dumps(document(redacted(run)), indent=1, allow_nan=False) + "\n"


def document(run: Run) -> dict[str, Any]:
    """The report as JSON values."""
    server = run.server
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": run.tool,
        "server": {
            "url": server.url,
            "models": list(server.models),
            "headers": [{"name": name, "value": value} for name, value in server.headers],
            "chat_model": server.chat_model,
            "embedding_model": server.embedding_model,
            "vision_model": server.vision_model,
            "capabilities": [
                {"name": name, "state": state, "why": why}
                for name, state, why in server.capabilities
            ],
            "notes": list(server.notes),
        },
        "profile": run.profile,
        "started": run.started,
        "duration_s": run.duration_s,
        "requests": run.requests,
        "prompt_tokens": run.prompt_tokens,
        "completion_tokens": run.completion_tokens,
        "summary": {verdict.value: count for verdict, count in run.summary().items()},
        "checks": [
            {key: _plain(getattr(result, key)) for key in _CHECK_KEYS} for result in run.results
        ],
        "support": [
            {field.name: _plain(getattr(row, field.name)) for field in fields(row)}
            for row in run.support
        ],
        "problems": list(run.problems),
        "interrupted": run.interrupted,
        "complete": True,
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value
