"""``python -m tests.selfcheck``: the judge, as a command, on llama.cpp's own server.

What that server does wrong stands in ``known-failures.txt``, so the run ends with 0; a finding
more, or a line too much, ends it with 1. It must also be quick and cheap.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.llamaserver import LlamaServer

_KNOWN = Path(__file__).with_name("known-failures.txt")
_MOST_REQUESTS = 300
_MOST_SECONDS = 40


def main() -> int:
    """Start the server, judge it, and look at what the run cost."""
    with LlamaServer(embedding=True) as server, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "run.json"
        code = _judge(server.url, report)
        if not report.exists():
            return code or 1
        run = json.loads(report.read_text(encoding="utf-8"))
    print(f"{run['requests']} requests in {run['duration_s']:.1f} s")
    if run["requests"] > _MOST_REQUESTS or run["duration_s"] >= _MOST_SECONDS:
        print(f"more than {_MOST_REQUESTS} requests or {_MOST_SECONDS} s")
        return 1
    return code


def _judge(url: str, report: Path) -> int:
    command = [
        *("openai-conformance", "run", url, "--profile", "ollama", "--jobs", "4"),
        *("--known-failures", str(_KNOWN), "--report", f"json={report}", *sys.argv[1:]),
    ]
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
