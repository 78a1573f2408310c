"""Addresses: which are allowed, what counts as the same server, and what may be shown of them."""

from __future__ import annotations

import httpx2

from .errors import RefusedError

PORTS = {"http": 80, "https": 443}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

Origin = tuple[str, str, int]
"""Scheme, host and port: only what has all three in common is the same server."""


def parsed(text: str) -> httpx2.URL:
    """An address with a host, over HTTP or HTTPS; RefusedError for any other."""
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        url = httpx2.URL()
    if url.scheme not in PORTS or not url.host:
        msg = "This is not the address of a file: one begins with https:// and has a host."
        raise RefusedError(msg)
    return url


def origin(url: httpx2.URL) -> Origin:
    """The server of an address."""
    return url.scheme, url.host, url.port or PORTS[url.scheme]


def local(url: httpx2.URL) -> bool:
    """Whether an address is this machine's own."""
    return url.host in LOOPBACK


def shown(url: httpx2.URL) -> str:
    """An address for people: without its user, password and query, which may be secrets."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


def check(url: httpx2.URL, *, insecure: bool, before: httpx2.URL | None = None) -> None:
    """Whether an address may be asked; RefusedError where it would not be encrypted.

    Plain HTTP is for this machine, and one that is elsewhere cannot send us there.
    """
    away = before is not None and (before.scheme == "https" or not local(before))
    if url.scheme == "https" or insecure or (local(url) and not away):
        return
    how = f"{shown(before)} leads to" if before is not None else "This is"
    msg = f"{how} {shown(url)}, which is not encrypted. --insecure allows it."
    raise RefusedError(msg)
