"""``python -m tests.reference.bench``: speed beside two peers on the same file, one stream.

Peers are llama.cpp's own server (package ``xllamacpp``) and ``llama-cpp-python[server]``;
one that is not installed in ``--peers PYTHON`` is left out. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openai_compat.reference import embedded

BODY = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "Tell me a long story."}],
    "temperature": 0,
    "max_tokens": 48,
    "stream": True,
}
PORT = 18431
LLAMA_SERVER = """
import sys, time, xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.port = sys.argv[1], int(sys.argv[2])
p.n_parallel, p.n_ctx, p.warmup = 1, 4096, False
p.cpuparams.n_threads = 1
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
time.sleep(3600)
"""


@dataclass(frozen=True)
class Speed:
    """Seconds to the first text, and tokens a second after it."""

    first: float
    rate: float


def measure(port: int) -> Speed:
    """One streamed answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.perf_counter()
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(BODY), headers)
    arrivals = []
    for line in connection.getresponse():
        if line.startswith(b"data: {"):
            choices = json.loads(line[6:])["choices"]
            if choices and choices[0]["delta"].get("content"):
                arrivals.append(time.perf_counter())
    connection.close()
    return Speed(arrivals[0] - started, (len(arrivals) - 1) / (arrivals[-1] - arrivals[0]))


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process, ended afterwards."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def report(name: str, port: int, runs: int) -> None:
    """Measure a server and print one row."""
    deadline = time.monotonic() + 60
    while True:
        try:
            measure(port)
            break
        except (OSError, ValueError, IndexError, KeyError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    speeds = [measure(port) for _ in range(runs)]
    first = statistics.median(speed.first for speed in speeds) * 1000
    rate = statistics.median(speed.rate for speed in speeds)
    sys.stdout.write(f"{name:<28}{first:8.1f} ms to first token{rate:9.0f} tokens/s\n")
    sys.stdout.flush()


def main() -> None:
    """Measure everything that is installed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers")
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--model", type=Path, default=embedded.models()["tiny"][0])
    given = options.parse_args()
    serve = "import sys; from openai_compat.reference.cli import main; sys.exit(main())"
    for backend in ("llamacpp", "ctransformers"):
        command = [sys.executable, "-c", serve, "serve", "--port", "0", "--backend", backend]
        with running(command) as process:
            assert process.stdout is not None
            found = re.search(r":(\d+)/v1", process.stdout.readline())
            assert found is not None
            report(f"openai-reference {backend}", int(found[1]), given.runs)
    if given.peers:
        model = str(given.model)
        with running([given.peers, "-c", LLAMA_SERVER, model, str(PORT)]):
            report("llama-server", PORT, given.runs)
        command = [given.peers, "-m", "llama_cpp.server", "--model", model, "--n_ctx", "4096",
                   "--port", str(PORT + 1), "--n_threads", "1"]  # fmt: skip
        with running(command):
            report("llama-cpp-python[server]", PORT + 1, given.runs)


if __name__ == "__main__":
    main()
