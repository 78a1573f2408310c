"""The judge manages the models of the server and finds nothing wrong with it."""

from __future__ import annotations

from pathlib import Path

from tests.reference.running import Running
from tests.reference.test_conformance import judge


def test_the_judge_finds_nothing(managed: Running, tmp_path: Path) -> None:
    """Every check of model management passes, and what it made is removed."""
    before = managed.send("GET", "/api/tags").json["models"]
    words = ("--manage", "--only", "models.manage.*", "--model", "tiny")
    found = judge(managed, tmp_path / "run.json", *words)

    assert found["pass"] == 20
    assert found["pass"] == sum(found.values())
    assert managed.send("GET", "/api/tags").json["models"] == before
