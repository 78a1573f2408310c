"""``python -m tests.judged BACKEND [OPTION...]``: serve the embedded model and judge the server.

Starts ``openai-reference serve`` on a free port with an empty store of its own, runs
``openai-conformance run`` with the options on it, and ends with that command's exit code. With
``--manage`` the server lets its models be managed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile


def main(backend: str, *options: str, profile: str = "ollama") -> int:
    """Serve, judge, and end the server whatever happened."""
    managed = ["--management"] if "--manage" in options else []
    with tempfile.TemporaryDirectory() as store:
        server = subprocess.Popen(
            ["openai-reference", "serve", "--backend", backend, "--port", "0", "--models", store,
             "--profile", profile, *managed],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        with server:
            try:
                said = server.stdout.readline() if server.stdout else ""
                address = re.search(r"http://\S+/v1", said)
                if address is None:
                    return server.wait() or 1
                sys.stdout.write(said)
                sys.stdout.flush()
                judge = ["openai-conformance", "run", address.group(), *options]
                return subprocess.run(judge, check=False, stdin=subprocess.DEVNULL).returncode
            finally:
                server.terminate()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
