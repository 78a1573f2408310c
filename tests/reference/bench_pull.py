"""``python -m tests.reference.bench_pull``: a pull beside ``curl`` and ``sha256sum``.

Serves a file of 1 GB from a plain server with threads on this machine's loopback, and fetches it
in turn by the one and by the others: seconds (median of three) and the most memory of each.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FETCH = """
import sys
from pathlib import Path
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.download import Fetcher, Wanted, Web
url, digest, size, folder = sys.argv[1:]
with Web(stall=30) as web:
    Fetcher(web, Blobs(Path(folder))).fetch(Wanted(url, digest, int(size)))
"""
"""What ``pull`` does for each content of a model, the start of Python included."""


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that keeps no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def made(path: Path, size: int) -> str:
    """A file of bytes that nothing can pack; its sha256."""
    hashed = hashlib.sha256()
    with path.open("wb") as file:
        for place in range(0, size, 1 << 20):
            chunk = os.urandom(min(1 << 20, size - place))
            hashed.update(chunk)
            file.write(chunk)
    return hashed.hexdigest()


def run(*command: str) -> tuple[float, int]:
    """Seconds, and the most memory in kB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - started, usage.ru_maxrss


def main() -> None:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1_000_000_000, help="bytes (1 GB)")
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        there = Path(name)
        (there / "served").mkdir()
        digest = made(there / "served" / "x", given.size)
        with serving(there / "served") as url:
            ways: dict[str, Callable[[Path], tuple[float, int]]] = {
                "pull": lambda to: run(
                    sys.executable, "-c", FETCH, f"{url}/x", f"sha256:{digest}", str(given.size),
                    str(to),
                ),
                "curl": lambda to: run("curl", "-sf", "-o", str(to / "x"), f"{url}/x"),
                "sha256sum": lambda to: run("sha256sum", str(to / "x")),
            }  # fmt: skip
            rows = measured(ways, there, given.rounds)
    sys.stdout.write(table(rows))


def measured(
    ways: dict[str, Callable[[Path], tuple[float, int]]], there: Path, rounds: int
) -> dict[str, list[tuple[float, int]]]:
    """Every way in turn, each round in a folder of its own."""
    rows: dict[str, list[tuple[float, int]]] = {way: [] for way in ways}
    for _ in range(rounds):
        to = there / "fetched"
        to.mkdir()
        for way, work in ways.items():
            rows[way].append(work(to))
        shutil.rmtree(to)
    return rows


def table(rows: dict[str, list[tuple[float, int]]]) -> str:
    """Medians and the most memory."""
    rows["curl + sha256sum"] = [
        (one[0] + two[0], max(one[1], two[1]))
        for one, two in zip(rows["curl"], rows["sha256sum"], strict=True)
    ]
    lines = [f"{'':<18}{'seconds':>9}{'from':>7}{'to':>7}{'memory':>10}"]
    for way, found in rows.items():
        times = [seconds for seconds, _ in found]
        memory = max(kilo for _, kilo in found) / 1024
        middle = statistics.median(times)
        lines.append(
            f"{way:<18}{middle:>9.2f}{min(times):>7.2f}{max(times):>7.2f}{memory:>6.0f} MiB"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
