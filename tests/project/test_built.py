"""What of the wheel can be seen without building one."""

from __future__ import annotations

from pathlib import PurePosixPath

from .built import LIST
from .layout import ROOT, folders


def test_the_list_of_the_wheels_files_has_every_module() -> None:
    listed = LIST.read_text(encoding="utf-8").splitlines()
    there = [
        str(PurePosixPath(*name.split("."), path.relative_to(ROOT / folder)))
        for name, folder in folders().items()
        for path in (ROOT / folder).rglob("*.py")
    ]

    assert [line for line in listed if line.endswith(".py")] == sorted(there), (
        "if the change is meant: python -m tests.project.built --write"
    )
