"""Fetching one content from a server that stalls, refuses or sends elsewhere."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate

import pytest
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.download import (
    BrokenOffError,
    NotThereError,
    Patience,
    RefusedError,
)
from openai_compat.reference.library.download.patience import retry_after

from .faults import Answer, Faults
from .fetching import CONTENT, Pulled


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
