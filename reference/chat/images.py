"""Pictures in messages: from a data URI or bare base64 to bytes."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ..errors import ApiError

DATA = re.compile(r"data:(?P<mime>[^,;]*)(?:;[^,;]+=[^,;]*)*(?P<base64>;base64)?,", re.IGNORECASE)
SPACE = re.compile(r"\s+")


def picture(source: Any, param: str) -> bytes:
    """The bytes of ``image_url``, a string or an object with ``url``; ApiError (400) if not."""
    text: str = source["url"] if isinstance(source, dict) else source
    header = DATA.match(text)
    if header:
        if not header["base64"]:
            raise _bad(param, "a data URI has to be encoded in base64")
        text = text[header.end() :]
    elif "://" in text[:16]:
        raise _bad(param, "addresses are not fetched")
    text = SPACE.sub("", text).translate(str.maketrans("-_", "+/"))
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad(param, "this is not base64") from error
    if not known(data):
        raise _bad(param, "the data is not a PNG, JPEG or WebP file")
    return data


def known(data: bytes) -> bool:
    """Whether the data begins like a picture of a format that is read."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))


def _bad(param: str, why: str) -> ApiError:
    message = (
        f"{param!r} is no picture that can be read: {why}. Send a PNG, JPEG or WebP file as "
        "data:image/png;base64,… or as bare base64."
    )
    return ApiError(400, message, param=param, code="invalid_image")
