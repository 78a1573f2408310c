"""Pictures in messages, in every form, and other media."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ..answer import Answer, expect_not_as_text, expect_read
from ..expect import expect_that, untested
from ..fields import accepted_only, observes
from ..images import BLUE, COMMENT, LONGER_RED, RED, Form, picture
from ..server import Server

_ASK = "What is in this picture?"


def look(server: Server, messages: list[Any], **fields: Any) -> Answer:
    """An answer of the vision model."""
    model = server.session.vision_model or server.manner.model
    return server.chat(messages, model=model, **fields)


@observes("chat.vision", "chat.messages.image", "chat.messages.image-base64")
def image_base64(server: Server) -> None:
    """Two pictures in data URIs make a difference."""
    red, blue, longer = (look(server, picture(_ASK, one)) for one in (RED, BLUE, LONGER_RED))
    _differ(server, red, blue)
    expect_not_as_text("a picture", red, longer)


@observes("chat.messages.image-bare")
def image_bare(server: Server) -> None:
    """Base64 without a prefix is read, as an object's url and as a plain string."""
    forms: tuple[Form, Form] = ("bare", "bare-string")
    for form in forms:
        short, long = (look(server, picture(_ASK, one, form)) for one in (RED, LONGER_RED))
        _seen(server, short)
        expect_not_as_text("a picture", short, long)


@observes("chat.messages.image-url")
def image_url(server: Server) -> None:
    """A picture behind an address on the judge's own machine is fetched."""
    if not _is_loopback(urlsplit(server.session.exchanges.client.base_url).hostname or ""):
        untested("the server runs elsewhere, and the judge has no picture on the internet")
    with _picture_host() as (url, fetched):
        parts = [{"type": "text", "text": _ASK}, {"type": "image_url", "image_url": {"url": url}}]
        answer = look(server, [{"role": "user", "content": parts}])
        expect_that(fetched, "requests for the picture", "one or more", 0, answer.exchange)
        _seen(server, answer)


@observes("chat.messages.image-detail")
def image_detail(server: Server) -> None:
    """Both resolutions are accepted."""
    url = f"data:image/png;base64,{base64.b64encode(RED).decode()}"
    for detail in ("low", "high"):
        part = {"type": "image_url", "image_url": {"url": url, "detail": detail}}
        look(server, [{"role": "user", "content": [{"type": "text", "text": _ASK}, part]}])
    accepted_only()


@observes("chat.messages.audio")
def audio(server: Server) -> None:
    """A quarter of a second of silence changes what the model reads."""
    _media(server, "input_audio", lambda said: {"data": _encoded(_silence(said)), "format": "wav"})


@observes("chat.messages.file")
def file(server: Server) -> None:
    """A small document changes what the model reads."""

    def value(said: str) -> dict[str, str]:
        data = _encoded(f"%PDF-1.1\n%{said}\n%%EOF\n".encode())
        return {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{data}"}

    _media(server, "file", value)


def _media(server: Server, kind: str, value: Callable[[str], dict[str, str]]) -> None:
    def asked(*parts: dict[str, Any]) -> Answer:
        text = {"type": "text", "text": "What do you make of this?"}
        return server.chat([{"role": "user", "content": [text, *parts]}])

    without, heard = asked(), asked({"type": kind, kind: value("")})
    expect_read(f"a part of type {kind}", without, heard)
    longer = asked({"type": kind, kind: value(COMMENT)})
    expect_not_as_text(f"a part of type {kind}", heard, longer)


def _seen(server: Server, answer: Answer) -> None:
    blind = server.chat(_ASK, model=server.session.vision_model or server.manner.model)
    expect_read("a picture", blind, answer)


def _differ(server: Server, one: Answer, two: Answer) -> None:
    """The answers differ, or at least the picture costs tokens: a model may be colour-blind."""
    if one.text != two.text:
        return
    _seen(server, two)


@contextmanager
def _picture_host() -> Iterator[tuple[str, list[str]]]:
    """The address of a picture, and the paths that were asked for."""
    fetched: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(RED)))
            self.end_headers()
            self.wfile.write(RED)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as host:
        threading.Thread(target=host.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{host.server_port}/red.png", fetched
        finally:
            host.shutdown()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _silence(comment: str = "") -> bytes:
    """A quarter of a second of silence as a WAV file of 8 kHz, 8 bit, mono."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + len(data).to_bytes(4, "little") + data

    form = b"\1\0\1\0" + (8000).to_bytes(4, "little") * 2 + b"\1\0\x08\0"
    said = chunk(b"LIST", b"INFO" + chunk(b"ICMT", comment.encode())) if comment else b""
    return chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", form) + said + chunk(b"data", b"\x80" * 2000))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
