"""What of the wheel can be seen without building one."""

from __future__ import annotations

from pathlib import PurePosixPath

from .built import LIST
from .layout import ROOT, folders


def test_the_list_of_the_wheels_files_has_every_module() -> None:
    listed = {
        line for line in LIST.read_text(encoding="utf-8").splitlines() if line.endswith(".py")
    }
    packages = {name: ROOT / folder for name, folder in folders().items()}
    there = {
        str(PurePosixPath(*name.split("."), path.relative_to(folder).as_posix()))
        for name, folder in packages.items()
        for path in folder.rglob("*.py")
    }

    assert listed == there, "if the change is meant: python -m tests.project.built --write"
