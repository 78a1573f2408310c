"""``python -m tests.reference.library.rendered GO``: what Go itself makes of the templates.

Writes ``rendered.json``, which the tests compare with. GO is the program of that name.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .gotemplates import CONVERSATIONS, TEMPLATES

HERE = Path(__file__).parent
RENDERED = HERE / "rendered.json"


def main() -> None:
    """Run the Go program, and keep what it says."""
    asked = json.dumps({"templates": TEMPLATES, "conversations": CONVERSATIONS}, ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "render.go")
        shutil.copy(HERE / "render.go.txt", program)
        command = [sys.argv[1], "run", str(program)]
        said = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    RENDERED.write_text(said.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
