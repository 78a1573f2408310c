"""Fetching one content from a server that misbehaves."""

from __future__ import annotations

import hashlib
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.download import (
    BrokenOffError,
    CancelledError,
    Fetcher,
    NoSpaceError,
    NotThereError,
    Patience,
    RefusedError,
    Step,
    Wanted,
    Web,
    WrongContentError,
)
from openai_compat.reference.library.download.access import Secret
from openai_compat.reference.library.download.address import parsed
from openai_compat.reference.library.download.patience import retry_after

from .faults import Answer, Faults

CONTENT = hashlib.shake_128(b"some content").digest(1_000_000)
DIGEST = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(tries=4, first=0.01, longest=0.05, asked=0.3, stall=5.0)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    (tmp_path / "blobs").mkdir()
    return Blobs(tmp_path / "blobs")


class Pulled:
    """A fetch of one content, and what it said."""

    def __init__(self, blobs: Blobs, patience: Patience = QUICK, free: int = 1 << 40) -> None:
        self.steps: list[Step] = []
        self.cancelled = threading.Event()
        self.blobs, self.patience, self.free = blobs, patience, free

    def fetch(self, url: str, *, size: int | None = len(CONTENT), token: str | None = None) -> str:
        wanted = Wanted(url, DIGEST, size)
        if token:
            wanted = Wanted(url, DIGEST, size, Secret.bearer(parsed(url), token))
        with Web(stall=self.patience.stall) as web:
            fetcher = Fetcher(
                web, self.blobs, self.patience, self.steps.append, self.cancelled,
                lambda folder: self.free,
            )  # fmt: skip
            fetcher.room_for([wanted])
            return fetcher.fetch(wanted)

    @property
    def partial(self) -> Path:
        return self.blobs.partial(DIGEST)

    @property
    def whole(self) -> bool:
        path = self.blobs.path(DIGEST)
        return path.is_file() and path.read_bytes() == CONTENT and not self.partial.exists()


@pytest.fixture
def pulled(blobs: Blobs) -> Pulled:
    return Pulled(blobs)


def test_a_cut_connection_goes_on_where_it_broke(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(CONTENT, cut=300_000), Answer(CONTENT, cut=200_000)]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert [asked.range for asked in faults.of("/x")] == [None, "bytes=300000-", "bytes=500000-"]
    assert any("Trying again" in step.status for step in pulled.steps)


def test_progress_is_in_ollamas_shape(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x")
    told = [step.encode() for step in pulled.steps]

    assert told[-1] == {
        "status": f"pulling {DIGEST[7:19]}",
        "digest": DIGEST,
        "total": len(CONTENT),
        "completed": len(CONTENT),
    }
    completed = [step["completed"] for step in told]
    assert completed == sorted(completed)


def test_tries_in_vain_end_and_keep_what_came(faults: Faults, pulled: Pulled) -> None:
    faults.faults["/x"] = [Answer(CONTENT, cut=100), *[Answer(status=503) for _ in range(9)]]

    with pytest.raises(BrokenOffError, match="Tried 4 times"):
        pulled.fetch(f"{faults.url}/x")
    assert pulled.partial.read_bytes() == CONTENT[:100]
    assert len(faults.asked) == 4


def test_many_cuts_are_no_reason_to_give_up(faults: Faults, pulled: Pulled) -> None:
    """As long as something comes each time."""
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(CONTENT, cut=50_000) for _ in range(12)]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert len(faults.asked) == 13


def test_a_server_without_ranges_that_cuts_is_given_up(faults: Faults, pulled: Pulled) -> None:
    """The same bytes again are no progress."""
    faults.files["/x"] = Answer(CONTENT, cut=50_000, ranges=False)

    with pytest.raises(BrokenOffError):
        pulled.fetch(f"{faults.url}/x")
    assert len(faults.asked) == 4


def test_what_an_earlier_program_left_is_used(faults: Faults, pulled: Pulled) -> None:
    pulled.partial.write_bytes(CONTENT[:700_000])
    faults.files["/x"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert [asked.range for asked in faults.asked] == ["bytes=700000-"]


def test_a_damaged_partial_is_fetched_again(faults: Faults, pulled: Pulled) -> None:
    pulled.partial.write_bytes(bytes(700_000))
    faults.files["/x"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert [asked.range for asked in faults.asked] == ["bytes=700000-", None]


@pytest.mark.parametrize("length", [len(CONTENT), len(CONTENT) + 1])
def test_a_whole_partial_needs_no_request_or_starts_again(
    faults: Faults, pulled: Pulled, length: int
) -> None:
    pulled.partial.write_bytes((CONTENT + b"x")[:length])
    faults.files["/x"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert len(faults.asked) == length - len(CONTENT)


def test_what_is_here_is_not_asked_for(faults: Faults, pulled: Pulled) -> None:
    pulled.blobs.put(CONTENT)
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert not faults.asked
    assert pulled.steps[-1].completed == len(CONTENT)


def test_a_200_to_a_range_starts_again(faults: Faults, pulled: Pulled) -> None:
    pulled.partial.write_bytes(CONTENT[:1000])
    faults.files["/x"] = Answer(CONTENT, ranges=False)
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert [asked.range for asked in faults.asked] == ["bytes=1000-"]


@pytest.mark.parametrize("said", ["bytes 0-999999/1000000", "bytes */1000000", "", "items 1-2/3"])
def test_another_part_than_was_asked_for_is_not_taken(
    faults: Faults, pulled: Pulled, said: str
) -> None:
    pulled.partial.write_bytes(CONTENT[:1000])
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(CONTENT, 206, {"Content-Range": said})]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert [asked.range for asked in faults.asked] == ["bytes=1000-", None]


def test_a_part_that_is_not_there_starts_again(faults: Faults, pulled: Pulled) -> None:
    pulled.partial.write_bytes(CONTENT[:1000])
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(b"", 416)]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert len(faults.asked) == 2


def test_a_wrong_digest_is_told_and_deleted(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(bytes(len(CONTENT)))

    with pytest.raises(WrongContentError, match=r"damaged: its digest is sha256:.*deleted"):
        pulled.fetch(f"{faults.url}/x")
    assert not list(pulled.blobs.folder.iterdir())
    assert len(faults.asked) == 1


@pytest.mark.parametrize("length", [len(CONTENT) - 1, len(CONTENT) + 1])
def test_a_wrong_length_is_told_before_anything_is_read(
    faults: Faults, pulled: Pulled, length: int
) -> None:
    faults.files["/x"] = Answer(CONTENT, length=length)

    with pytest.raises(WrongContentError, match=f"has {length} bytes, and should have"):
        pulled.fetch(f"{faults.url}/x")
    assert len(faults.asked) == 1
    assert not list(pulled.blobs.folder.iterdir())


def test_more_than_was_promised_is_not_taken(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT + b"more", length=-1)

    with pytest.raises(WrongContentError, match="longer"):
        pulled.fetch(f"{faults.url}/x")
    assert not list(pulled.blobs.folder.iterdir())


def test_an_answer_that_ends_early_without_an_error_goes_on(faults: Faults, pulled: Pulled) -> None:
    """Without a Content-Length nothing but the size tells."""
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(CONTENT, cut=1234, length=-1)]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert faults.asked[1].range == "bytes=1234-"


def test_a_stall_is_noticed(faults: Faults, blobs: Blobs) -> None:
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(CONTENT, cut=5000, stall=threading.Event())]
    pulled = Pulled(blobs, Patience(tries=2, first=0.01, stall=0.3))
    started = time.monotonic()
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert 0.3 < time.monotonic() - started < 5
    assert faults.asked[1].range == "bytes=5000-"
    assert any("Nothing comes from 127.0.0.1" in step.status for step in pulled.steps)


def test_503_twice_and_429_are_waited_for(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [
        Answer(status=503),
        Answer(status=503),
        Answer(status=429, headers={"Retry-After": "0"}),
    ]
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert len(faults.asked) == 4


@pytest.mark.parametrize("date", [False, True])
def test_retry_after_is_honoured_up_to_a_limit(faults: Faults, blobs: Blobs, *, date: bool) -> None:
    asked = formatdate(time.time() + 3600, usegmt=True) if date else "3600"
    faults.files["/x"] = Answer(CONTENT)
    faults.faults["/x"] = [Answer(status=429, headers={"Retry-After": asked})]
    pulled = Pulled(blobs, Patience(first=0.01, asked=0.5))
    started = time.monotonic()
    pulled.fetch(f"{faults.url}/x")

    assert pulled.whole
    assert 0.5 <= time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text) == seconds
    assert retry_after(None) is None


@pytest.mark.parametrize("status", [400, 401, 403, 405, 451])
def test_a_final_refusal_is_not_asked_again(faults: Faults, pulled: Pulled, status: int) -> None:
    faults.files["/x"] = Answer(b"no", status)

    with pytest.raises(RefusedError, match=str(status)):
        pulled.fetch(f"{faults.url}/x")
    assert len(faults.asked) == 1


def test_what_is_not_there_is_not_asked_again(faults: Faults, pulled: Pulled) -> None:
    with pytest.raises(NotThereError, match="404"):
        pulled.fetch(f"{faults.url}/x")
    assert len(faults.asked) == 1


def test_a_closed_port_is_tried_and_told(pulled: Pulled) -> None:
    with Faults().running() as gone:
        url = gone.url

    with pytest.raises(BrokenOffError, match=r"127\.0\.0\.1 cannot be reached"):
        pulled.fetch(f"{url}/x")


def test_a_redirect_is_followed_without_the_token(
    faults: Faults, other: Faults, pulled: Pulled, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even another port of the same host gets it; the host itself does."""
    caplog.set_level("DEBUG")
    faults.files["/x"] = Answer(status=307, headers={"Location": "/y?signed=1"})
    faults.files["/y"] = Answer(status=302, headers={"Location": f"{other.url}/z"})
    other.files["/z"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x", token="s3cret")

    assert pulled.whole
    assert [asked.authorization for asked in faults.asked] == ["Bearer s3cret"] * 2
    assert [asked.authorization for asked in other.asked] == [None]
    assert "s3cret" not in caplog.text


def test_a_name_and_a_password_in_a_redirect_are_not_sent(
    faults: Faults, other: Faults, pulled: Pulled
) -> None:
    place = other.url.replace("http://", "http://user:pass@")
    faults.files["/x"] = Answer(status=302, headers={"Location": f"{place}/z"})
    other.files["/z"] = Answer(CONTENT)
    pulled.fetch(f"{faults.url}/x")

    assert [asked.authorization for asked in other.asked] == [None]


@pytest.mark.parametrize("place", ["/x", "http://example.org/x", "ftp://127.0.0.1/", "http://[::"])
def test_a_redirect_that_leads_nowhere_good_is_refused(
    faults: Faults, pulled: Pulled, place: str
) -> None:
    """In a circle, to a place without encryption, to another protocol, to no address."""
    faults.files["/x"] = Answer(status=302, headers={"Location": place})

    with pytest.raises(RefusedError):
        pulled.fetch(f"{faults.url}/x", token="s3cret")


def test_secrets_in_an_address_are_not_told(faults: Faults, pulled: Pulled) -> None:
    address = faults.url.replace("http://", "http://user:pa55@") + "/x?signature=s3cret"
    with pytest.raises(NotThereError) as error:
        pulled.fetch(address)

    assert "s3cret" not in str(error.value)
    assert "pa55" not in str(error.value)


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
    threading.Timer(0.2, pulled.cancelled.set).start()

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


def test_an_answer_that_was_packed_is_refused(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT, headers={"Content-Encoding": "gzip"})

    with pytest.raises(WrongContentError, match="packed"):
        pulled.fetch(f"{faults.url}/x")
    assert faults.asked[0].headers["accept-encoding"] == "identity"


def test_what_another_command_deletes_is_told(faults: Faults, pulled: Pulled) -> None:
    """As ``rm`` of the same model would; what begins in its place is left alone."""
    faults.files["/x"] = Answer(CONTENT, pause=0.05)

    def delete() -> None:
        pulled.partial.unlink()
        pulled.partial.write_bytes(b"of another program")

    threading.Timer(0.2, delete).start()
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
