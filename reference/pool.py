"""The loaded models: one worker for each, started when it is needed, the unused unloaded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ..backends import LoadOptions, ModelFiles, Worker
from .errors import ApiError


@dataclass(frozen=True, slots=True)
class Loading:
    """What a worker has loaded, and how."""

    files: ModelFiles
    options: LoadOptions


class Pool:
    """Workers by what they have loaded and how, so that copies of a model share one."""

    def __init__(
        self, backend: str, options: LoadOptions, *, loaded: int = 3, queue: int = 64
    ) -> None:
        self._backend = backend
        self._options = options
        self._loaded = loaded
        self._queue = threading.Semaphore(queue)
        self._lock = threading.Lock()
        self._workers: OrderedDict[Loading, Worker] = OrderedDict()
        self._users: dict[Loading, int] = {}

    def loading(self, files: ModelFiles, wanted: LoadOptions) -> Loading:
        """How a model is loaded that wants some options itself; the others are the server's."""
        options = replace(
            self._options,
            context_length=wanted.context_length or self._options.context_length,
            threads=wanted.threads or self._options.threads,
        )
        return Loading(files, options)

    @contextmanager
    def use(self, loading: Loading) -> Iterator[Worker]:
        """A worker that stays loaded while it is used; ApiError (503) when the server is full."""
        lease = self.lease(loading)
        try:
            yield lease.worker
        finally:
            lease.release()

    def lease(self, loading: Loading) -> Lease:
        """The same for uses that outlive a block, such as a stream."""
        if not self._queue.acquire(blocking=False):
            msg = "The server is busy: as many requests as it takes are waiting. Try again soon."
            raise ApiError(503, msg, code="server_busy", retry_after=1)
        with self._lock:
            worker = self._workers.get(loading) or Worker(
                self._backend, loading.files, loading.options
            )
            self._workers[loading] = worker
            self._workers.move_to_end(loading)
            self._users[loading] = self._users.get(loading, 0) + 1
            surplus = self._surplus()
        for unused in surplus:
            unused.close()
        return Lease(self, loading, worker)

    def _surplus(self) -> list[Worker]:
        idle = [loading for loading in self._workers if not self._users.get(loading)]
        count = max(0, len(self._workers) - self._loaded)
        return [self._workers.pop(loading) for loading in idle[:count]]

    def give_back(self, loading: Loading) -> None:
        """A use has ended."""
        with self._lock:
            self._users[loading] -= 1
        self._queue.release()

    def running(self) -> list[tuple[Loading, int]]:
        """Every model with a live process, and its process id."""
        with self._lock:
            pids = [(loading, worker.pid) for loading, worker in self._workers.items()]
        return [(loading, pid) for loading, pid in pids if pid is not None]

    def loaded(self) -> list[tuple[Loading, int]]:
        """Every model with a live process, the last used first, and its context length."""
        with self._lock:
            found = [(loading, worker.context_length) for loading, worker in self._workers.items()]
        return [(loading, length) for loading, length in reversed(found) if length is not None]

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), OrderedDict()
        for worker in workers:
            worker.close()


class Lease:
    """One use of a worker; release it exactly once or more often."""

    def __init__(self, pool: Pool, loading: Loading, worker: Worker) -> None:
        self.worker = worker
        self._pool = pool
        self._loading: Loading | None = loading

    def release(self) -> None:
        """Tell the pool that the use has ended."""
        loading, self._loading = self._loading, None
        if loading is not None:
            self._pool.give_back(loading)
