"""``python -m tests.llamaserver --port 8091`` serves until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import threading
from pathlib import Path

from .launch import LlamaServer


def main() -> None:
    """Read the options, start the server, print its address."""
    parser = argparse.ArgumentParser(prog="python -m tests.llamaserver", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (the default) picks a free one")
    parser.add_argument(
        "--model", type=Path, help="a GGUF file; the default is a tiny model of random weights"
    )
    parser.add_argument("--parallel", type=int, default=4, help="slots")
    parser.add_argument("--context", type=int, default=4096, help="tokens for each slot")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-embedding", action="store_true", help="leave /v1/embeddings out")
    given = parser.parse_args()
    with LlamaServer(
        given.model,
        parallel=given.parallel,
        context=given.context,
        threads=given.threads,
        embedding=not given.no_embedding,
        port=given.port,
    ) as server:
        print(server.url, flush=True)  # noqa: T201 - whoever started it needs the address
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
