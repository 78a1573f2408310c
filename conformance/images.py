"""Small pictures, and messages that carry them."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any, Literal

Form = Literal["uri", "uri-string", "bare", "bare-string"]


COMMENT = "nothing to see here, " * 40
"""A kilobyte that no reader of a picture, a sound or a document tells the model."""


def png(red: int, green: int, blue: int, side: int = 64, comment: str = "") -> bytes:
    """A PNG file of one colour, ``side`` pixels square, with a comment that nobody sees.

    PNG specification, 5.2 to 11.2.4 and 11.3.3.
    """

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", header)
        + (part(b"tEXt", b"Comment\0" + comment.encode("latin-1")) if comment else b"")
        + part(b"IDAT", zlib.compress(rows, 9))
        + part(b"IEND", b"")
    )


RED = png(220, 20, 20)
LONGER_RED = png(220, 20, 20, comment=COMMENT)
"""The same picture in a longer file."""
BLUE = png(20, 40, 220)

# A green square in the other formats, 64 pixels square.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQ"
    "c1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCABAAEADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA"
    "AAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAQF/8QAFBEBAAAAAAAAAAAAAAAA"
    "AAAAAP/aAAwDAQACEQMRAD8AgAlZwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/2Q=="
)
WEBP = base64.b64decode("UklGRiQAAABXRUJQVlA4TBcAAAAvP8APAAdQ0FIUpf8BICH8f69F9D/1AwA=")


def picture(text: str, image: bytes, form: Form = "uri", kind: str = "png") -> list[Any]:
    """The messages of a user who asks about a picture, which is sent in one of four forms."""
    encoded = base64.b64encode(image).decode("ascii")
    address = encoded if form.startswith("bare") else f"data:image/{kind};base64,{encoded}"
    value: Any = address if form.endswith("string") else {"url": address}
    parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": value}]
    return [{"role": "user", "content": parts}]
