"""``python -m tests.project.engine FOLDER``: put the wheel of llama-cpp-python there, once.

There is no wheel of it to download, and compiling takes minutes, so every other environment
installs this one. The version is the one that the extra ``llamacpp`` pins.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .layout import pyproject


def pinned() -> str:
    """The requirement of the extra, such as ``llama-cpp-python==0.3.36``."""
    extra = pyproject()["project"]["optional-dependencies"]["llamacpp"]
    return next(str(line) for line in extra if line.startswith("llama-cpp-python=="))


def main() -> int:
    """Build the wheel unless it is there."""
    folder = Path(sys.argv[1])
    requirement = pinned()
    name, _, version = requirement.partition("==")
    if there := list(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl")):
        print(f"{there[0].name} is there already")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(folder), requirement]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
