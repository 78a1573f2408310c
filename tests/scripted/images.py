"""Images in messages: data URIs and bare base64, known formats, and complete files only."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from .rules import wrong

_DATA_URI = re.compile(r"data:([\w/+.-]*);base64,(.*)", re.DOTALL)

_URL_SAFE = str.maketrans("-_", "+/")


def _is_complete(data: bytes) -> bool:
    """Whether the bytes are a whole PNG, JPEG, WebP or GIF file."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return (
            data[12:16] == b"IHDR"
            and b"IDAT" in data
            and data.rstrip(b"\0")[-8:] == b"IEND\xaeB`\x82"
        )
    if data.startswith(b"\xff\xd8\xff"):
        return data.rstrip(b"\0\r\n")[-2:] == b"\xff\xd9" and len(data) > 20
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return int.from_bytes(data[4:8], "little") <= len(data) - 8
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return data.rstrip(b"\0\r\n")[-1:] == b";" and len(data) > 13
    return False


def read_image(part: dict[str, Any], param: str) -> bytes:
    """The bytes of an ``image_url`` part, given as a string or as ``{"url": …}``.

    Raises a Refusal that names the part if it is on another machine, not base64, or not an image.
    """
    given = part.get("image_url")
    param += ".image_url"
    if isinstance(given, dict):
        if given.get("detail", "auto") not in ("auto", "low", "high", "original"):
            raise wrong(f"{param}.detail", "it must be one of auto, low, high, original")
        given = given.get("url")
        param += ".url"
    if not isinstance(given, str):
        raise wrong(param, "it must be a string")
    if re.match(r"https?://", given, re.IGNORECASE):
        return _checked(_fetch(given, param), param)
    found = _DATA_URI.fullmatch(given)
    if found and found[1] and not found[1].startswith("image/"):
        raise wrong(param, f"a data URI of type {found[1]} is not an image", "invalid_image_format")
    try:
        plain = re.sub(r"\s", "", found[2] if found else given).translate(_URL_SAFE)
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(param, "it must be base64 data", "invalid_base64") from None
    return _checked(data, param)


def _fetch(address: str, param: str) -> bytes:
    """The bytes behind an address on this machine; no test looks further."""
    if urlsplit(address).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise wrong(param, "an address must be on this machine", "invalid_image_url")
    try:
        with urlopen(address, timeout=5) as answer:
            return bytes(answer.read())
    except (OSError, ValueError):
        raise wrong(param, "it cannot be fetched", "invalid_image_url") from None


def _checked(data: bytes, param: str) -> bytes:
    if not _is_complete(data):
        raise wrong(param, "it must be a complete PNG, JPEG, WebP or GIF image", "invalid_image")
    return data
