"""Fetching one content where the disk is full, somebody cancels, or another fetches it too."""

from __future__ import annotations

import threading
import time

import pytest
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.download import (
    BrokenOffError,
    CancelledError,
    NoSpaceError,
    Patience,
)

from .faults import Answer, Faults
from .fetching import CONTENT, DIGEST, Pulled


def test_a_small_disk_is_told_before_the_first_byte(faults: Faults, blobs: Blobs) -> None:
    """What is here already needs no room."""
    faults.files["/x"] = Answer(CONTENT)
    pulled = Pulled(blobs, free=400_000)

    with pytest.raises(NoSpaceError, match=r"1\.0 MB more .* has 400\.0 kB"):
        pulled.fetch(f"{faults.url}/x")
    assert not faults.asked
    pulled.partial.write_bytes(CONTENT[:700_000])
    pulled.fetch(f"{faults.url}/x")
    assert pulled.whole


def test_a_disk_that_is_too_small_for_an_unknown_length(faults: Faults, blobs: Blobs) -> None:
    """It is known when the answer begins."""
    faults.files["/x"] = Answer(CONTENT)

    with pytest.raises(NoSpaceError):
        Pulled(blobs, free=400_000).fetch(f"{faults.url}/x", size=None)
    assert not list(blobs.folder.iterdir())


def test_it_can_be_cancelled(faults: Faults, pulled: Pulled) -> None:
    """What came is kept."""
    faults.files["/x"] = Answer(CONTENT, pause=0.05)
    pulled.amidst(pulled.cancelled.set)

    with pytest.raises(CancelledError):
        pulled.fetch(f"{faults.url}/x")
    assert 0 < pulled.partial.stat().st_size < len(CONTENT)


def test_waiting_for_another_try_can_be_cancelled(faults: Faults, blobs: Blobs) -> None:
    faults.files["/x"] = Answer(status=503)
    pulled = Pulled(blobs, Patience(first=60, longest=60))
    threading.Timer(0.2, pulled.cancelled.set).start()
    started = time.monotonic()

    with pytest.raises(CancelledError):
        pulled.fetch(f"{faults.url}/x")
    assert time.monotonic() - started < 5


def test_two_at_once_fetch_it_once(faults: Faults, blobs: Blobs) -> None:
    faults.files["/x"] = Answer(CONTENT, pause=0.02)
    both = [Pulled(blobs), Pulled(blobs)]
    threads = [threading.Thread(target=one.fetch, args=(f"{faults.url}/x",)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert both[0].whole
    assert len(faults.asked) == 1
    assert any("Another program" in step.status for one in both for step in one.steps)


def test_what_another_command_deletes_is_told(faults: Faults, pulled: Pulled) -> None:
    """As ``rm`` of the same model would; what begins in its place is left alone."""
    faults.files["/x"] = Answer(CONTENT, pause=0.05)

    def delete() -> None:
        pulled.partial.unlink()
        pulled.partial.write_bytes(b"of another program")

    pulled.amidst(delete)
    with pytest.raises(BrokenOffError, match="deleted"):
        pulled.fetch(f"{faults.url}/x")
    assert pulled.partial.read_bytes() == b"of another program"
    assert not pulled.blobs.path(DIGEST).exists()


def test_cancelling_at_once_keeps_what_was_there(faults: Faults, pulled: Pulled) -> None:
    pulled.partial.write_bytes(CONTENT[:1000])
    pulled.cancelled.set()

    with pytest.raises(CancelledError):
        pulled.fetch(f"{faults.url}/x")
    assert pulled.partial.read_bytes() == CONTENT[:1000]
