"""What `tox` says on a machine that lacks its tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import needs


def _tool(folder: Path, name: str, says: str = "") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_every_tool_is_named_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert needs.main() == 1
    said = capsys.readouterr().out
    assert "tox needs a C++ compiler, Node from 20, npm, curl, docker-registry." in said
    assert "apt-get install g++ make nodejs npm curl" in said


def test_an_old_node_is_named_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("c++", "npm", "curl", "docker-registry"):
        _tool(tmp_path, name)
    _tool(tmp_path, "node", "v18.19.0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert needs.missing() == ["Node from 20 (found 18)"]


def test_nothing_is_said_where_all_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("c++", "npm", "curl", "docker-registry"):
        _tool(tmp_path, name)
    _tool(tmp_path, "node", "v22.1.0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert needs.missing() == []
