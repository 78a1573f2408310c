"""Tiny pictures for the tests."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any


def png(red: int) -> bytes:
    """A picture of one pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(bytes([0, red, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", pixel) + part(b"IEND", b"")


def shown(image: Any) -> list[Any]:
    return [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": image}]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
