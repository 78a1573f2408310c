"""``pull``, interrupted: as a program and in this process."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.download import CancelledError
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen

from tests.reference.conftest import command

from .faults import Answer, Faults
from .offered import offer
from .pulling import BOTH, TINY, pull, pulled


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
