"""llama.cpp's own HTTP server, from the xllamacpp wheel, in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from .tiny_gguf import CONTEXT, write_tiny_gguf

REPOSITORY = Path(__file__).parents[2]


class LlamaServer:
    """``with LlamaServer() as server:`` answers at ``server.url`` until the block ends.

    Without ``model`` it serves the tiny model of this package. ``embedding`` adds /v1/embeddings.
    ``context`` is in tokens for each of the ``parallel`` slots. The child dies with this process.
    Without ``unified`` each slot has a cache of its own, and that llama.cpp gives wrong vectors for
    inputs of different lengths in one request: it averages over the last part of the batch only.
    """

    def __init__(
        self,
        model: Path | None = None,
        *,
        parallel: int = 4,
        context: int = CONTEXT,
        threads: int = 1,
        embedding: bool = False,
        unified: bool = True,
        port: int = 0,
        alias: str = "tiny",
    ) -> None:
        self._model = model
        self._options = {
            "parallel": parallel,
            "context": context * parallel,
            "threads": threads,
            "embedding": embedding,
            "unified": unified,
            "port": port,
            "alias": alias,
        }
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._child: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start the child and wait until it is healthy; else RuntimeError shows its log."""
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        model = self._model or write_tiny_gguf(folder / "tiny.gguf")
        self._log = folder / "log.txt"
        command = [
            sys.executable,
            "-m",
            f"{__package__}.child",
            json.dumps({**self._options, "model": str(model)}),
        ]
        with self._log.open("w") as log:
            self._child = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            self._wait(self._child)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self, child: subprocess.Popen[str], seconds: float = 60) -> None:
        assert child.stdout is not None
        killer = threading.Timer(seconds, child.kill)
        killer.start()
        try:
            address = next((line.strip() for line in child.stdout if line.startswith("http")), "")
        finally:
            killer.cancel()
        if not address:
            raise RuntimeError(
                f"llama.cpp's server did not start:\n{self._log.read_text()[-4000:]}"
            )
        self.url = f"{address}/v1"
        threading.Thread(target=child.stdout.read, daemon=True).start()
        until = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if child.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(
                        f"llama.cpp's server is not healthy:\n{self._log.read_text()[-4000:]}"
                    ) from None
                time.sleep(0.02)
            else:
                return

    def __exit__(self, *_: object) -> None:
        """Kill the child and remove its files."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
        if self._folder is not None:
            self._folder.cleanup()
