"""Scripts for Node with the official JavaScript library, which npm installs once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PACKAGES = ("openai@7", "zod@4")
FOLDER = Path(__file__).parents[2] / ".tox" / "node"


def node(script: str) -> subprocess.CompletedProcess[str]:
    """Run a module beside the installed packages; skips the test where there is no Node."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node with npm is not installed")
    if not all((FOLDER / "node_modules" / one.partition("@")[0]).is_dir() for one in PACKAGES):
        FOLDER.mkdir(parents=True, exist_ok=True)
        _install(npm)
    with tempfile.NamedTemporaryFile("w", suffix=".mjs", dir=FOLDER, encoding="utf-8") as file:
        file.write(script)
        file.flush()
        return subprocess.run(["node", file.name], capture_output=True, text=True, check=False)


def _install(npm: str) -> None:
    """A registry that does not answer is asked again, and not for ever."""
    command = [npm, "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", *PACKAGES]
    for last in (False, False, True):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        except subprocess.TimeoutExpired:
            assert not last, "npm has not answered three times"
        else:
            assert done.returncode == 0, done.stderr
            return
