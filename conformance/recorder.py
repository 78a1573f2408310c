"""An HTTP transport that records: bytes, arrival times, and what follows the end of a stream.

The real SDK rides on it, so that one request yields the parsed objects and the raw wire.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import httpx2

_DRAIN_S = 2.0
"""How long a stream that the SDK stopped reading is read on, for bytes after its end."""


@dataclass
class Recording:
    """What one request brought, filled while it runs. Times are ``perf_counter`` seconds."""

    sent: float = 0.0
    path: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    segments: list[tuple[float, bytes]] = field(default_factory=list)
    ended: float = 0.0
    left_open: bool = False
    leave: bool = False
    """Close at once, without reading on: the client goes away on purpose."""
    failure: Exception | None = None


class Recorder(httpx2.BaseTransport):
    """Wraps the real transport; each thread names the recording its next request fills."""

    def __init__(self, host: str, deadline_s: float, *, verify: bool = True) -> None:
        self._inner = httpx2.HTTPTransport(
            verify=verify, limits=httpx2.Limits(max_connections=None, max_keepalive_connections=32)
        )
        self._host = host
        self._deadline_s = deadline_s
        self._local = threading.local()

    def record(self) -> Recording:
        """Start a recording for this thread's next request."""
        recording = Recording()
        self._local.recording = recording
        return recording

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send and record. A redirect to another host is refused before anything is sent."""
        if request.url.host != self._host:
            msg = f"the server redirects to another host: {request.url.host}"
            raise httpx2.UnsupportedProtocol(msg)
        recording: Recording = getattr(self._local, "recording", None) or Recording()
        recording.segments.clear()
        recording.path = request.url.raw_path.decode("ascii")
        recording.sent = perf_counter()
        response = self._inner.handle_request(request)
        recording.status = response.status_code
        recording.headers = {key.lower(): value for key, value in response.headers.items()}
        if not isinstance(response.stream, httpx2.SyncByteStream):  # pragma: no cover
            msg = "a synchronous transport answered with an asynchronous stream"
            raise TypeError(msg)
        stream = _RecordedStream(response.stream, recording, self._deadline_s)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        self._inner.close()


class _RecordedStream(httpx2.SyncByteStream):
    def __init__(
        self, inner: httpx2.SyncByteStream, recording: Recording, deadline_s: float
    ) -> None:
        self._inner = inner
        self._source: Iterator[bytes] | None = None
        self._recording = recording
        self._deadline_s = deadline_s
        self._exhausted = False

    def __iter__(self) -> Iterator[bytes]:
        recording = self._recording
        self._source = self._source or iter(self._inner)
        for data in self._source:
            now = perf_counter()
            recording.segments.append((now - recording.sent, data))
            yield data
            if now - recording.sent > self._deadline_s:
                msg = f"the answer was not complete after {self._deadline_s:g} s"
                raise httpx2.ReadTimeout(msg)
        self._exhausted = True
        recording.ended = perf_counter()

    def close(self) -> None:
        """Read on for a moment, because bytes after the end are evidence; then close."""
        unread = self._source is not None and not self._exhausted
        if unread and not self._recording.leave:
            drain = threading.Thread(target=self._drain, daemon=True)
            drain.start()
            drain.join(_DRAIN_S)
            self._recording.left_open = drain.is_alive()
        self._inner.close()

    def _drain(self) -> None:
        recording = self._recording
        try:
            for data in self._source or ():
                recording.segments.append((perf_counter() - recording.sent, data))
            recording.ended = perf_counter()
        except Exception as error:  # noqa: BLE001 - whatever ends the reading is the finding
            recording.failure = error
