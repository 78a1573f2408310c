"""Run the command as a user does: in a process of its own, from a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.scripted import Json, Request, Scripted

QUICK = ("--fuzz", "0", "--only", "models.list.*")
"""A run of a second: two or three requests after the warm-up."""

_START = """
import sys
from openai_compat.conformance.cli import main
sys.exit(main())
"""


def command(*words: object) -> list[str]:
    """The command line that runs ``openai-conformance`` with these words."""
    return [sys.executable, "-c", _START, *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    """The environment, without what a desk may have set."""
    ours = ("OPENAI_", "PYTEST_", "PY_COLORS", "COLUMNS")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | more


def conformance(
    *words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; it never waits for input."""
    done = subprocess.run(
        command(*words),
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "INTERNALERROR" not in done.stderr, done.stderr
    return done


def report(path: Path) -> dict[str, Any]:
    """A JSON report."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert list(found)[-1] == "complete"
    return found


def verdicts(path: Path) -> dict[str, str]:
    """The verdict of every check in a JSON report, by its id."""
    return {check["id"]: check["verdict"] for check in report(path)["checks"]}


class WrongObject(Scripted):
    """Every model in the list is of the wrong object, which one check calls a failure."""

    def answer(self, request: Request, body: Json) -> Json:
        for model in body.get("data", ()) if request.endpoint == "models" else ():
            model["object"] = "modell"
        return body


class NamedEvents(Scripted):
    """Every event of a stream has a name, which is a warning."""

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        for event in events:
            yield b"event: chunk\n" + event
