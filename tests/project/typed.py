"""``python -m tests.project.typed``: type-check the installed packages by name.

By name, because by path mypy would check copies that import each other's untyped halves. It
then plants an error that crosses two packages into a copy of the project, installs that, and
demands that mypy sees it: a type checker that is silent about it is not looking.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .layout import ROOT, demand, folders, run

_PLANTED = """\
from ..spec import load_profile

PLANTED: int = load_profile("ollama")
"""


def main() -> int:
    """Check, then prove the check."""
    names = [word for name in folders() for word in ("-p", name)]
    done = subprocess.run([sys.executable, "-m", "mypy", *names], cwd=ROOT, check=False)
    return done.returncode or _prove()


def _prove() -> int:
    with tempfile.TemporaryDirectory() as name:
        there = Path(name)
        _copy(there / "copy")
        (there / "copy" / "conformance" / "planted.py").write_text(_PLANTED)
        demand(sys.executable, "-m", "venv", "--without-pip", there / "venv")
        python = there / "venv" / "bin" / "python"
        pip = (sys.executable, "-m", "pip", "--python", python)
        demand(*pip, "install", "--no-deps", there / "copy")
        found = run(
            *(sys.executable, "-m", "mypy", "--python-executable", python),
            *("-m", "openai_compat.conformance.planted"),
            cwd=there / "copy",
        )
    if 'has type "Profile", variable has type "int"' not in found.stdout:
        sys.exit(f"mypy does not see the planted error:\n{found.stdout}")
    print("mypy sees the planted error")
    return 0


def _copy(there: Path) -> None:
    there.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, there)
    for folder in folders().values():
        shutil.copytree(ROOT / folder, there / folder)


if __name__ == "__main__":
    sys.exit(main())
