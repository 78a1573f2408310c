"""What is fetched in tests of one content, and how."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.download import Fetcher, Patience, Step, Wanted, Web
from openai_compat.reference.library.download.access import Secret
from openai_compat.reference.library.download.address import parsed

CONTENT = hashlib.shake_128(b"some content").digest(1_000_000)
DIGEST = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(tries=4, first=0.01, longest=0.05, asked=0.3, stall=5.0)


class Pulled:
    """A fetch of one content, and what it said."""

    def __init__(self, blobs: Blobs, patience: Patience = QUICK, free: int = 1 << 40) -> None:
        self.steps: list[Step] = []
        self.cancelled = threading.Event()
        self.blobs, self.patience, self.free = blobs, patience, free

    def fetch(self, url: str, *, size: int | None = len(CONTENT), token: str | None = None) -> str:
        """Fetch it; errors are the fetcher's."""
        wanted = Wanted(url, DIGEST, size)
        if token:
            wanted = Wanted(url, DIGEST, size, Secret.bearer(parsed(url), token))
        with Web(stall=self.patience.stall) as web:
            fetcher = Fetcher(
                web, self.blobs, self.patience, self.steps.append, self.cancelled,
                lambda folder: self.free,
            )  # fmt: skip
            fetcher.room_for([wanted])
            return fetcher.fetch(wanted)

    def amidst(self, act: Callable[[], object]) -> None:
        """Do something as soon as a part has come, in a thread of its own."""

        def wait() -> None:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                if self.partial.is_file() and self.partial.stat().st_size:
                    act()
                    return
                time.sleep(0.01)

        threading.Thread(target=wait, daemon=True).start()

    @property
    def partial(self) -> Path:
        """Where what came is kept."""
        return self.blobs.partial(DIGEST)

    @property
    def whole(self) -> bool:
        """Whether it is here, right, and nothing else is left of it."""
        path = self.blobs.path(DIGEST)
        return path.is_file() and path.read_bytes() == CONTENT and not self.partial.exists()
