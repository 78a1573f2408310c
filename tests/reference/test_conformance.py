"""The judge finds nothing wrong with the server, whichever engine is behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .running import Running


def test_the_judge_finds_nothing(server: Running, tmp_path: Path) -> None:
    """No failure, warning or error under the profile ``ollama``."""
    report = tmp_path / "run.json"
    code = "import sys; from openai_compat.conformance.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", f"{server.url}/v1", "--model", "llama3.2",
         "--embedding-model", "all-minilm", "--jobs", "2", "--strict", "--fuzz", "5",
         "--report", f"json={report}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert json.loads(report.read_text())["summary"]["pass"] > 200
