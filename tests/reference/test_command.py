"""The command line: fast help, list, show, cp, and stores that are only read."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest
from openai_compat.reference import embedded
from openai_compat.reference.library import BadNameError, Library, NoSuchModelError
from openai_compat.reference.library.errors import NotOursError
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.store import MARKER, Store

from .conftest import command


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False)


def test_help_is_narrow() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_list_show_and_copy(tmp_path: Path) -> None:
    """A copy is listed, and described like its source."""
    folder = ("--models", str(tmp_path / "new"))
    assert run("cp", "tiny", "me/gpt-3.5-turbo", *folder).returncode == 0
    listed = run("list", *folder).stdout
    shown = run("show", "me/gpt-3.5-turbo", *folder).stdout
    source = run("show", "tiny", *folder).stdout

    assert "me/gpt-3.5-turbo:latest" in listed
    assert "tiny:latest" in listed
    assert shown.splitlines()[1:] == source.splitlines()[1:]
    assert "llama" in shown
    assert "4096 tokens" in shown


def test_the_embedded_models_are_described() -> None:
    """What each can do, its size and its licence."""
    chat, embedder = (run("show", name).stdout for name in ("tiny", "tiny-embed"))

    assert "capabilities  chat, tools, vision, infill, embeddings" in chat
    assert "capabilities  embeddings\n" in embedder
    for shown in (chat, embedder):
        assert "quantisation  F16" in shown
        assert "licence       mit" in shown


def test_the_embedded_models_are_small() -> None:
    """In bytes; a clone carries them for ever."""
    limits = {"tiny": 6_000_000, "tiny-projector": 2_000_000, "tiny-embed": 4_000_000}
    sizes = {path.stem: path.stat().st_size for path in embedded.FOLDER.glob("*.gguf")}

    assert set(sizes) == set(limits)
    assert all(sizes[name] <= limit for name, limit in limits.items())


def test_a_file_of_ones_own_gets_a_name(tmp_path: Path) -> None:
    """With its projector; a file that no engine could load is refused."""
    weights, projector = embedded.models()["tiny"]
    assert projector is not None
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(weights.read_bytes()[:-1000])
    folder = ("--models", str(tmp_path / "store"))
    good = run("cp", str(weights), "mine", "--projector", str(projector), *folder)
    bad = run("cp", str(broken), "other", *folder)

    assert good.returncode == 0, good.stderr
    assert "vision" in run("show", "mine", *folder).stdout
    assert bad.returncode == 1
    assert "not copied or downloaded to its end" in bad.stderr
    assert "other" not in run("list", *folder).stdout


def test_mistakes_are_told(tmp_path: Path) -> None:
    """Without a trace, with an exit code."""
    folder = ("--models", str(tmp_path))
    for arguments in (("show", "nope"), ("cp", "nope", "x"), ("cp", "tiny", "../x")):
        done = run(*arguments, *folder)
        assert done.returncode == 1
        assert done.stderr.startswith("openai-reference: ")
        assert "Traceback" not in done.stderr
    assert run("serve", "--backend", "nope").returncode == 2
    assert run("serve", "--profile", "nope").returncode == 2


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """With exit code 2, and without a trace."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, "--models", str(tmp_path))

    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("llama3.2", "llama3.2:latest"),
        ("library/llama3.2:1b", "llama3.2:1b"),
        ("me/own", "me/own:latest"),
        ("hub.example:5000/me/own:v1", "hub.example:5000/me/own:v1"),
    ],
)
def test_names_have_defaults(text: str, shown: str) -> None:
    """The tag is always shown, other defaults never."""
    assert str(parse(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "..", "../x", "a/b/c/d", "/etc/passwd", "x:", "x\0y", "x" * 400, "a b", "m/.."]
)
def test_names_cannot_leave_the_store(text: str) -> None:
    """They are refused before any file is looked at."""
    with pytest.raises(BadNameError):
        parse(text)


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of another program, with the model ``theirs``; our own is empty."""
    monkeypatch.delenv("OLLAMA_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "foreign"
    Library(Store(folder)).copy("tiny", "theirs")
    (folder / MARKER).unlink()
    return folder


def test_a_store_of_others_is_only_read(foreign: Path) -> None:
    """Its models are served; copies go to our own store."""
    before = sorted(os.walk(foreign))
    library = Library.open(foreign)
    library.copy("theirs", "ours")

    assert {str(model.name) for model in library.models()} >= {"theirs:latest", "ours:latest"}
    assert sorted(os.walk(foreign)) == before
    with pytest.raises(NotOursError):
        Library(Store(foreign)).copy("theirs", "x")


def blobs(folder: Path) -> set[str]:
    """Names of the blobs of a store."""
    return {path.name for path in (folder / "blobs").iterdir()}


def test_rm_deletes_what_nobody_else_has(tmp_path: Path) -> None:
    """Two names of one model: the files go with the second."""
    store = tmp_path / "store"
    folder = ("--models", str(store))
    for source, target in (("tiny", "one"), ("tiny", "two"), ("tiny-embed", "three")):
        assert run("cp", source, target, *folder).returncode == 0
    all_of_them = blobs(store)
    assert run("rm", "one", *folder).returncode == 0
    after_one = blobs(store)
    assert run("rm", "two", *folder).returncode == 0
    again, embedded_one = run("rm", "two", *folder), run("rm", "tiny", *folder)

    assert after_one == all_of_them
    assert len(all_of_them - blobs(store)) == 3  # weights, projector and what describes them
    assert "three:latest" in run("list", *folder).stdout
    assert (again.returncode, embedded_one.returncode) == (1, 1)
    assert "is not here" in again.stderr
    assert str(embedded.FOLDER) in embedded_one.stderr
    assert "only read" in embedded_one.stderr


def test_rm_leaves_a_store_of_others_alone(foreign: Path) -> None:
    """It names the folder."""
    before = sorted(os.walk(foreign))

    with pytest.raises(NotOursError, match="foreign"):
        Library.open(foreign).remove("theirs")
    with pytest.raises(NotOursError, match="another program"):
        Library(Store(foreign)).remove("theirs")
    assert sorted(os.walk(foreign)) == before


def test_a_damaged_manifest_hides_only_its_model(tmp_path: Path) -> None:
    """The others are listed."""
    library = Library.open(tmp_path / "store")
    library.copy("tiny", "one")
    library.copy("tiny", "two")
    manifest = next((tmp_path / "store" / "manifests").glob("*/*/one/latest"))
    manifest.write_text("{")

    names = {str(model.name) for model in library.models()}
    assert "two:latest" in names
    assert "one:latest" not in names
    before = blobs(tmp_path / "store")
    library.remove("two")  # its files could be those of the damaged one
    assert blobs(tmp_path / "store") == before
    with pytest.raises(NoSuchModelError):
        library.find("one")
