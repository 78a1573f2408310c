"""Where things are, and what pyproject.toml says about them."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NAME = "openai_compat"


def pyproject(root: Path = ROOT) -> dict[str, Any]:
    """The project's own description."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def folders(root: Path = ROOT) -> dict[str, str]:
    """The folder of each top-level package: ``{"openai_compat.spec": "spec"}``."""
    mapped: dict[str, str] = pyproject(root)["tool"]["setuptools"]["package-dir"]
    return mapped


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file below a folder, with its syntax tree."""
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says, both streams together; its exit code is the caller's."""
    options = {"stdin": subprocess.DEVNULL, "timeout": 600, **options}
    return subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )


def demand(*command: str | Path, **options: Any) -> str:
    """What a command says; the program ends with it where the command fails."""
    done = run(*command, **options)
    if done.returncode:
        words = " ".join(map(str, command))
        sys.exit(f"{words}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout
