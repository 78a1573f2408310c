"""Fetching one content: from its address to its place among the contents of a store."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial as bound
from http import HTTPStatus
from pathlib import Path
from threading import Event

import httpx2

from ..blobs import Blobs
from ..gguf_facts import size as amount
from .access import Access, Open
from .address import shown
from .errors import CancelledError, NoSpaceError, Trouble, WrongContentError
from .partial import Partial, opened
from .patience import USUAL, Patience, Tries
from .progress import Listener, Meter, Step, unheard
from .web import Web

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


def free_space(folder: Path) -> int:
    """Bytes that the disk of a folder can take."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Wanted:
    """A content: where it is, its digest, and its length in bytes where that is known."""

    url: str
    digest: str
    size: int | None
    access: Access = field(default_factory=Open)
    known: bool = True
    """False: nobody has said its digest, and this one stands in for it until it is here."""

    version: str | None = None
    """The entity tag that a resumed download has to have; for what has no known digest."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches contents into a folder; several programs may do so at once."""

    web: Web
    blobs: Blobs
    patience: Patience = USUAL
    listener: Listener = unheard
    cancelled: Event = field(default_factory=Event)
    free: Callable[[Path], int] = free_space

    def room_for(self, wanted: Iterable[Wanted]) -> None:
        """Whether all of it fits on the disk, before the first byte; NoSpaceError if not."""
        self.room(sum(map(self._missing, wanted)))

    def fetch(self, wanted: Wanted) -> str:
        """Have a content here; its digest. Raises PullError; what came is kept then."""
        meter = Meter(self.listener, wanted.digest, wanted.size)
        if not self._here(wanted):
            with opened(self.blobs.partial(wanted.digest), self.cancelled, self._wait) as partial:
                if not self._here(wanted):  # another program may have fetched it meanwhile
                    return self._fill(wanted, partial, meter)
                partial.restart()
        meter.at(wanted.size or 0, last=True)
        return wanted.digest

    def _fill(self, wanted: Wanted, partial: Partial, meter: Meter) -> str:
        partial.recall(self.cancelled, meter.at)
        filling = Filling(self, wanted, partial, meter)
        filling.whole()
        if wanted.known and partial.digest != wanted.digest and filling.joined:
            # What an earlier try left may be at fault: a system that went down, a moved file.
            self.listener(Step("The parts do not fit together. Fetching it from the start."))
            partial.restart()
            filling = Filling(self, wanted, partial, meter)
            filling.whole()
        digest = partial.digest
        if wanted.known and digest != wanted.digest:
            partial.discard()
            msg = (
                f"{shown(httpx2.URL(wanted.url))} is damaged: its digest is {digest}. "
                "It has been deleted."
            )
            raise WrongContentError(msg)
        partial.settle(self.blobs.path(digest) if wanted.known else partial.path)
        return digest

    def _here(self, wanted: Wanted) -> bool:
        known = wanted.known and wanted.size is not None
        return known and self.blobs.has(wanted.digest, wanted.size or 0)

    def _missing(self, wanted: Wanted) -> int:
        if wanted.size is None or self._here(wanted):
            return 0
        try:
            return max(0, wanted.size - self.blobs.partial(wanted.digest).stat().st_size)
        except FileNotFoundError:
            return wanted.size

    def room(self, needed: int) -> None:
        """Whether so many bytes fit on the disk; NoSpaceError if not."""
        there = self.free(self.blobs.folder)
        if needed > there:
            msg = (
                f"This needs {amount(needed)} more on the disk of the models, "
                f"which has {amount(there)}."
            )
            raise NoSpaceError(msg)

    def _wait(self) -> None:
        self.listener(Step("Another program is fetching this. Waiting for it."))


@dataclass
class Filling:
    """One content on its way, over as many connections as it takes."""

    fetcher: Fetcher
    wanted: Wanted
    partial: Partial
    meter: Meter
    joined: bool = False
    """Whether it is made of the answers to several requests."""

    _most: int = 0

    def whole(self) -> None:
        """Fetch what is missing. Raises PullError."""
        size = self.wanted.size
        if size is not None and self.partial.size > size:
            self.partial.restart()
        self._most = self.partial.size
        self.joined = self.partial.size > 0
        tries = Tries(self.fetcher.patience, self.fetcher.listener, self.fetcher.cancelled)
        tries.until(bound(self._try, tries))
        self.meter.total = self.partial.size
        self.meter.at(self.partial.size, last=True)

    def _try(self, tries: Tries) -> None:
        start, wanted = self.partial.size, self.wanted
        if start == wanted.size:
            return
        headers = {"range": f"bytes={start}-"} if start else {}
        if start and wanted.version:
            headers["if-range"] = wanted.version
        with self.fetcher.web.open(wanted.url, wanted.access, headers) as answer:
            total = self._begins(answer)
            self.meter.total = total
            self.meter.at(self.partial.size)
            for chunk in answer.iter_raw():
                self._take(chunk, total, tries)
        if total is not None and self.partial.size < total:
            msg = f"{answer.url.host} ended its answer before the end of the file."
            raise Trouble(msg)

    def _take(self, chunk: bytes, total: int | None, tries: Tries) -> None:
        if self.fetcher.cancelled.is_set():
            raise CancelledError
        if total is not None and self.partial.size + len(chunk) > total:
            self.partial.discard()
            msg = f"{shown(httpx2.URL(self.wanted.url))} is longer than the {total} bytes it has."
            raise WrongContentError(msg)
        self.partial.append(chunk)
        self.meter.at(self.partial.size)
        if self.partial.size > self._most:
            self._most = self.partial.size
            tries.progressed()

    def _begins(self, answer: httpx2.Response) -> int | None:
        """Look at what an answer says of itself; how long the whole content is."""
        where, start = shown(answer.url), self.partial.size
        if answer.headers.get("content-encoding", "identity") != "identity":
            msg = f"{where} was packed on its way, which makes it another file."
            raise WrongContentError(msg)
        if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
            total = self._continues(answer, start)
        elif answer.status_code == HTTPStatus.OK:
            if start:
                self.partial.restart()
                self.joined = False
            length = answer.headers.get("content-length", "")
            total = int(length) if length.isdecimal() else self.wanted.size
        else:
            self.partial.restart()
            msg = f"{where} answers with status {answer.status_code} to a request for a part of it."
            raise Trouble(msg)
        if self.wanted.size not in (None, total):
            msg = f"{where} has {total} bytes, and should have {self.wanted.size}."
            raise WrongContentError(msg)
        if self.wanted.size is None and total is not None:
            self.fetcher.room(total - self.partial.size)
        return total

    def _continues(self, answer: httpx2.Response, start: int) -> int | None:
        """A part was asked for, and this has to be it; its whole length."""
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if found is None or int(found[1]) != start:
            self.partial.restart()
            msg = f"{answer.url.host} sends another part of the file than was asked for."
            raise Trouble(msg)
        self.joined = True
        return self.wanted.size if found[3] == "*" else int(found[3])
