"""Serving the app with waitress on loopback addresses."""

from __future__ import annotations

import socket
from typing import Any, Literal

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server
from waitress.task import ErrorTask

from . import body, sse
from .errors import ApiError
from .log import AccessLog, Wsgi


class EnvelopeTask(ErrorTask):
    """Answers what never reaches the app, such as a broken request line, in our envelope."""

    def execute(self) -> None:
        """Write the error."""
        error: Any = self.request.error  # type: ignore[attr-defined]  # the stubs lack it
        envelope = ApiError(error.code, f"{error.reason}: {error.body}").envelope()
        data = sse.encode(envelope)
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/json")]
        self.set_close_on_finish()
        self.content_length = len(data)
        self.write(data)


class Channel(HTTPChannel):
    """A connection whose errors are envelopes."""

    error_task_class = EnvelopeTask


def sockets(host: str, port: int) -> list[socket.socket]:
    """Listening sockets: for a loopback name both 127.0.0.1 and, where there is one, ::1.

    Port 0 takes a free one, the same on both. Raises OSError where the port is taken.
    """
    hosts = ["127.0.0.1", "::1"] if host in {"127.0.0.1", "localhost"} else [host]
    opened: list[socket.socket] = []
    for one in hosts:
        family = socket.AF_INET6 if ":" in one else socket.AF_INET
        try:
            made = socket.socket(family, socket.SOCK_STREAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind((one, opened[0].getsockname()[1] if opened else port))
        except OSError:
            if not opened:
                raise
            continue
        opened.append(made)
    return opened


def server(
    app: Wsgi,
    *,
    host: str,
    port: int,
    threads: int,
    log_format: Literal["text", "json"] = "text",
) -> Any:
    """A waitress server, ready to ``run()``."""
    made: Any = create_server(
        AccessLog(app, log_format),
        sockets=sockets(host, port),
        threads=threads,
        ident="",
        clear_untrusted_proxy_headers=True,
        max_request_body_size=4 * body.LARGEST,
        channel_request_lookahead=1,  # else a client that leaves is noticed only on a write
        connection_limit=1000,
    )
    listening = getattr(made, "map", None) or made._map  # noqa: SLF001 - waitress names it so
    for part in listening.values():
        if isinstance(part, TcpWSGIServer):
            part.channel_class = Channel
    return made


def port_of(made: Any) -> int:
    """The port a server listens on."""
    listening = getattr(made, "effective_listen", None)
    return int(listening[0][1] if listening else made.effective_port)
