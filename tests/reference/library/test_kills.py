"""A store survives programs that are killed while they write it."""

from __future__ import annotations

from pathlib import Path

from .kills import harness


def test_kills_lose_and_leak_nothing(tmp_path: Path) -> None:
    """At thirty random moments of pulling, copying, making and deleting."""
    killed = harness(tmp_path / "store", 30, seed=3)

    assert sum(killed.values()) == 30
    assert any(kind.endswith("killed") for kind in killed)
