"""Asking servers over HTTP: redirects, secrets and refusals, each decided here alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx2

from .access import Access, Open
from .address import check, parsed, shown
from .errors import NotThereError, RefusedError, Trouble, WrongContentError
from .patience import Tries, retry_after

HOPS = 10
"""Redirects that are followed, one after the other."""

REDIRECTS = {301, 302, 303, 307, 308}
AGAIN = {408, 425, 429}
"""What a client may mend by waiting, beside all of 5xx."""

CONNECT = 15.0
DOCUMENT = 16 << 20
"""Bytes that an answer may have which is read into memory."""


@dataclass(frozen=True, slots=True)
class Document:
    """A small answer, whole."""

    url: httpx2.URL
    headers: httpx2.Headers
    links: Mapping[str | None, Mapping[str, str]]
    content: bytes


class Web:
    """A client that remembers connections. Proxies come from the usual variables."""

    def __init__(self, *, stall: float, insecure: bool = False) -> None:
        self.insecure = insecure
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(stall, connect=min(stall, CONNECT)),
            headers={
                "user-agent": f"openai-reference/{version('openai-compat')}",
                "accept-encoding": "identity",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def document(
        self, url: str, tries: Tries, access: Access | None = None, accept: str = "*/*"
    ) -> Document:
        """A small answer. Raises PullError."""
        return tries.until(partial(self._document, url, access, accept))

    def _document(self, url: str, access: Access | None, accept: str) -> Document:
        with self.open(url, access, {"accept": accept}) as answer:
            content = bytearray()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > DOCUMENT:
                    msg = f"{shown(answer.url)} answers with more than {DOCUMENT >> 20} MiB."
                    raise WrongContentError(msg)
            return Document(answer.url, answer.headers, answer.links, bytes(content))

    @contextmanager
    def open(
        self, url: str, access: Access | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[httpx2.Response]:
        """An answer that says yes (2xx, or 416), its body unread; redirects are followed.

        Raises Trouble where another try may succeed, also while the body is read, and
        RefusedError or NotThereError where none will.
        """
        begin, access = parsed(url), access or Open()
        try:
            answer = self._send(begin, access, headers or {})
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                answer.close()
                if access.renew(answer):
                    answer = self._send(begin, access, headers or {})
            try:
                _judge(answer)
                yield answer
            finally:
                answer.close()
        except httpx2.RequestError as error:
            raise _trouble(error, begin) from error

    def _send(
        self, begin: httpx2.URL, access: Access, headers: Mapping[str, str]
    ) -> httpx2.Response:
        """The first answer that is no redirect."""
        url, before = begin, None
        for _ in range(HOPS):
            check(url, insecure=self.insecure, before=before)
            secret = access.header(url)
            more = {"authorization": secret} if secret else {}
            request = self._client.build_request("GET", url, headers={**headers, **more})
            answer = self._client.send(request, stream=True, auth=_as_built)
            location = answer.headers.get("location")
            if answer.status_code not in REDIRECTS or not location:
                return answer
            answer.close()
            try:
                before, url = url, parsed(str(url.join(location)))
            except httpx2.InvalidURL:
                msg = f"{shown(url)} leads to an address that is none."
                raise RefusedError(msg) from None
        msg = f"{shown(begin)} leads from one address to another without end."
        raise RefusedError(msg)


def _as_built(request: httpx2.Request) -> httpx2.Request:
    """No user and password out of an address that somebody else wrote."""
    return request


def _judge(answer: httpx2.Response) -> None:
    """Whether an answer says yes."""
    status, where = answer.status_code, shown(answer.url)
    if answer.is_success or status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    if status in AGAIN or answer.is_server_error:
        wait = retry_after(answer.headers.get("retry-after"))
        msg = f"{where} is not ready (status {status})."
        raise Trouble(msg, wait)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        msg = f"{where} is not there (status {status})."
        raise NotThereError(msg)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        msg = f"{where} is not for everyone, and we may not have it (status {status})."
        raise RefusedError(msg)
    msg = f"{where} answers with status {status}."
    raise RefusedError(msg)


def _trouble(error: httpx2.RequestError, url: httpx2.URL) -> Exception:
    """What a failure of the transport means."""
    if isinstance(error, (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)):
        return RefusedError(f"{url.host} cannot be asked: {error}.")
    if isinstance(error, httpx2.ConnectTimeout):
        return Trouble(f"{url.host} does not answer.")
    if isinstance(error, httpx2.TimeoutException):
        return Trouble(f"Nothing comes from {url.host} any more.")
    if isinstance(error, (httpx2.ConnectError, httpx2.ProxyError)):
        if "CERTIFICATE" in str(error):
            return RefusedError(f"{url.host} is not who it says it is: {error}.")
        return Trouble(f"{url.host} cannot be reached: {error}.")
    return Trouble(f"The connection to {url.host} broke off.")
