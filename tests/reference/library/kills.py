"""``python -m tests.reference.library.kills [COUNT]``: kill programs while they write a store.

Each round starts a program that pulls, copies, deletes or makes a model, kills it at a random
moment of its work, and looks at the store: it opens, every model that was complete is complete, and
the next program leaves nothing behind that no model names.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from openai_compat.reference import embedded
from openai_compat.reference.library import Library
from openai_compat.reference.library.create import create
from openai_compat.reference.library.digest import of_file
from openai_compat.reference.library.modelfile import parse as modelfile
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen
from openai_compat.reference.library.store import MANIFESTS, PENDING, Store

from .faults import Faults
from .offered import offer

Work = Callable[[Library, str], None]

NAMES = ("first", "second", "m1", "m2", "m3", "m4")
REGISTRY = "KILLS_REGISTRY"
"""The variable that tells a program where to pull from."""

LONGEST = 2.0
"""Times the usual length of a work that a program may live, so that some come to their end."""


def copying(library: Library, name: str) -> None:
    """``cp`` of a model with a projector."""
    library.copy("tiny", name)


def removing(library: Library, name: str) -> None:
    """``rm`` of a model whose contents others have too, or not."""
    library.remove(name)


def making(library: Library, name: str) -> None:
    """``create`` with settings of its own."""
    create(library, name, modelfile("FROM tiny\nSYSTEM Be brief.\nPARAMETER seed 1"), Path())


def pulling(library: Library, name: str) -> None:
    """``pull`` from the registry of the harness, of contents that no other model has."""
    source = chosen(f"{os.environ[REGISTRY]}/library/tiny")
    Pull(library.own, source, parse(name)).run()


WORKS: dict[str, Work] = {"cp": copying, "rm": removing, "create": making, "pull": pulling}


def work(kind: str, folder: Path, name: str) -> None:
    """What the killed program does; it says when it begins and when it has done it."""
    library = Library(Store(folder))
    say("begin")
    WORKS[kind](library, name)
    say("end")


def say(text: str) -> None:
    """A line that is heard at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass
class Harness:
    """A store, the models that have to be in it, and how long each work usually takes."""

    folder: Path
    chance: random.Random
    registry: str
    whole: set[str] = field(default_factory=set)
    usual: dict[str, float] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)

    def begin(self, kind: str, name: str) -> subprocess.Popen[str]:
        """Start a program, up to where its work begins."""
        command = [sys.executable, "-m", __spec__.name, "--work", kind, str(self.folder), name]
        environment = {**os.environ, REGISTRY: self.registry}
        program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert program.stdout is not None
        assert program.stdout.readline() == "begin\n"
        return program

    def measure(self) -> None:
        """Do each work once to its end."""
        for name in ("first", "second"):
            Library(Store(self.folder)).copy("tiny", name)
            self.whole.add(name)
        for kind, name in (
            ("pull", "third"),
            ("cp", "third"),
            ("create", "third"),
            ("rm", "third"),
        ):
            with self.begin(kind, name) as program:
                started = time.monotonic()
                assert program.stdout is not None
                assert program.stdout.readline() == "end\n"
                self.usual[kind] = time.monotonic() - started

    def round(self) -> None:
        """One program, killed at some moment of its work."""
        kind = self.chance.choice([kind for kind in self.usual if kind != "rm" or self.whole])
        name = self.chance.choice(sorted(self.whole) if kind == "rm" else NAMES)
        with self.begin(kind, name) as program:
            time.sleep(self.chance.random() * self.usual[kind] * LONGEST)
            program.kill()
            assert program.stdout is not None
            self.killed[f"{kind} {'done' if program.stdout.read() else 'killed'}"] += 1
        self.look(name)

    def look(self, touched: str) -> None:
        """The store opens, and every model is whole or not there."""
        store = Store(self.folder)
        assert store.ours
        found = {}
        for model in store.models():
            assert model.stored is not None
            for part in model.stored.manifest:
                assert of_file(store.blobs.path(part.digest)) == part.digest
            found[model.name.model] = model
        listed = {name.model for name in store.names(MANIFESTS)}
        assert set(found) == listed, f"damaged: {listed - set(found)}"
        lost = self.whole - listed - {touched}
        assert not lost, f"lost: {lost}"
        self.whole = listed

    def clean(self) -> None:
        """After one more program nothing lies there that no model names."""
        library = Library(Store(self.folder))
        library.copy("tiny-embed", "last")
        with library.own.writing() as writer:
            for name in list(library.own.names(PENDING)):
                writer.abandon(name)
        library.remove("last")
        named = {
            part.digest
            for model in library.own.models()
            if model.stored
            for part in model.stored.manifest
        }
        left = {digest for _, digest in library.own.blobs.names()} - named
        assert not left, f"leaked: {left}"
        strange = list(self.folder.rglob(".new-*"))
        assert not strange, f"left over: {strange}"
        assert library.own.find(parse("last")) is None


def harness(folder: Path, count: int, seed: int) -> Counter[str]:
    """Some rounds, and a look at what they left; AssertionError where anything is wrong."""
    weights, _ = embedded.models()["tiny-embed"]
    with Faults().running() as registry:
        offer(registry, {"model": weights.read_bytes(), "system": b"You are pulled."}, pause=0.005)
        made = Harness(folder, random.Random(seed), registry.host)
        made.measure()
        for number in range(count):
            made.round()
            if number % 10 == 9:
                made.clean()
        made.clean()
    return made.killed


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Kill programs while they write a store.")
    options.add_argument("count", nargs="?", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--work", nargs=3, metavar=("KIND", "FOLDER", "NAME"))
    given = options.parse_args()
    if given.work:
        kind, folder, name = given.work
        work(kind, Path(folder), name)
        return
    with tempfile.TemporaryDirectory() as folder:
        killed = harness(Path(folder) / "store", given.count, given.seed)
    say(", ".join(f"{kind}: {number}" for kind, number in sorted(killed.items())))


if __name__ == "__main__":
    main()
