"""The judge finds nothing wrong with the server, whichever engine is behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.judged import page

from .running import Running

KNOWN = Path(__file__).with_name("known-failures.txt")


def judge(server: Running, report: Path, *options: str) -> dict[str, int]:
    """Run the command with ``--strict``; how many checks had which verdict."""
    code = "import sys; from openai_compat.conformance.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", f"{server.url}/v1", "--jobs", "2", "--strict",
         "--report", f"json={report}", *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    found: dict[str, int] = json.loads(report.read_text())["summary"]
    return found


def test_the_judge_finds_nothing(server: Running, tmp_path: Path) -> None:
    """No failure, warning or error under the profile ``ollama``."""
    models = ("--model", "llama3.2", "--embedding-model", "all-minilm")
    found = judge(server, tmp_path / "run.json", *models, "--fuzz", "5")

    assert found["pass"] > 200


def test_the_judge_finds_only_what_is_known(openai_server: Running, tmp_path: Path) -> None:
    """Under the profile ``openai``: nothing but what the server refuses for a reason."""
    models = ("--model", "tiny", "--embedding-model", "tiny-embed", "--profile", "openai")
    known = ("--known-failures", str(KNOWN))
    report = tmp_path / "run.json"
    found = judge(openai_server, report, *models, *known, "--fuzz", "5")

    assert found["pass"] > 200
    seen = page.support(json.loads(report.read_text()))
    assert seen == page.written(page.PAGE.read_text(encoding="utf-8"))[openai_server.engine]
