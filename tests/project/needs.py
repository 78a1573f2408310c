"""``python -m tests.project.needs``: say what is missing for `tox`, and how to install it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

_NODE = 20
"""The oldest Node that the official JavaScript library runs on."""


def missing() -> list[str]:
    """The tools that are not there, or are too old."""
    found = []
    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        found.append("a C++ compiler")
    if (version := _node()) < _NODE:
        found.append(f"Node from {_NODE}" + (f" (found {version})" if version else ""))
    found += [tool for tool in ("npm", "curl") if shutil.which(tool) is None]
    if sys.platform == "linux" and not any(map(shutil.which, ("docker-registry", "registry"))):
        found.append("docker-registry")
    return found


def _node() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)", said)
    return int(number[1]) if number else 0


def main() -> int:
    """Name what is missing; 1 if anything is."""
    lacking = missing()
    if lacking:
        print(f"tox needs {', '.join(lacking)}.")
        print("  Debian:  apt-get install g++ make nodejs npm curl docker-registry")
        print("  macOS:   xcode-select --install && brew install node")
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main())
