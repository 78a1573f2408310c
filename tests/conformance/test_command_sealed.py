"""Nothing around the command reaches a run, and nothing of the user's reaches a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scripted import Scripted

from .command import QUICK, conformance

RAISES = "raise RuntimeError('the project around reached the run')\n"
BAD_INI = "[pytest]\naddopts = --no-such-option\nfilterwarnings = error\nrequired_plugins = nope\n"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project whose own tests could not even start."""
    for name in ("conftest.py", "test_theirs.py", "openai.py", "pytest.py", "yaml.py"):
        (tmp_path / name).write_text(RAISES)
    (tmp_path / "pytest.ini").write_text(BAD_INI)
    (tmp_path / "tox.ini").write_text(BAD_INI)
    (tmp_path / "setup.cfg").write_text(BAD_INI.replace("[pytest]", "[tool:pytest]"))
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options\n")
    return tmp_path


@pytest.fixture
def plugin(tmp_path: Path) -> str:
    """The search path of an installed pytest plugin that cannot be imported."""
    site = tmp_path / "site"
    info = site / "hostile-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pytest11]\nhostile = hostile_plugin\n")
    (site / "hostile_plugin.py").write_text(RAISES)
    return os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))


def test_a_run_is_sealed_from_the_project_around_it(hostile: Path, plugin: str) -> None:
    variables = {
        "PYTEST_ADDOPTS": "--no-such-option -x",
        "PYTEST_PLUGINS": "no_such_plugin",
        "PYTHONPATH": plugin,
        "PYTHONSAFEPATH": "1",  # `python -c`, unlike the installed command, looks here first
        "NO_COLOR": "1",
    }
    with Scripted() as server:
        done = conformance("run", server.url, *QUICK, cwd=hostile, env=variables)

    assert (done.returncode, done.stderr) == (0, "")
    assert "conforms to ollama" in done.stdout


def test_a_run_leaves_nothing_behind(tmp_path: Path) -> None:
    with Scripted() as server:
        done = conformance("run", server.url, "--fuzz", "1", "--only", "*generated*", cwd=tmp_path)

    assert done.returncode == 0, done.stdout
    assert not list(tmp_path.iterdir())


def test_a_run_works_in_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with Scripted() as server:
        done = conformance("run", server.url, "--fuzz", "1", "--only", "*generated*", cwd=tmp_path)

    assert done.returncode == 0, done.stdout


def test_the_users_openai_variables_reach_no_other_server() -> None:
    variables = {
        "OPENAI_API_KEY": "sk-secret",
        "OPENAI_ADMIN_KEY": "sk-secret",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/secret",
        "OPENAI_ORG_ID": "secret",
        "OPENAI_PROJECT_ID": "secret",
        "OPENAI_WEBHOOK_SECRET": "secret",
        "OPENAI_CUSTOM_HEADERS": "X-Mine: secret",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    words = ("--fuzz", "1", "--only", "*generated*", "--only", "models.*", "--only", "*.sdk*")
    with Scripted() as server:
        done = conformance("run", server.url, *words, env=variables)
        seen = list(server.seen)

    assert done.returncode == 0, done.stdout
    assert len(seen) > 8
    for request in seen:
        assert "secret" not in f"{request.path} {request.headers} {request.raw!r}"
        assert request.headers.get("authorization") in {None, "Bearer conformance"}
        assert not {"openai-organization", "openai-project", "x-mine"} & request.headers.keys()


def test_a_key_is_sent_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-from-file\n")
    reports = {name: tmp_path / name for name in ("json", "junit", "markdown", "html", "text")}
    words = [word for name, path in reports.items() for word in ("--report", f"{name}={path}")]
    with Scripted(api_key="sk-from-file") as server:
        file = conformance("run", server.url, *QUICK, "--api-key-file", tmp_path / "key", *words)
        option = conformance("run", server.url, *QUICK, "--api-key", "sk-from-file")
        named = {"OPENAI_CONFORMANCE_API_KEY": "sk-from-file"}
        variable = conformance("run", server.url, *QUICK, env=named)
        without = conformance("run", server.url, *QUICK)

    assert [one.returncode for one in (file, option, variable, without)] == [0, 0, 0, 3]
    for path in reports.values():
        assert "sk-from-file" not in path.read_text()
    assert "sk-from-file" not in file.stdout + option.stdout


def test_credentials_in_the_url_are_neither_sent_nor_shown(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with Scripted() as server:
        url = server.url.replace("://", "://mary:hunter2@")
        done = conformance("run", f"{url}?token=hunter2", *QUICK, "--report", f"json={path}")
        seen = list(server.seen)

    assert done.returncode == 0
    assert "hunter2" not in done.stdout + path.read_text()
    assert not [one for one in seen if "hunter2" in f"{one.path} {one.headers}"]


def test_a_header_goes_with_every_request() -> None:
    words = ("--fuzz", "1", "--only", "*generated*", "--only", "models.*", "--only", "server.*")
    headers = ("--header", "X-Tenant: blue", "--header", "X-Empty:")
    with Scripted() as server:
        done = conformance("run", server.url, *words, *headers)
        seen = [one for one in server.seen if one.method != "OPTIONS"]

    assert done.returncode == 0, done.stdout
    assert [one.path for one in seen if one.headers.get("x-tenant") != "blue"] == []
