"""The checks as items of another project's own tests: pytest's options work on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.broken.management import CopiesGiveTheirSource
from tests.scripted import Json, Managed, Request, Scripted

from .command import NamedEvents, WrongObject, environment
from .test_managing import KeepsAll

THEIRS = "def test_theirs(): pass\n"
CONFTEST = """
import sys

import pytest

@pytest.fixture(autouse=True)
def theirs(request):
    print("fixture of", request.node.name)

def pytest_sessionfinish(session):
    ours = sorted(name for name in sys.modules if name.startswith("openai_compat."))
    print("LOADED", *ours, "openai" in sys.modules)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a test, a conftest and a configuration of its own."""
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    return tmp_path


def run(project: Path, *words: str) -> tuple[int, str]:
    """Run pytest in the project; its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=project,
        env=environment(COLUMNS="120"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Scripted() as server:
        yield server.url


def test_nothing_is_imported_without_the_option(project: Path) -> None:
    code, said = run(project, "-s")

    (loaded,) = [line for line in said.splitlines() if "LOADED" in line]
    assert code == 0
    assert loaded.endswith(
        "LOADED openai_compat.conformance openai_compat.conformance.plugin False"
    )
    assert "1 passed" in said


def test_checks_stand_beside_the_projects_own_tests(project: Path, url: str) -> None:
    code, said = run(project, "--openai-url", url, "-v", "-s", "-k", "theirs or models.list")

    assert code == 0, said
    assert "fixture of test_theirs" in said
    assert "test_theirs.py::test_theirs" in said
    assert "openai-conformance::models.list.schema PASSED" in said


def test_collecting_judges_nothing(project: Path) -> None:
    with Scripted() as server:
        words = ("--collect-only", "-q", "-k", "stream.ends or theirs")
        code, said = run(project, "--openai-url", server.url, *words)
        asked = len(server.seen)

    assert code == 0
    assert [line for line in said.splitlines() if "::" in line] == [
        "test_theirs.py::test_theirs",
        "openai-conformance::chat.stream.ends-with-done",
        "openai-conformance::completions.stream.ends-with-done",
    ]
    assert asked < 6  # the warm-up


def test_the_profile_and_the_other_options_reach_the_checks(project: Path, url: str) -> None:
    only = ("-q", "--collect-only", "-k", "generated or latest")
    openai = ("--openai-url", url, "--openai-profile", "openai")
    _, all_of_them = run(project, *openai, *only)
    _, no_fuzz = run(project, *openai, "--openai-fuzz", "0", *only)
    code, wrong = run(project, "--openai-url", url, "--openai-jobs", "0")

    assert ".generated.refusals" in all_of_them
    assert ".generated." not in no_fuzz
    assert (code, "--jobs takes a whole number from 1, not 0" in wrong) == (4, True)


@pytest.mark.parametrize(
    ("url", "says"),
    [("http://127.0.0.1:9/v1", "no connection to"), ("nonsense", "not a server's URL: 'nonsense'")],
)
def test_a_server_that_is_not_there_is_a_usage_error(project: Path, url: str, says: str) -> None:
    code, said = run(project, "--openai-url", url)

    assert code == 4
    assert says in said
    assert "Traceback" not in said


class Slow(Scripted):
    """A list of models takes its time."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "model":
            self._closing.wait(0.4)
        return body


def test_junit_has_the_checks_own_durations(project: Path) -> None:
    words = ("--junitxml", "junit.xml", "-k", "model.feature.retrieve or models.list")
    with Slow() as server:
        code, said = run(project, "--openai-url", server.url, *words)
    cases = {
        str(case.get("name")): float(case.get("time", 0))
        for case in ET.parse(project / "junit.xml").getroot().iter("testcase")
        if case.get("classname") == "openai-conformance"
    }

    assert code == 0, said
    assert 0.4 <= cases.pop("model.feature.retrieve") < 3
    assert len(cases) > 3
    assert max(cases.values()) < 0.4


def test_a_failure_reads_as_in_the_report_and_lf_repeats_it(project: Path) -> None:
    (project / "test_theirs.py").write_text(f"{THEIRS}def test_fails(): assert 0\n")
    with WrongObject() as server:
        first = run(project, "--openai-url", server.url, "-k", "theirs or models.list")
        again = run(project, "--openai-url", server.url, "--lf", "-v")

    assert first[0] == again[0] == 1
    for line in (
        "check models.list.schema",
        "requires  ",
        "expected  the list: ",
        "curl      curl",
    ):
        assert line in first[1]
    assert "items.py" not in first[1]
    assert "openai-conformance::models.list.schema FAILED" in again[1]
    assert "test_theirs.py::test_fails FAILED" in again[1]
    assert "2 failed" in again[1]
    assert "passed" not in again[1].splitlines()[-1]


def test_a_warning_is_a_warning_and_a_skip_says_why(project: Path) -> None:
    words = ("-rs", "-k", "unnamed-events or feature.vision")
    with NamedEvents(without=frozenset({"vision"})) as server:
        code, said = run(project, "--openai-url", server.url, *words)

    assert code == 0, said
    assert "ConformanceWarning: chat.stream.unnamed-events: " in said
    assert "vision: absent, by the answer 400" in said
    assert "1 skipped" in said


def test_exitfirst_ends_the_run(project: Path) -> None:
    with WrongObject() as server:
        code, said = run(project, "--openai-url", server.url, "-x", "-k", "models.list or chat.")

    assert code == 1
    assert "stopping after 1 failures" in said
    assert "1 failed" in said


def test_the_first_failure_leaves_no_model(project: Path) -> None:
    with CopiesGiveTheirSource() as server:
        words = ("--openai-url", server.url, "--openai-manage", "-x", "-k", "models.manage")
        code, said = run(project, *words)

        assert [one.path for one in server.seen if one.method == "DELETE"]
        assert not [model.id for model in server.models if model.id.startswith("conformance-")]
    assert code == 1
    assert "1 failed" in said


def test_what_is_left_is_told_at_the_end(project: Path) -> None:
    with KeepsAll() as server:
        words = ("--openai-url", server.url, "--openai-manage", "-k", "models.manage.copy-echoed")
        code, said = run(project, *words)

    assert code == 0, said
    assert "-copy may be left on the server (403" in said


def test_models_are_made_only_with_the_option(project: Path) -> None:
    with Managed() as server:
        code, said = run(project, "--openai-url", server.url, "-k", "models.manage")

    assert code == 5, said
    assert not [one.path for one in server.seen if one.path.startswith("/api/")]
