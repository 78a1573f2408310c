"""Exit codes, and the options that decide them, with real servers."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.scripted import Refusal, Reply, Request, Scripted

from .command import (
    QUICK,
    NamedEvents,
    WrongObject,
    command,
    conformance,
    environment,
    report,
    verdicts,
)

WARNS = ("--fuzz", "0", "--only", "chat.stream.unnamed-events")


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_a_correct_server_is_0() -> None:
    with Scripted() as server:
        done = conformance("run", server.url, *QUICK)

    assert (done.returncode, done.stderr) == (0, "")
    assert "conforms to ollama" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_broken_server_is_1() -> None:
    with WrongObject() as server:
        done = conformance("run", server.url, *QUICK)

    assert done.returncode == 1
    for word in ("FAIL  models.list.schema", "requires", "expected", "actual", "curl", "rerun"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--only", "chat.stream.ends-with-don"], "did you mean chat.stream.ends-with-done?"),
        (["--only", "*", "--skip", "*"], "leave no check to run"),
        (["--fuzz", "0", "--only", "*.generated.*"], "--fuzz 0 leaves no check"),
        (["--fuzz", "-1"], "--fuzz takes a whole number from 0, not -1"),
        (["--jobs", "0"], "--jobs takes a whole number from 1, not 0"),
        (["--jobs", "two"], "invalid int value"),
        (["--timeout", "0"], "--timeout takes seconds"),
        (["--timeout", "nan"], "--timeout takes seconds"),
        (["--timeout", "inf"], "--timeout takes seconds"),
        (["--declare", "smell"], "there are chat, completions, embeddings, vision,"),
        (["--declare", "vision", "--without", "vision"], "declared and excluded at once"),
        (["--manage", "--without", "chat"], "is seen by chatting with it"),
        (["--profile", "ollamma"], "did you mean 'ollama'?"),
        (["--header", "no colon"], "--header takes 'Name: value'"),
        (["--header", "X-A: b\nX-C: d"], "--header 'X-A': neither"),
        (["--header", "X A: b"], "--header 'X A': neither"),
        (["--header", "X-A: ä"], "--header 'X-A': neither"),
        (["--api-key", "ä"], "the API key holds characters"),
        (["--api-key-file", "missing"], "missing cannot be read"),
        (["--known-failures", "missing"], "known failures cannot be read"),
        (["--write-known-failures", "missing/there"], "there is no folder missing"),
        (["--only-failed-of", "missing"], "missing cannot be read"),
        (["--report", "yaml=x"], "--report takes FORMAT=PATH"),
        (["--report", "json"], "--report takes FORMAT=PATH"),
        (["--report", "json=missing/x"], "there is no folder missing"),
        (["--report", "json=."], ". is a folder"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_option_is_2(words: list[str], says: str, tmp_path: Path) -> None:
    with Scripted() as server:
        done = conformance("run", server.url, *words, cwd=tmp_path)

        assert not server.seen
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "url", ["", "localhost:80", "ftp://localhost", "http://", "http://[::1", "http://h:99999"]
)
def test_a_wrong_url_is_2(url: str) -> None:
    done = conformance("run", url)

    assert done.returncode == 2
    assert "give one like http://localhost:11434/v1" in done.stderr


def test_nobody_there_is_3(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    done = conformance("run", url, "--report", f"json={tmp_path / 'run.json'}")

    assert done.returncode == 3
    assert f"no connection to {url}" in done.stderr
    assert not list(tmp_path.iterdir())


class RefusesAll(Scripted):
    """It lists models, and none of them answers."""

    def validate(self, request: Request) -> None:
        raise Refusal(403, "This key may not use the model.")


def test_a_server_whose_every_model_refuses_is_3() -> None:
    with RefusesAll() as server:
        done = conformance("run", server.url, *QUICK)

    assert done.returncode == 3
    assert "answers a chat of one token" in done.stderr
    for model in server.models:
        assert model.id in done.stderr


class SendsAway(Scripted):
    """It redirects requests for embeddings to another host."""

    elsewhere = ""

    def respond(self, request: Request) -> Reply:
        if request.path.endswith("/embeddings"):
            self.seen.append(request)
            return 307, {"location": f"{self.elsewhere}/embeddings"}, b""
        return super().respond(request)


def test_a_redirect_to_another_host_is_not_followed_and_is_3(tmp_path: Path) -> None:
    with Scripted() as other, SendsAway() as server:
        server.elsewhere = other.url.replace("127.0.0.1", "localhost")
        words = ["--fuzz", "0", "--only", "embeddings.feature.embeddings"]
        words += ["--report", f"json={tmp_path / 'run.json'}"]
        done = conformance("run", server.url, *words)

        assert not other.seen
    assert set(verdicts(tmp_path / "run.json").values()) == {"error"}
    assert done.returncode == 3
    assert "redirects to another host" in done.stdout


def test_ctrl_c_ends_a_run_at_once_with_a_whole_report(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with Scripted(delay=0.5) as server:
        words = ("run", server.url, "--jobs", "4", "--fuzz", "0", "--report", f"json={path}")
        with subprocess.Popen(
            command(*words),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            until = time.monotonic() + 30
            while len(server.seen) < 24 and time.monotonic() < until:
                time.sleep(0.02)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            seconds = time.monotonic() - begun

    assert process.returncode == 130, err
    assert seconds < 10  # of half a minute
    assert "interrupted" in out
    found = report(path)
    assert found["interrupted"]
    assert 0 < len(found["checks"]) < 200
    assert not {"fail", "error"} & {check["verdict"] for check in found["checks"]}


def test_ctrl_c_before_anything_was_judged(tmp_path: Path) -> None:
    with (
        Scripted(delay=20) as server,
        subprocess.Popen(
            command("run", server.url, "--report", f"json={tmp_path / 'run.json'}"),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        until = time.monotonic() + 30
        while not server.seen and time.monotonic() < until:
            time.sleep(0.02)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=30)[1]
        seconds = time.monotonic() - begun

    assert process.returncode == 130
    assert seconds < 10  # the answer takes 20
    assert err == "openai-conformance: interrupted before anything was judged\n"
    assert not list(tmp_path.iterdir())


def test_a_warning_counts_under_strict() -> None:
    with NamedEvents() as server:
        plain = conformance("run", server.url, *WARNS)
        strict = conformance("run", server.url, *WARNS, "--strict")

    assert (plain.returncode, strict.returncode) == (0, 1)
    assert "WARN  chat.stream.unnamed-events" in plain.stdout


def test_known_failures_round_trip(tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    with WrongObject() as server:
        first = conformance("run", server.url, *QUICK, "--write-known-failures", known)
        again = conformance("run", server.url, *QUICK, "--known-failures", known)
    with Scripted() as server:
        stale = conformance("run", server.url, *QUICK, "--known-failures", known)

    assert "models.list.schema  #" in known.read_text()
    assert (first.returncode, again.returncode, stale.returncode) == (1, 0, 1)
    assert "conforms to ollama but for known failures" in again.stdout
    assert "passes now; remove the line" in " ".join(stale.stdout.split())


def test_an_unknown_line_of_known_failures_is_1(tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("chat.stream.sings  # issue 12\n")
    with Scripted() as server:
        done = conformance("run", server.url, *QUICK, "--known-failures", known)

    assert done.returncode == 1
    assert "is no check" in done.stdout


def test_known_failures_under_strict_cover_warnings(tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    words = (*WARNS, "--strict")
    with NamedEvents() as server:
        first = conformance("run", server.url, *words, "--write-known-failures", known)
        again = conformance("run", server.url, *words, "--known-failures", known)

    assert (first.returncode, again.returncode) == (1, 0)
