"""``python -m tests.project.built``: what a user installs is whole, and works alone.

Unpacks the sdist, which holds every file of the repository, builds the wheel *from it*,
compares the wheel's files with the list in ``wheel-files.txt`` (``--write`` renews that list),
installs the wheel in an empty environment outside the checkout, and runs its commands there.
"""

from __future__ import annotations

import os
import re
import sys
import tarfile
import tempfile
import zipfile
from difflib import unified_diff
from pathlib import Path

from .layout import ROOT, demand, pyproject

LIST = Path(__file__).with_name("wheel-files.txt")
_COMPLAINT = re.compile(r"warning|absent", re.IGNORECASE)
_NOT_IN_SDIST = {".gitignore"}


def main() -> int:
    """Build, compare, install, run."""
    with tempfile.TemporaryDirectory() as name:
        there = Path(name)
        wheel = _wheel(_unpacked(_built("--sdist", ROOT, there / "sdist"), there), there)
        if "--write" in sys.argv:
            LIST.write_text("".join(f"{line}\n" for line in _files(wheel)))
        _compare(_files(wheel))
        _try(wheel, there)
    return 0


def _built(kind: str, source: Path, there: Path) -> Path:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # or not compiling is warned about
    said = demand(
        *(sys.executable, "-m", "build", kind, "--outdir", there, source), env=environment
    )
    # A package or data folder that pyproject.toml forgets is only warned about.
    complaints = [line for line in said.splitlines() if _COMPLAINT.search(line)]
    if complaints:
        sys.exit("building warns:\n" + "\n".join(complaints))
    (made,) = there.iterdir()
    print(f"built {made.name}")
    return made


def _unpacked(sdist: Path, there: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(there / "source", filter="data")
    (source,) = (there / "source").iterdir()
    wanted = set(demand("git", "ls-files", cwd=ROOT).splitlines()) - _NOT_IN_SDIST
    if missing := sorted(name for name in wanted if not (source / name).is_file()):
        sys.exit(f"the sdist lacks {', '.join(missing)}")
    print(f"the sdist holds all {len(wanted)} files")
    return source


def _wheel(source: Path, there: Path) -> Path:
    return _built("--wheel", source, there / "wheel")


def _files(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(re.sub(r"-[^/]+\.dist-info", ".dist-info", n) for n in archive.namelist())


def _compare(files: list[str]) -> None:
    wanted = LIST.read_text().splitlines()
    if changes := list(unified_diff(wanted, files, LIST.name, "the wheel", n=0, lineterm="")):
        sys.exit("\n".join([*changes, f"if that is meant: python -m {__spec__.name} --write"]))
    print(f"{len(files)} files, as listed")


def _try(wheel: Path, there: Path) -> None:
    environment = there / "venv"
    demand(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    demand(sys.executable, "-m", "pip", "--python", python, "install", wheel)
    for name in pyproject()["project"]["scripts"]:
        said = demand(environment / "bin" / name, "--help", cwd=there)
        print(f"{name} --help: {len(said.splitlines())} lines")
    said = demand(environment / "bin" / "openai-conformance", "list", cwd=there)
    print(said.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
