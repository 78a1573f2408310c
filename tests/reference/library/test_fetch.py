"""Fetching one content from a server that breaks off or sends something else."""

from __future__ import annotations

import pytest
from openai_compat.reference.library.download import BrokenOffError, WrongContentError

from .faults import Answer, Faults
from .fetching import CONTENT, DIGEST, Pulled


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


def test_an_answer_that_was_packed_is_refused(faults: Faults, pulled: Pulled) -> None:
    faults.files["/x"] = Answer(CONTENT, headers={"Content-Encoding": "gzip"})

    with pytest.raises(WrongContentError, match="packed"):
        pulled.fetch(f"{faults.url}/x")
    assert faults.asked[0].headers["accept-encoding"] == "identity"
