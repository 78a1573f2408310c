"""The loaded models: one worker for each, started when it is needed, the unused unloaded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from ..backends import LoadOptions, ModelFiles, Worker
from .errors import ApiError


class Pool:
    """Workers by the files they serve, so that copies of a model share one."""

    def __init__(
        self, backend: str, options: LoadOptions, *, loaded: int = 3, queue: int = 64
    ) -> None:
        self._backend = backend
        self._options = options
        self._loaded = loaded
        self._queue = threading.Semaphore(queue)
        self._lock = threading.Lock()
        self._workers: OrderedDict[ModelFiles, Worker] = OrderedDict()
        self._users: dict[ModelFiles, int] = {}

    @contextmanager
    def use(self, files: ModelFiles) -> Iterator[Worker]:
        """A worker that stays loaded while it is used; ApiError (503) when the server is full."""
        lease = self.lease(files)
        try:
            yield lease.worker
        finally:
            lease.release()

    def lease(self, files: ModelFiles) -> Lease:
        """The same for uses that outlive a block, such as a stream."""
        if not self._queue.acquire(blocking=False):
            msg = "The server is busy: as many requests as it takes are waiting. Try again soon."
            raise ApiError(503, msg, code="server_busy", retry_after=1)
        with self._lock:
            worker = self._workers.get(files) or Worker(self._backend, files, self._options)
            self._workers[files] = worker
            self._workers.move_to_end(files)
            self._users[files] = self._users.get(files, 0) + 1
            surplus = self._surplus()
        for unused in surplus:
            unused.close()
        return Lease(self, files, worker)

    def _surplus(self) -> list[Worker]:
        idle = [files for files in self._workers if not self._users.get(files)]
        count = max(0, len(self._workers) - self._loaded)
        return [self._workers.pop(files) for files in idle[:count]]

    def give_back(self, files: ModelFiles) -> None:
        """A use has ended."""
        with self._lock:
            self._users[files] -= 1
        self._queue.release()

    def running(self) -> list[tuple[ModelFiles, int]]:
        """Every model with a live process, and its process id."""
        with self._lock:
            pids = [(files, worker.pid) for files, worker in self._workers.items()]
        return [(files, pid) for files, pid in pids if pid is not None]

    def loaded(self) -> list[tuple[ModelFiles, int]]:
        """Every model with a live process, the last used first, and its context length."""
        with self._lock:
            found = [(files, worker.context_length) for files, worker in self._workers.items()]
        return [(files, length) for files, length in reversed(found) if length is not None]

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), OrderedDict()
        for worker in workers:
            worker.close()


class Lease:
    """One use of a worker; release it exactly once or more often."""

    def __init__(self, pool: Pool, files: ModelFiles, worker: Worker) -> None:
        self.worker = worker
        self._pool = pool
        self._files: ModelFiles | None = files

    def release(self) -> None:
        """Tell the pool that the use has ended."""
        files, self._files = self._files, None
        if files is not None:
            self._pool.give_back(files)
