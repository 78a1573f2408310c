"""Pictures: in every documented form on llama.cpp, and a clear refusal elsewhere."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from .running import Answer, Running

Image = pytest.importorskip("PIL.Image", reason="pictures need Pillow")


def picture(form: str, colour: str = "red", size: tuple[int, int] = (48, 32)) -> bytes:
    """An encoded picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return buffer.getvalue()


def ask(server: Running, source: Any) -> Answer:
    """Ask about one picture."""
    parts = [
        {"type": "text", "text": "What's in this image?"},
        {"type": "image_url", "image_url": source},
    ]
    messages = [{"role": "user", "content": parts}]
    return server.chat(model="llava", messages=messages, max_tokens=30, temperature=0)


@pytest.fixture
def seeing(server: Running) -> Running:
    """A server that reads pictures."""
    if server.engine != "llamacpp":
        pytest.skip("only llama.cpp reads pictures")
    return server


def text(answer: Answer) -> str:
    """The content of an answer."""
    content: str = answer.json["choices"][0]["message"]["content"]
    return content


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_every_way_to_send_a_picture_is_read_alike(seeing: Running, form: str) -> None:
    """Data URI and bare base64, as a string and as an object."""
    data = picture(form)
    bare = base64.b64encode(data).decode()
    uri = f"data:image/{form.lower()};base64,{bare}"
    answers = [ask(seeing, source) for source in (bare, uri, {"url": bare}, {"url": uri})]

    assert [answer.status for answer in answers] == [200] * 4
    assert len({text(answer) for answer in answers}) == 1
    assert answers[0].json["usage"]["prompt_tokens"] > 16


def test_what_the_picture_shows_makes_a_difference(seeing: Running) -> None:
    """Two colours, and none."""
    answers = {text(ask(seeing, encoded(picture("PNG", colour)))) for colour in ("red", "blue")}

    assert len(answers) == 2


def encoded(data: bytes) -> str:
    """Bare base64."""
    return base64.b64encode(data).decode()


BROKEN = {
    "truncated": picture("PNG", size=(300, 300))[:120],
    "not a picture": b"hello world, this is no picture",
    "gif": picture("GIF"),
    "bomb": picture("PNG", size=(12000, 12000)),
    "header only": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_picture_is_a_400(seeing: Running, fault: str) -> None:
    """Param names the part, and the next picture is read."""
    answer = ask(seeing, encoded(BROKEN[fault]))

    assert answer.status == 400
    assert answer.error["param"] == "messages[0].content[1].image_url"
    assert answer.error["code"] == "invalid_image"
    assert ask(seeing, encoded(picture("PNG"))).status == 200


def test_a_backend_without_vision_says_so(server: Running) -> None:
    """With the part as param."""
    if server.engine == "llamacpp":
        pytest.skip("llama.cpp reads pictures")
    answer = ask(server, encoded(picture("PNG")))

    assert answer.status == 400
    assert answer.error["param"] == "messages[0].content[1].image_url"
    assert "vision" in answer.error["message"]
