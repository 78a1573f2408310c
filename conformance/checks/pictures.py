"""Pictures: formats, places in a message, and broken ones."""

from __future__ import annotations

from typing import Any

from ..answer import expect_read
from ..check import check
from ..expect import expect_that
from ..images import BLUE, JPEG, RED, WEBP, picture
from ..observers.pictures import look
from ..server import PATHS, Server

_NEEDS = ("vision",)
_ASK = "What is in this picture?"


@check("chat.pictures.formats", requirement="image-formats", needs=_NEEDS)
def formats(server: Server) -> None:
    """Pictures in JPEG and WebP are read like those in PNG."""
    blind = look(server, [{"role": "user", "content": _ASK}])
    for kind, image in (("jpeg", JPEG), ("webp", WEBP)):
        answer = look(server, picture(_ASK, image, kind=kind))
        expect_read(f"a picture in {kind}", blind, answer)


@check("chat.pictures.broken", requirement="image-broken-rejected", needs=_NEEDS)
def broken(server: Server) -> None:
    """A picture that is cut in half is refused."""
    for image in (b"this is not a picture at all", RED[: len(RED) // 2]):
        model = server.session.vision_model or server.manner.model
        body = server.body("chat", picture(_ASK, image), {"model": model, "tokens": 8})
        exchange = server.request("POST", PATHS["chat"], body)
        expect_that(400 <= exchange.status < 500, "status", "a 4xx", exchange.brief(160), exchange)


@check("chat.pictures.several", requirement="image-several", needs=_NEEDS)
def several(server: Server) -> None:
    """A second picture changes what the model sees."""
    one = look(server, picture(_ASK, RED))
    two = look(server, _two())

    expect_read("a second picture", one, two)


def _two() -> list[Any]:
    messages = picture(_ASK, RED)
    messages[0]["content"] += picture("", BLUE)[0]["content"][1:]
    return messages


@check("chat.pictures.text-after", requirement="image-order", needs=_NEEDS)
def text_after(server: Server) -> None:
    """A question that stands after its picture is read."""
    messages = picture(_ASK, RED)
    messages[0]["content"].reverse()
    other = picture("Tell me about trains and ships instead.", RED)
    other[0]["content"].reverse()
    one, two = look(server, messages), look(server, other)

    expect_read("another question after the picture", one, two)
