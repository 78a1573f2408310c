"""``pull`` from a real registry, as a command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.digest import of_file
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.store import PENDING, Store

from tests.reference.conftest import command

from .registry import RealRegistry, tiny


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def pushed(real_registry: RealRegistry) -> str:
    """The name of a model that is in the registry."""
    real_registry.push("library/tiny", "latest", tiny())
    return f"{real_registry.host}/library/tiny"


def test_every_byte_of_a_model_is_pulled(pushed: str, tmp_path: Path) -> None:
    """Its contents, its manifest; and its projector makes it see."""
    folder = tmp_path / "store"
    done = run("pull", pushed, "--models", str(folder))
    store = Store(folder)
    model = store.find(parse(pushed))

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{pushed}:latest is here.\n"
    assert model is not None
    assert model.stored is not None
    for (kind, content), part in zip(tiny().items(), model.stored.manifest.layers, strict=True):
        path = store.blobs.path(part.digest)
        assert part.media_type.endswith(kind)
        assert path.read_bytes() == content
        assert of_file(path) == part.digest
        assert path.stat().st_mode & 0o777 == 0o644
    assert "vision" in run("show", pushed, "--models", str(folder)).stdout
    assert not list(store.names(PENDING))
    assert not list((folder / "blobs").glob("*-partial"))
    assert "pulling manifest" in done.stderr
    assert "100%" in done.stderr
    assert all(len(line) < 80 for line in done.stderr.splitlines())


def test_what_is_here_is_not_pulled_again(pushed: str, tmp_path: Path) -> None:
    """It is said to be up to date, and no file is touched."""
    folder = tmp_path / "store"
    run("pull", pushed, "--models", str(folder))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    again = run("pull", pushed, "--models", str(folder))

    assert again.returncode == 0
    assert again.stdout == f"{pushed}:latest is up to date.\n"
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_a_tag_that_has_moved_is_pulled_again(real_registry: RealRegistry, tmp_path: Path) -> None:
    """Only what is new of it is fetched, and what it had before goes."""
    name = f"{real_registry.host}/me/moving:v1"
    folder = tmp_path / "store"
    real_registry.push("me/moving", "v1", tiny())
    run("pull", name, "--models", str(folder))
    manifest = real_registry.push("me/moving", "v1", {**tiny(), "system": b"You are new."})
    store = Store(folder)
    weights = store.blobs.path(manifest["layers"][0]["digest"])
    written = weights.stat().st_mtime_ns
    done = run("pull", name, "--models", str(folder))
    model = store.find(parse(name))

    assert done.stdout == f"{name} is here.\n"
    assert model is not None
    assert model.stored is not None
    assert [part.encode() for part in model.stored.manifest.layers] == manifest["layers"]
    assert weights.stat().st_mtime_ns == written
    assert len(list((folder / "blobs").iterdir())) == len(manifest["layers"]) + 1


def test_it_may_get_another_name(pushed: str, tmp_path: Path) -> None:
    """With ``--as``."""
    folder = ("--models", str(tmp_path / "store"))

    assert run("pull", pushed, "--as", "me/eyes:v2", *folder).stdout == "me/eyes:v2 is here.\n"
    listed = run("list", *folder).stdout
    assert "me/eyes:v2" in listed
    assert pushed not in listed


def test_what_is_not_there_is_told(real_registry: RealRegistry, tmp_path: Path) -> None:
    """With the registry's name and without a trace; nothing is left behind."""
    folder = tmp_path / "store"
    done = run("pull", f"{real_registry.host}/library/nope:v3", "--models", str(folder))

    assert done.returncode == 1
    assert "library/nope:v3' is not in the registry 127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.exists()


def test_an_image_that_is_no_model_is_refused(real_registry: RealRegistry, tmp_path: Path) -> None:
    """Before anything is fetched."""
    real_registry.push("library/image", "latest", {"other": b"not a model"})
    done = run("pull", f"{real_registry.host}/library/image", "--models", str(tmp_path / "s"))

    assert done.returncode == 1
    assert "no GGUF file" in done.stderr
    assert not (tmp_path / "s").exists()


def test_weights_that_no_engine_could_load_are_refused(
    real_registry: RealRegistry, tmp_path: Path
) -> None:
    """Their bytes are deleted; the model that was there before stays."""
    name = f"{real_registry.host}/library/broken"
    folder = tmp_path / "store"
    real_registry.push("library/broken", "latest", tiny())
    run("pull", name, "--models", str(folder))
    before = sorted((folder / "blobs").iterdir())
    real_registry.push("library/broken", "latest", {**tiny(), "model": b"GGUF" + bytes(1000)})
    done = run("pull", name, "--models", str(folder))

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("openai-reference: ")
    assert Library(Store(folder)).find(name).files.model.stat().st_size > 1004
    assert sorted((folder / "blobs").iterdir()) == before
