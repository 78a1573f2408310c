"""``python -m tests.project.bare``: the judge alone judges a correct server.

The scripted server needs the standard library only, so nothing here does that a user lacks.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

from tests.scripted import Scripted

_EXTRAS = ("llama_cpp", "ctransformers", "llguidance", "numpy", "xllamacpp", "xdist")


def main() -> int:
    """Run the command; its exit code is ours."""
    if there := [name for name in _EXTRAS if find_spec(name) is not None]:
        sys.exit(f"not bare: {', '.join(there)} installed")
    with Scripted() as server:
        command = ["openai-conformance", "run", server.url, "--strict", "--fuzz", "3"]
        code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
        for fault in server.faults:
            print(fault)
        return code or len(server.faults)


if __name__ == "__main__":
    sys.exit(main())
