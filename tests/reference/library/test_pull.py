"""``pull`` of whole models, from servers that misbehave and as programs that are interrupted."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from openai_compat.backends import BackendError
from openai_compat.reference import embedded
from openai_compat.reference.library import BadManifestError, Library
from openai_compat.reference.library.download import (
    CancelledError,
    NotThereError,
    Patience,
    RefusedError,
    Step,
    WrongContentError,
)
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen
from openai_compat.reference.library.store import PENDING

from tests.reference.conftest import command

from .faults import Answer, Asked, Faults
from .offered import offer
from .registry import MANIFEST, tiny

QUICK = Patience(tries=3, first=0.01, longest=0.02, asked=0.1, stall=5.0)
VARIABLE = "OPENAI_REFERENCE_REGISTRY_TOKEN"


def pull(library: Library, text: str, target: str | None = None, **environment: str) -> bool:
    """Pull in this process."""
    source = chosen(text, target, environment)
    name = parse(target) if target else source.name
    return Pull(library.own, source, name, patience=QUICK).run()


def pulled(library: Library, name: str) -> tuple[bytes, bytes | None]:
    """The files of a model that is here."""
    files = library.find(name).files
    return files.model.read_bytes(), files.projector.read_bytes() if files.projector else None


TINY = tiny()
BOTH = (TINY["model"], TINY["projector"])


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


# Tokens


def guarded(faults: Faults, realm: str, files: dict[str, str]) -> None:
    """Let nobody have these paths who does not show the token ``t0ken``."""
    challenge = f'Bearer realm="{realm}",service="hub",scope="repository:library/tiny:pull"'
    for path in files.values():
        whole = faults.files[path]
        assert isinstance(whole, Answer)

        def reply(asked: Asked, whole: Answer = whole) -> Answer:
            if asked.authorization == "Bearer t0ken":
                return whole
            return Answer(b"who?", 401, {"WWW-Authenticate": challenge})

        faults.files[path] = reply


def test_a_token_for_everybody_is_asked_for(faults: Faults, other: Faults, ours: Library) -> None:
    """At the address that the registry names; nothing secret goes there."""
    guarded(faults, f"{other.url}/token", offer(faults))
    other.files["/token"] = Answer(b'{"token": "t0ken"}')
    pull(ours, f"{faults.host}/library/tiny", **{VARIABLE: "elsewhere=mine"})

    assert pulled(ours, f"{faults.host}/library/tiny") == BOTH
    assert len(other.asked) == 1
    assert other.asked[0].authorization is None
    assert other.asked[0].path == "/token?service=hub&scope=repository%3Alibrary%2Ftiny%3Apull"


def test_a_token_that_has_run_out_is_asked_for_again(faults: Faults, ours: Library) -> None:
    paths = offer(faults)
    guarded(faults, f"{faults.url}/token", paths)
    faults.files["/token"] = Answer(b'{"access_token": "t0ken"}')
    faults.faults[paths["model"]] = [
        Answer(b"", 401, {"WWW-Authenticate": f'Bearer realm="{faults.url}/token"'})
    ]
    pull(ours, f"{faults.host}/library/tiny")

    assert pulled(ours, f"{faults.host}/library/tiny") == BOTH
    assert len(faults.of("/token")) == 2


def test_a_token_of_ones_own_goes_to_its_registry_alone(
    faults: Faults, other: Faults, ours: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """Not to where its contents are, and not to another registry."""
    caplog.set_level("DEBUG")
    paths = offer(faults)
    other.files["/content"] = Answer(TINY["model"])
    faults.files[paths["model"]] = Answer(status=307, headers={"Location": f"{other.url}/content"})
    guarded(faults, f"{faults.url}/token", paths)
    tokens = {VARIABLE: f"{other.host}=0ther, {faults.host}=t0ken"}
    pull(ours, f"{faults.host}/library/tiny", **tokens)
    with pytest.raises(NotThereError):
        pull(ours, f"{other.host}/library/nope", **tokens)

    assert {asked.authorization for asked in faults.asked} == {"Bearer t0ken"}
    assert {asked.authorization for asked in other.of("/content")} == {None}
    assert {asked.authorization for asked in other.asked} == {None, "Bearer 0ther"}
    assert "t0ken" not in caplog.text


@pytest.mark.parametrize("challenge", [None, "Basic realm=x", 'Bearer service="x"', "Bearer"])
def test_without_a_way_to_a_token_it_is_refused(
    faults: Faults, ours: Library, challenge: str | None
) -> None:
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    faults.files["/v2/library/tiny/manifests/latest"] = Answer(b"", 401, headers)

    with pytest.raises(RefusedError, match="401"):
        pull(ours, f"{faults.host}/library/tiny")
    assert len(faults.asked) == 1


def test_a_token_whose_registry_is_not_said_is_refused(faults: Faults, ours: Library) -> None:
    """It is not told to anybody, and not printed."""
    with pytest.raises(RefusedError, match="HOST=TOKEN") as error:
        pull(ours, f"{faults.host}/library/tiny", **{VARIABLE: "t0ken"})
    assert "t0ken" not in str(error.value)
    assert not faults.asked


def test_a_secret_in_netrc_is_not_sent(
    faults: Faults, ours: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    offer(faults)
    pull(ours, f"{faults.host}/library/tiny")

    assert {asked.authorization for asked in faults.asked} == {None}


def test_a_proxy_of_the_environment_is_used(
    faults: Faults, ours: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fake stands in for one: it is asked with the whole address."""
    monkeypatch.setenv("http_proxy", faults.url)
    with pytest.raises(NotThereError):
        Pull(ours.own, chosen("hub.example/me/x"), parse("x"), insecure=True, patience=QUICK).run()

    assert faults.asked[0].path == "http://hub.example/v2/me/x/manifests/latest"


def test_without_encryption_only_this_machine_is_asked(ours: Library) -> None:
    with pytest.raises(RefusedError, match="--insecure"):
        pull(ours, "http://example.org/x.gguf")


# Damage


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


# Addresses


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


# Programs


@pytest.fixture
def slow(faults: Faults) -> Faults:
    """A registry whose weights take some seconds, until it is told to hurry."""
    offer(faults, pause=0.05)
    return faults


def begun(faults: Faults, store: Path, size: int = 300_000) -> subprocess.Popen[str]:
    """A program that has fetched so much."""
    line = command("pull", f"{faults.host}/library/tiny", "--models", str(store))
    program = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    until = time.monotonic() + 30
    while sum(path.stat().st_size for path in store.glob("blobs/*-partial")) < size:
        assert program.poll() is None, program.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    return program


def finish(faults: Faults, store: Path) -> list[str | None]:
    """Pull again; which parts of the weights were asked for."""
    faults.asked.clear()
    for answer in faults.files.values():
        if isinstance(answer, Answer):
            answer.pause = 0.0
    done = subprocess.run(
        command("pull", f"{faults.host}/library/tiny", "--models", str(store)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    weights = hashlib.sha256(TINY["model"]).hexdigest()
    return [asked.range for asked in faults.of(f"/v2/library/tiny/blobs/sha256:{weights}")]


def test_a_killed_program_is_gone_on_with(slow: Faults, tmp_path: Path) -> None:
    """Two kills; every byte that came is used."""
    store = tmp_path / "store"
    came = 0
    for size in (300_000, 800_000):
        with begun(slow, store, size) as program:
            program.kill()
        (partial,) = store.glob("blobs/*-partial")
        assert partial.stat().st_size >= max(size, came)
        came = partial.stat().st_size
    library = Library.open(store)
    assert library.own.find(parse(f"{slow.host}/library/tiny")) is None

    assert finish(slow, store) == [f"bytes={came}-"]
    assert pulled(library, f"{slow.host}/library/tiny") == BOTH


def test_what_came_outlives_other_commands(slow: Faults, tmp_path: Path) -> None:
    """And goes with ``rm`` of the model that is not complete."""
    store = tmp_path / "store"
    with begun(slow, store) as program:
        program.kill()
    library = Library.open(store)
    library.copy("tiny-embed", "other")
    library.remove("other")
    assert list(store.glob("blobs/*-partial"))
    library.remove(f"{slow.host}/library/tiny")

    assert not list((store / "blobs").iterdir())


def test_control_c_keeps_what_came(slow: Faults, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with begun(slow, store) as program:
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=20)

    assert program.returncode == 130
    assert "what came is kept" in said
    assert "Traceback" not in said
    assert finish(slow, store) != [None]


def test_a_pull_can_be_cancelled(slow: Faults, ours: Library) -> None:
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    source = chosen(f"{slow.host}/library/tiny")

    with pytest.raises(CancelledError):
        Pull(ours.own, source, source.name, cancelled=cancelled).run()
    assert ours.own.find(source.name) is None
    assert pull(ours, f"{slow.host}/library/tiny")


def test_two_programs_may_pull_at_once(slow: Faults, tmp_path: Path) -> None:
    """The model is fetched once, and both end well."""
    store = tmp_path / "store"
    with begun(slow, store) as first:
        asked = finish(slow, store)
        assert first.wait(30) == 0

    assert asked == []
    assert pulled(Library.open(store), f"{slow.host}/library/tiny") == BOTH


def test_a_file_of_this_machine_is_taken(tmp_path: Path) -> None:
    weights, _ = embedded.models()["tiny"]
    line = command("pull", str(weights), "--models", str(tmp_path), "--as", "mine")
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "mine:latest is here.\n")
    assert pulled(Library.open(tmp_path), "mine")[0] == TINY["model"]
