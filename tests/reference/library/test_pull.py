"""``pull`` of whole models, by name and by address, also where something is damaged."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from openai_compat.backends import BackendError
from openai_compat.reference import embedded
from openai_compat.reference.library import BadManifestError, Library
from openai_compat.reference.library.download import RefusedError, Step, WrongContentError
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen
from openai_compat.reference.library.store import PENDING

from tests.reference.conftest import command

from .faults import Answer, Faults
from .offered import offer
from .pulling import BOTH, TINY, pull, pulled
from .registry import MANIFEST


def test_steps_are_ollamas(faults: Faults, ours: Library) -> None:
    paths = offer(faults)
    steps: list[Step] = []
    source = chosen(f"{faults.host}/library/tiny")
    Pull(ours.own, source, source.name, listener=steps.append).run()
    said = list(dict.fromkeys(step.status for step in steps))

    blobs = [f"pulling {paths[kind].rpartition(':')[2][:12]}" for kind in ("config", *TINY)]
    end = ["verifying sha256 digest", "writing manifest", "success"]
    assert said == ["pulling manifest", *blobs, *end]
    assert faults.of(paths["manifest"])[0].headers["accept"] == MANIFEST


@pytest.mark.parametrize("kind", ["model", "params"])
def test_a_damaged_content_leaves_no_model(faults: Faults, ours: Library, kind: str) -> None:
    """The others are kept for the next pull."""
    paths = offer(faults)
    faults.files[paths[kind]] = Answer(bytes(len(TINY[kind])))
    with pytest.raises(WrongContentError):
        pull(ours, f"{faults.host}/library/tiny")

    assert ours.own.find(parse(f"{faults.host}/library/tiny")) is None
    faults.files[paths[kind]] = Answer(TINY[kind])
    already = len(faults.of(paths["config"]))
    assert pull(ours, f"{faults.host}/library/tiny")
    assert pulled(ours, f"{faults.host}/library/tiny") == BOTH
    assert len(faults.of(paths["config"])) == already


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"layers": []}', b"[" * 100_000])
def test_what_is_no_manifest_is_refused(faults: Faults, ours: Library, content: bytes) -> None:
    faults.files["/v2/library/tiny/manifests/latest"] = Answer(content)

    with pytest.raises(BadManifestError):
        pull(ours, f"{faults.host}/library/tiny")
    assert not ours.own.folder.exists()


def test_a_manifest_of_another_digest_is_refused(faults: Faults, ours: Library) -> None:
    path = offer(faults)["manifest"]
    answer = faults.files[path]
    assert isinstance(answer, Answer)
    answer.headers["Docker-Content-Digest"] = "sha256:" + "0" * 64

    with pytest.raises(WrongContentError, match="manifest"):
        pull(ours, f"{faults.host}/library/tiny")


def test_a_file_at_an_address(faults: Faults, ours: Library) -> None:
    """Its name is the last part; it is not fetched twice while its version is the same."""
    faults.files["/dir/my-tiny.GGUF"] = Answer(TINY["model"], headers={"ETag": '"1"'})
    url = f"{faults.url}/dir/my-tiny.GGUF?download=true"

    assert pull(ours, url)
    assert pulled(ours, "my-tiny") == (TINY["model"], None)
    assert not pull(ours, url)
    assert len(faults.asked) == 3  # looked at, fetched, looked at
    faults.files["/dir/my-tiny.GGUF"] = Answer(TINY["model"], headers={"ETag": '"2"'})
    assert pull(ours, url)
    blobs = sorted(path.name for path in (ours.own.folder / "blobs").iterdir())
    assert len(blobs) == 2
    assert not any("partial" in name for name in blobs)


def test_a_file_that_changes_while_it_is_fetched(faults: Faults, ours: Library) -> None:
    """A part of the new one is never put behind a part of the old one."""
    old, new = bytes(len(TINY["model"])), TINY["model"]
    faults.faults["/x.gguf"] = [
        Answer(old, headers={"ETag": '"old"'}),
        Answer(old, headers={"ETag": '"old"'}, cut=100_000),
    ]
    faults.files["/x.gguf"] = Answer(new, headers={"ETag": '"new"'})
    pull(ours, f"{faults.url}/x.gguf")

    assert pulled(ours, "x") == (new, None)
    last = faults.asked[-1]
    assert (last.range, last.headers["if-range"]) == ("bytes=100000-", '"old"')


def test_a_sum_behind_an_address_is_held_against_it(faults: Faults, ours: Library) -> None:
    faults.files["/x.gguf"] = Answer(TINY["model"])
    right = hashlib.sha256(TINY["model"]).hexdigest()

    assert pull(ours, f"{faults.url}/x.gguf#sha256={right}")
    with pytest.raises(WrongContentError):
        pull(ours, f"{faults.url}/x.gguf#sha256={'0' * 64}", "y")
    with pytest.raises(RefusedError, match="sha256="):
        pull(ours, f"{faults.url}/x.gguf#md5=0", "y")


def test_a_name_and_a_password_of_an_address_are_for_its_host(
    faults: Faults, other: Faults, ours: Library
) -> None:
    faults.files["/x.gguf"] = Answer(status=302, headers={"Location": f"{other.url}/y"})
    other.files["/y"] = Answer(TINY["model"])
    pull(ours, faults.url.replace("http://", "http://me:word@") + "/x.gguf")

    assert {asked.authorization for asked in faults.asked} == {"Basic bWU6d29yZA=="}
    assert {asked.authorization for asked in other.asked} == {None}


def test_an_address_of_something_else_is_refused(faults: Faults, ours: Library) -> None:
    """Nothing of it is left."""
    faults.files["/x.gguf"] = Answer(b"<html>A page about the file.</html>")

    with pytest.raises(BackendError, match="not a GGUF file"):
        pull(ours, f"{faults.url}/x.gguf")
    assert not list((ours.own.folder / "blobs").iterdir())
    assert not list(ours.own.names(PENDING))


def test_a_file_of_this_machine_is_taken(tmp_path: Path) -> None:
    weights, _ = embedded.models()["tiny"]
    line = command("pull", str(weights), "--models", str(tmp_path), "--as", "mine")
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "mine:latest is here.\n")
    assert pulled(Library.open(tmp_path), "mine")[0] == TINY["model"]
