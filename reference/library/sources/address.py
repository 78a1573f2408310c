"""A GGUF file at an address of the web."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import httpx2

from ..digest import of_bytes
from ..download import RefusedError, Wanted, Web
from ..download.access import Access, Secret
from ..download.address import shown
from ..download.patience import Tries
from ..manifest import WEIGHTS
from ..names import Name
from . import huggingface
from .source import Offer, Piece

_TOTAL = re.compile(r"bytes 0-0/(\d+)")
_SUM = re.compile(r"sha256=([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server says of a file: its length, and what changes with its content."""

    size: int | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address; ``#sha256=HEX`` behind it says what has to come from there."""

    url: httpx2.URL = field(repr=False)
    name: Name
    environment: Mapping[str, str] = field(repr=False)

    def offer(self, web: Web, tries: Tries) -> Offer:
        """The file. Raises PullError."""
        url = str(self.url.copy_with(userinfo=b"", fragment=None))
        seen = tries.until(partial(self._look, web, url))
        digest = self._digest()
        if digest:
            return _offer(Wanted(url, digest, seen.size, self._access()))
        # Without a version nobody knows whether what came earlier is of the same file.
        version = seen.version or os.urandom(16).hex()
        mark = of_bytes(f"{shown(self.url)}\n{version}\n{seen.size}".encode())
        wanted = Wanted(url, mark, seen.size, self._access(), known=False, version=seen.version)
        return _offer(wanted, mark if seen.version else None)

    def _access(self) -> Access:
        if self.url.userinfo:
            return Secret.basic(self.url)
        return huggingface.access(self.environment)

    def _digest(self) -> str | None:
        if not self.url.fragment:
            return None
        found = _SUM.fullmatch(self.url.fragment)
        if found is None:
            msg = "What stands behind # in the address has to be sha256= and 64 digits."
            raise RefusedError(msg)
        return f"sha256:{found[1].lower()}"

    def _look(self, web: Web, url: str) -> Seen:
        """Ask for the first byte, because not every server lets itself be asked for none."""
        with web.open(url, self._access(), {"range": "bytes=0-0"}) as answer:
            headers = answer.headers
            etag = headers.get("etag", "")
            version = headers.get("last-modified") if etag.startswith("W/") or not etag else etag
            if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
                found = _TOTAL.fullmatch(headers.get("content-range", ""))
                return Seen(int(found[1]) if found else None, version)
            length = headers.get("content-length", "")
            sure = answer.status_code == HTTPStatus.OK and length.isdecimal()
            return Seen(int(length) if sure else None, version)


def _offer(wanted: Wanted, version: str | None = None) -> Offer:
    return Offer((Piece(WEIGHTS, wanted),), version=version)
