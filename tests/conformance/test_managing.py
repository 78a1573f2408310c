"""Models are made only where that was asked for, and none of them stays."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from openai_compat.conformance.verdict import Verdict

from tests.broken.management import CopiesGiveTheirSource
from tests.scripted import Json, Managed, Refusal, Reply, Request, Scripted
from tests.scripted.management import CORRECT

from .command import command, conformance, environment, report, verdicts
from .judging import findings, judged, told

OURS = ("--manage", "--fuzz", "0", "--only", "models.manage.*")
MARK = "conformance-"


def names(server: Scripted) -> list[str]:
    return [model.id for model in server.models]


def made(server: Scripted) -> list[str]:
    return [name for name in names(server) if name.startswith(MARK)]


def asked(server: Scripted) -> list[str]:
    """The paths of the API that manages models to which requests came."""
    return [one.path for one in server.seen if one.path.startswith("/api/")]


@pytest.mark.parametrize("kind", CORRECT, ids=lambda kind: str(kind.__name__))
def test_a_correct_server_passes_and_is_as_before(kind: type[Managed]) -> None:
    server = kind()
    run = judged(server, "ollama", manage=True)

    bad = findings(run)
    assert not bad, told(bad.values())
    assert sum(".manage." in name for name in findings(run, Verdict.PASS)) == 20
    assert names(server) == [model.id for model in kind.models]
    assert not server.windows
    assert not run.problems
    assert not server.faults


def test_nothing_is_managed_unless_it_was_asked_for() -> None:
    server = Managed()
    run = judged(server, "ollama")

    assert not asked(server)
    assert not [result.id for result in run.results if ".manage." in result.id]


@pytest.mark.parametrize("thinks", [True, False])
def test_a_single_check_makes_what_it_needs(*, thinks: bool) -> None:
    server = Managed(thinks=thinks)
    for name in ("listed", "create-context", "source-context", "delete"):
        run = judged(server, "ollama", manage=True, only=(f"models.manage.{name}",))
        assert [result.verdict for result in run.results] == [Verdict.PASS], name

    assert not made(server)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--only", "models.manage.copy"), "models.manage.copy needs --manage"),
        (("--only", "models.manage.*", "--only", "chat.*"), "models.manage.* needs --manage"),
        (("--manage", "--profile", "openai"), "the profile openai says nothing about managing"),
    ],
)
def test_what_cannot_be_managed_is_2(words: tuple[str, ...], says: str) -> None:
    with Managed() as server:
        done = conformance("run", server.url, *words)

        assert not server.seen
    assert done.returncode == 2
    assert says in done.stderr


class OnlyLists(Managed):
    """It imitates the list that programs look for, and nothing else of that API."""

    def respond(self, request: Request) -> Reply:
        if request.path == "/api/tags" or not request.path.startswith("/api/"):
            return super().respond(request)
        return Scripted.respond(self, request)


@pytest.mark.parametrize("kind", [Scripted, OnlyLists])
def test_a_server_without_such_an_api_is_told(kind: type[Scripted], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    words = (*OURS, "--only", "models.list.*", "--report", f"json={path}")
    with kind() as server:
        done = conformance("run", server.url, *words)

    ours = {verdict for name, verdict in verdicts(path).items() if ".manage." in name}
    assert ours == {"skip"}
    assert "has no API to manage models, by the answer 404" in " ".join(done.stdout.split())
    assert done.returncode == 1


def test_what_is_listed_and_explained_says_what_it_needs() -> None:
    listed = conformance("list").stdout
    explained = conformance("explain", "models.manage.copy").stdout

    assert "MUST    models.manage.copy  (--manage)\n" in listed
    assert "of them only with --manage" in listed
    assert "runs      only with --manage" in explained
    assert "claim     C100" in explained


def test_a_failure_is_run_again_with_the_option() -> None:
    with CopiesGiveTheirSource() as server:
        done = conformance("run", server.url, *OURS)

        assert not made(server)
    assert done.returncode == 1
    said = " ".join(done.stdout.replace("\\\n", " ").split())
    assert "--manage --only models.manage.copy-echoed" in said


def started(server: Scripted, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("run", server.url, *OURS, *words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 30
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    assert condition()


@pytest.mark.parametrize(
    ("count", "order"),
    [(1, signal.SIGINT), (3, signal.SIGINT), (1, signal.SIGTERM), (3, signal.SIGHUP)],
)
def test_an_interrupted_run_leaves_no_model(
    count: int, order: signal.Signals, tmp_path: Path
) -> None:
    path = tmp_path / "run.json"
    with Managed(delay=0.1) as server:
        with started(server, "--report", f"json={path}") as process:
            wait_for(lambda: len(made(server)) >= count)
            begun = time.monotonic()
            process.send_signal(order)
            _, err = process.communicate(timeout=40)
            seconds = time.monotonic() - begun
        time.sleep(0.3)

        assert not made(server)
    assert (process.returncode, err) == (130, "")
    assert seconds < 20  # of a run of minutes, on a busy machine
    assert report(path)["interrupted"]
    assert not report(path)["problems"]


class CreatesSlowly(Managed):
    """It goes on creating a model when whoever asked for it has gone."""

    creating = False

    def create(self, name: str, body: Json) -> Json | None:
        self.creating = True
        time.sleep(1)
        return super().create(name, body)


def test_a_model_in_the_making_is_waited_for() -> None:
    with CreatesSlowly() as server:
        with started(server, "--only", "models.manage.create") as process:
            wait_for(lambda: server.creating)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=40)
        time.sleep(0.5)

        assert not made(server)
    assert (process.returncode, err) == (130, "")


class Dies(Managed):
    """It answers nothing any more once it has made a model."""

    dead = False

    def create(self, name: str, body: Json) -> Json | None:
        self.dead = True
        return super().create(name, body)

    def respond(self, request: Request) -> Reply:
        if self.dead:
            self.hang(request)
        return super().respond(request)


class KeepsAll(Managed):
    """Nobody may remove a model."""

    def delete(self, name: str) -> Json | None:
        raise Refusal(403, "not allowed")


@pytest.mark.parametrize(
    ("kind", "why"), [(KeepsAll, "403"), (Dies, "no complete answer within 1 s")]
)
def test_what_is_left_is_told(kind: type[Managed], why: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with kind() as server:
        # No wait for a reply is longer than this; the last of these makes the server die.
        words = ["--timeout", "1", "--manage", "--report", f"json={path}"]
        words += ["--only", "models.manage.copy*", "--only", "models.manage.create"]
        done = conformance("run", server.url, *words)
        left = [name.removesuffix(":latest") for name in made(server)]

    assert len(left) >= 2
    assert done.returncode == 1
    for name in left:
        body = json.dumps({"model": name, "name": name})
        hint = f"remove it: curl -X DELETE {server.root}/api/delete -d '{body}'"
        told = [line for line in report(path)["problems"] if line.startswith(f"{name} may be left")]
        assert len(told) == 1
        assert hint in told[0]
        assert why in told[0]
        assert hint in done.stderr
        assert f"{name} may be left" in " ".join(done.stdout.split())


def test_models_of_other_runs_are_named_and_kept() -> None:
    server = Managed()
    server.copy("toy:latest", "conformance-0ther-copy:latest")
    run = judged(server, "ollama", manage=True, only=("models.manage.copy",))

    assert made(server) == ["conformance-0ther-copy:latest"]
    assert any("conformance-0ther-copy:latest" in note for note in run.server.notes)
