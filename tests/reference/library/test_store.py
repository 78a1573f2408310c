"""Stores on disk: their layout, whose they are, and that nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from openai_compat.reference.library import (
    BadManifestError,
    BadNameError,
    DamagedBlobError,
    Library,
    LibraryError,
    NoSuchModelError,
    NotOursError,
)
from openai_compat.reference.library.blobs import Blobs
from openai_compat.reference.library.manifest import Manifest
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.store import KEPT, MARKER, PENDING, Store

from .ollama_store import made


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library of our own."""
    return Library(Store(tmp_path / "store"))


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_written_is_ollamas_layout(library: Library) -> None:
    """Paths, digests, sizes, media types and permissions."""
    library.copy("tiny", "me/mine:v1")
    folder = library.own.folder
    path = folder / "manifests/registry.ollama.ai/me/mine/v1"
    manifest = json.loads(path.read_bytes())

    assert manifest["schemaVersion"] == 2
    assert manifest["mediaType"].endswith("distribution.manifest.v2+json")
    kinds = [layer["mediaType"].rpartition(".")[2] for layer in manifest["layers"]]
    assert kinds == ["model", "projector"]
    for part in (manifest["config"], *manifest["layers"]):
        blob = folder / "blobs" / part["digest"].replace(":", "-")
        content = blob.read_bytes()
        assert part["digest"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert part["size"] == len(content)
        assert stat.S_IMODE(blob.stat().st_mode) == 0o644
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    config = json.loads(
        (folder / "blobs" / manifest["config"]["digest"].replace(":", "-")).read_bytes()
    )
    assert config["model_format"] == "gguf"
    assert config["model_families"] == ["llama", "clip"]
    assert config["file_type"] == "F16"


def test_a_store_made_by_hand_is_read_and_left_alone(tmp_path: Path) -> None:
    """Copies carry every part of it to our own store."""
    theirs = tmp_path / "theirs"
    manifest = made(theirs, system="You are theirs.", params='{"num_ctx": 512}').read_bytes()
    before = files(theirs)
    library = Library(Store(tmp_path / "ours"), (Store(theirs),))
    library.copy("theirs", "ours")
    copied = library.find("ours").stored
    assert copied is not None

    assert copied.manifest == Manifest.read(manifest)
    assert {name.rpartition("/")[2] for name in before if "blobs" in name} == {
        path.name for path in (tmp_path / "ours/blobs").iterdir()
    }
    with pytest.raises(NotOursError, match="theirs"):
        Library(Store(theirs)).copy("tiny", "x")
    with pytest.raises(NotOursError, match="theirs"):
        library.remove("theirs")
    assert files(theirs) == before
    assert not (theirs / MARKER).exists()


def test_a_damaged_content_is_not_copied(tmp_path: Path) -> None:
    """It is found by its digest, and nothing is left behind."""
    theirs = tmp_path / "theirs"
    made(theirs)
    weights = max((theirs / "blobs").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    library = Library(Store(tmp_path / "ours"), (Store(theirs),))

    with pytest.raises(DamagedBlobError):
        library.copy("theirs", "ours")
    assert not list((tmp_path / "ours/blobs").iterdir())
    with pytest.raises(NoSuchModelError):
        library.find("ours")


def test_a_model_without_its_weights_is_none(library: Library) -> None:
    """It is not listed, and can be deleted."""
    library.copy("tiny", "mine")
    model = library.find("mine")
    model.files.model.unlink()

    with pytest.raises(NoSuchModelError):
        library.find("mine")
    assert "mine:latest" not in {str(one.name) for one in library.models()}
    library.remove("mine")
    assert not list((library.own.folder / "blobs").iterdir())


def test_a_damaged_manifest_can_be_deleted(library: Library) -> None:
    """Then the contents that it may have named go too."""
    library.copy("tiny", "mine")
    library.own.manifest_path(parse("mine")).write_text("{")
    library.remove("mine")

    assert not library.own.holds(parse("mine"))
    assert not list((library.own.folder / "blobs").iterdir())


A_PART: dict[str, object] = {"mediaType": "x", "digest": "sha256:" + "a" * 64, "size": 1}
NO_PARTS: tuple[dict[str, object], ...] = (
    {**A_PART, "digest": "sha256:../../x"},
    {**A_PART, "digest": "sha256:" + "A" * 64},
    {**A_PART, "digest": 7},
    {**A_PART, "size": "1"},
    {**A_PART, "size": True},
    {**A_PART, "mediaType": None},
    {},
)
NO_MANIFESTS = (
    *("", "[]", "{}", '{"config": {}, "layers": []}', "[" * 100_000),
    *(json.dumps({"config": part, "layers": []}) for part in NO_PARTS),
    *(json.dumps({"config": A_PART, "layers": layers}) for layers in (None, [A_PART, {}], [7])),
)


@pytest.mark.parametrize("content", NO_MANIFESTS)
def test_what_is_no_manifest_is_refused(content: str) -> None:
    """Also one whose digest would leave the folder."""
    with pytest.raises(BadManifestError):
        Manifest.read(content.encode())


def test_names_differ_in_more_than_case(library: Library) -> None:
    """As in Ollama's store, a name is found in any case, and keeps the first."""
    library.copy("tiny", "Me/Mine:V1")
    library.copy("TINY-EMBED", "me/mine:v1")

    assert str(library.find("ME/mine:v1").name) == "Me/Mine:V1"
    assert library.find("Me/Mine:V1").files.projector is None
    names = [str(model.name) for model in library.models()]
    assert len([name for name in names if name.lower() == "me/mine:v1"]) == 1
    library.remove("ME/MINE:v1")
    with pytest.raises(NoSuchModelError):
        library.find("Me/Mine:V1")


@pytest.mark.parametrize("text", [
    "m\u043edel", "\uff4dodel", "a.b/model", "-a", ".a", "m:.t", "m:t/..", "a//b", "a:b:c",
    "x" * 81, "\ud800", "host/../m", "m ", "h/n/m:t/x", "C:\\m", "con/../../etc",
])  # fmt: skip
def test_look_alikes_and_paths_are_no_names(text: str) -> None:
    """Letters of other scripts, dots at the start, and anything that could leave the store."""
    with pytest.raises(BadNameError):
        parse(text)


@pytest.mark.parametrize("text", ["_a", "a_b-c.d", "9", "Host:5000/n-s/m.x:t.y", "x" * 80])
def test_names_as_ollama_has_them(text: str) -> None:
    """Parts of at most 80 characters."""
    assert parse(text).folded == parse(text.upper()).folded


def test_a_pending_model_keeps_its_contents(library: Library) -> None:
    """Other writes do not delete them; deleting it does, and so does a week."""
    library.copy("tiny", "whole")
    manifest = library.find("whole").stored
    assert manifest is not None
    with library.own.writing() as writer:
        writer.begin(parse("coming"), manifest.manifest)
    library.remove("whole")
    partial = library.own.blobs.partial(manifest.manifest.config.digest)
    partial.write_bytes(b"{")
    library.copy("tiny-embed", "other")
    kept = set(library.own.blobs.folder.iterdir())

    assert {library.own.blobs.path(part.digest) for part in manifest.manifest} < kept
    assert partial in kept
    with pytest.raises(NoSuchModelError):
        library.find("coming")
    old = time.time() - KEPT - 60
    os.utime(library.own.manifest_path(parse("coming"), PENDING), (old, old))
    library.copy("tiny-embed", "third")
    left = library.find("other").stored
    assert left is not None
    assert set(library.own.blobs.folder.iterdir()) == {
        library.own.blobs.path(part.digest) for part in left.manifest
    }


def test_a_pending_model_can_be_dropped(library: Library) -> None:
    """By its name."""
    library.copy("tiny", "whole")
    stored = library.find("whole").stored
    assert stored is not None
    with library.own.writing() as writer:
        writer.begin(parse("coming"), stored.manifest)
    library.remove("whole")
    library.remove("coming")

    assert not list(library.own.blobs.folder.iterdir())


def test_a_manifest_names_only_what_is_here(library: Library) -> None:
    """It is not written before its contents are."""
    library.copy("tiny", "mine")
    stored = library.find("mine").stored
    assert stored is not None
    stored.blobs.path(stored.manifest.config.digest).unlink()

    with library.own.writing() as writer, pytest.raises(BadManifestError, match="lacks"):
        writer.commit(parse("second"), stored.manifest)
    assert not library.own.holds(parse("second"))


def test_two_programs_write_one_store(library: Library) -> None:
    """One after the other, so that none deletes what the other adds."""
    failed: list[LibraryError] = []

    def work(name: str) -> None:
        try:
            for _ in range(5):
                library.copy("tiny", name)
                library.remove(name)
            library.copy("tiny", name)
        except LibraryError as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"m{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    for number in range(4):
        stored = library.find(f"m{number}").stored
        assert stored is not None
        assert all(stored.blobs.has(part.digest, part.size) for part in stored.manifest)


def test_a_content_is_written_once(tmp_path: Path) -> None:
    """And another one than was expected never."""
    blobs = Blobs(tmp_path / "blobs")
    source = tmp_path / "file"
    source.write_bytes(b"content")
    digest = blobs.put_file(source)
    written = blobs.path(digest).stat().st_mtime_ns

    assert blobs.put(b"content") == blobs.put_file(source) == digest
    assert blobs.path(digest).stat().st_mtime_ns == written
    with pytest.raises(DamagedBlobError):
        blobs.put_file(source, "sha256:" + "0" * 64)
    assert [path.name for path in blobs.folder.iterdir()] == [blobs.path(digest).name]
