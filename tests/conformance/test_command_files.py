"""Reports that a run writes, what reads them, and the options that choose checks."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.scripted import Scripted

from .command import QUICK, WrongObject, command, conformance, environment, report, verdicts

FORMATS = ("text", "json", "junit", "markdown", "html", "badge")
SOME = ("--fuzz", "0", "--only", "models.list.*", "--only", "chat.stream.*")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with every report of one run that found a failure."""
    folder = tmp_path_factory.mktemp("finished")
    words = [word for name in FORMATS for word in ("--report", f"{name}={folder / name}")]
    with WrongObject() as server:
        done = conformance("run", server.url, *SOME, *words, env={"NO_COLOR": "1"})
    assert done.returncode == 1
    (folder / "stdout").write_text(done.stdout)
    return folder


@pytest.mark.parametrize("name", FORMATS)
def test_report_writes_a_finished_run_in_every_format(name: str, finished: Path) -> None:
    done = conformance("report", finished / "json", "--format", name)

    assert done.returncode == 0
    assert done.stdout == (finished / name).read_text(encoding="utf-8")


def test_what_is_printed_is_the_text_report(finished: Path) -> None:
    assert (finished / "stdout").read_text() == (finished / "text").read_text()


def test_junit_names_the_failure(finished: Path) -> None:
    cases = ET.parse(finished / "junit").getroot().iter("testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]

    assert failed == ["models.list.schema"]


def test_a_report_is_replaced_in_one_step(tmp_path: Path) -> None:
    path, link = tmp_path / "run.json", tmp_path / "link.json"
    path.write_text("the last run")
    os.link(path, link)
    with Scripted() as server:
        done = conformance("run", server.url, *QUICK, "--report", f"json={path}")

    assert done.returncode == 0
    assert report(path)["complete"] is True
    assert link.read_text() == "the last run"
    assert {one.name for one in tmp_path.iterdir()} == {"run.json", "link.json"}


def test_a_run_that_judged_nothing_keeps_the_last_report(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("the last run")
    with Scripted() as server:
        done = conformance("run", server.url, "--only", "nope", "--report", f"json={path}")

    assert done.returncode == 2
    assert path.read_text() == "the last run"


def test_a_report_on_standard_output_stands_alone() -> None:
    with Scripted() as server:
        done = conformance("run", server.url, *QUICK, "--report", "badge=-")

    assert done.stdout.startswith("<svg")
    assert done.stdout.rstrip().endswith("</svg>")


@pytest.mark.parametrize("words", [["report", "PATH"], ["compare", "PATH", "PATH"]])
def test_a_truncated_report_is_refused(words: list[str], finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text((finished / "json").read_text()[:-20])
    done = conformance(*(path if word == "PATH" else word for word in words))

    assert done.returncode == 2
    assert f"{path}: " in done.stderr
    assert "truncated" in done.stderr


def test_an_unknown_format_is_2(finished: Path) -> None:
    for verb in ("report", "compare"):
        done = conformance(verb, finished / "json", "--format", "yaml")

        assert done.returncode == 2
        assert "yaml" in done.stderr


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_compare_shows_runs_side_by_side(style: str, finished: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    with Scripted() as server:
        conformance("run", server.url, *SOME, "--report", f"json={other}")
    done = conformance("compare", finished / "json", other, "--format", style)

    assert done.returncode == 0
    for path in (finished / "json", other):
        assert report(path)["server"]["url"].removeprefix("http://") in done.stdout
    assert "models.list.schema" in done.stdout


def test_only_and_skip_choose(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    words = ("--only", "models.list.*", "--only", "chat.stream.one-?d", "--skip", "*.schema")
    with Scripted() as server:
        conformance("run", server.url, "--fuzz", "0", *words, "--report", f"json={path}")
    ids = verdicts(path).keys()

    assert "chat.stream.one-id" in ids
    assert "models.list.schema" not in ids
    assert all(name.startswith("models.list.") for name in ids - {"chat.stream.one-id"})


def test_only_failed_of_runs_what_failed_or_warned(finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with Scripted() as server:
        words = ("--only-failed-of", finished / "json", "--report", f"json={path}")
        done = conformance("run", server.url, *words)
        none = conformance("run", server.url, "--only-failed-of", path)

    bad = {name for name, verdict in verdicts(finished / "json").items() if verdict == "fail"}
    assert done.returncode == 0
    assert bad == {"models.list.schema"} == verdicts(path).keys()
    assert (none.returncode, "nothing failed in" in none.stderr) == (2, True)


def vision(tmp_path: Path, *words: str, without: str = "vision") -> tuple[int, dict[str, str], str]:
    path = tmp_path / "run.json"
    with Scripted(without=frozenset(filter(None, [without]))) as server:
        only = (*QUICK, "--only", "chat.feature.vision", "--only", "chat.pictures.*")
        done = conformance("run", server.url, *only, *words, "--report", f"json={path}")
    found = {name: one for name, one in verdicts(path).items() if name.startswith("chat.")}
    return done.returncode, found, done.stdout


def test_a_capability_that_is_absent_is_skipped_with_the_answer_that_decided(
    tmp_path: Path,
) -> None:
    code, found, said = vision(tmp_path)

    assert (code, set(found.values())) == (0, {"skip"})
    assert "vision: absent, by the answer 400" in " ".join(said.split())


def test_a_declared_capability_must_work(tmp_path: Path) -> None:
    code, found, said = vision(tmp_path, "--declare", "vision")

    assert (code, found["chat.feature.vision"]) == (1, "fail")
    assert set(found.values()) <= {"fail", "warn"}
    assert "not testable" in said


def test_an_excluded_capability_is_skipped(tmp_path: Path) -> None:
    code, found, said = vision(tmp_path, "--without", "vision", without="")

    assert (code, set(found.values())) == (0, {"skip"})
    assert "vision: excluded" in said


def test_without_a_probe_every_capability_is_judged(tmp_path: Path) -> None:
    code, found, _ = vision(tmp_path, "--no-probe")

    assert code == 1
    assert "fail" in found.values()


@pytest.mark.parametrize("profile", ["ollama", "openai"])
def test_list_names_every_check(profile: str) -> None:
    done = conformance("list", "--profile", profile)
    *lines, _, total = done.stdout.splitlines()

    assert done.returncode == 0
    assert total.startswith(f"{len(lines) // 2} checks of the profile {profile}")
    assert "MUST    chat.stream.ends-with-done" in lines


def test_explain_says_what_a_check_rests_on() -> None:
    done = conformance("explain", "chat.field.temperature")

    assert done.returncode == 0
    for word in ("(MUST)", "requires", "(chat.temperature)", "source", "documents it", "claim"):
        assert word in done.stdout


def test_explain_guesses_the_id_that_was_meant() -> None:
    done = conformance("explain", "chat.field.temprature")

    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean chat.field.temperature?" in done.stderr


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        command("list"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")
