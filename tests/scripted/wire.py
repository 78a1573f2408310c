"""HTTP/1.1 for the server: keep-alive, chunked transfer, one write per chunk."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, cast

from .request import Drop, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .server import Scripted

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request body; more are 413."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests of any method and gives them to the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = -1
    wbufsize = 0
    server: Any
    timeout = 120

    def handle(self) -> None:
        """Serve one connection until either side closes it."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError, Drop):
            self.close_connection = True

    def __getattr__(self, name: str) -> Any:
        """Any method is served; the router knows which are allowed."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP in the envelope too."""
        self.close_connection = True
        self.request_version = "HTTP/1.1"
        self._refuse(Request("GET", "/"), code, message or HTTPStatus(code).phrase)

    def _refuse(self, request: Request, status: int, message: str) -> None:
        self.close_connection = True
        kind = "server_error" if status >= 500 else "invalid_request_error"
        error = {"message": message, "type": kind, "param": None, "code": None}
        self._send(request, *self._scripted.refuse(request, status, error, {}))

    @property
    def _scripted(self) -> Scripted:
        return cast("Scripted", self.server.scripted)

    def _serve(self) -> None:
        request = Request(
            self.command, self.path, {name.lower(): value for name, value in self.headers.items()}
        )
        request.socket = self.connection
        length = request.headers.get("content-length", "0")
        if "chunked" in request.headers.get("transfer-encoding", "").lower():
            request.raw = self._read_chunks()
        elif not (length.isascii() and length.isdigit()):
            self._refuse(request, 400, "The Content-Length header must be a number of bytes.")
            return
        elif int(length) > LARGEST_BODY:
            self._refuse(request, 413, f"The body is larger than {LARGEST_BODY} bytes.")
            return
        else:
            request.raw = self.rfile.read(int(length))
        self._send(request, *self._scripted.respond(request))

    def _read_chunks(self) -> bytes:
        body = b""
        while size := self._chunk_size():
            body += self.rfile.read(size)
            self.rfile.readline(100)
            if len(body) > LARGEST_BODY:
                raise Drop
        while self.rfile.readline(1000).strip():
            pass
        return body

    def _chunk_size(self) -> int:
        try:
            return int(self.rfile.readline(100).split(b";")[0], 16)
        except ValueError:
            raise Drop from None

    def _send(
        self, request: Request, status: int, headers: dict[str, str], body: bytes | Iterator[bytes]
    ) -> None:
        """Write the head, then the body at once, or piece by piece as they come."""
        whole = body if isinstance(body, bytes) else None
        chunked = self._frame(status, headers, whole)
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
        head = [f"HTTP/1.1 {status} {reason}", f"date: {formatdate(usegmt=True)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        start = "\r\n".join([*head, "", ""]).encode("latin-1", "replace")
        if isinstance(body, bytes):
            if chunked and body:
                body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            self.wfile.write(start if request.method == "HEAD" else start + body)
        else:
            self._write(request, start)
            self._stream(request, body, chunked=chunked)

    def _frame(self, status: int, headers: dict[str, str], whole: bytes | None) -> bool:
        """Add the headers that say where the body ends; true if it is to be chunked."""
        chunked = whole is None or "transfer-encoding" in headers
        if chunked and self.request_version == "HTTP/1.1":
            headers["transfer-encoding"] = "chunked"
        elif chunked:
            chunked, self.close_connection = False, True
            headers.pop("transfer-encoding", None)
        elif status not in (204, 304):
            headers.setdefault("content-length", str(len(whole or b"")))
        if headers.get("connection") == "close":
            self.close_connection = True
        elif self.close_connection:
            headers["connection"] = "close"
        return chunked

    def _stream(self, request: Request, body: Iterator[bytes], *, chunked: bool) -> None:
        try:
            for piece in filter(None, body):
                data = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
                self._write(request, data)
        except Drop:
            self.close_connection = True
            return
        finally:
            getattr(body, "close", lambda: None)()
        if chunked:
            self._write(request, b"0\r\n\r\n")

    def _write(self, request: Request, data: bytes) -> None:
        """Write; a client that has left is noted: the server decides whether to go on."""
        try:
            if not request.gone:
                self.wfile.write(data)
        except OSError:
            request.gone = self.close_connection = True
