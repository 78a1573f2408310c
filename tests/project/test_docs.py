"""What the documents and the help texts promise is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from openai_compat.conformance import cli

from .layout import ROOT, pyproject, run

COMMANDS = ("", "run", "list", "explain", "report", "compare")
HEAVY = {
    "ctransformers", "falcon", "httpx2", "hypothesis", "jinja2", "jsonschema", "llama_cpp", "numpy",
    "openai", "pytest", "schemathesis", "waitress", "yaml",
}  # fmt: skip
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_newest_heading_of_the_changelog_is_the_version() -> None:
    headings = re.findall(r"^## (\S+) - (\d{4}-\d{2}-\d{2})", text("CHANGELOG.md"), re.MULTILINE)

    assert headings[0][0] == pyproject()["project"]["version"]
    assert [date for _, date in headings] == sorted((date for _, date in headings), reverse=True)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        cli.main([*command.split(), "--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert max(map(len, said.splitlines())) <= 80
    assert said.startswith(f"usage: openai-conformance {command}".rstrip())


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("conformance", "--help"),
        ("conformance", "run --help"),
        ("conformance", "--version"),
        ("reference", "--help"),
        ("reference", "serve --help"),
    ],
)
def test_help_imports_nothing_heavy(program: str, command: str) -> None:
    """So it answers at once."""
    code = (
        "import atexit, sys\n"
        f"from openai_compat.{program}.cli import main\n"
        f"atexit.register(lambda: print('LOADED', *({HEAVY} & sys.modules.keys())))\n"
        f"main({command.split()})\n"
    )
    done = run(sys.executable, "-c", code)

    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


def test_every_command_that_a_document_names_exists() -> None:
    known = {"run", "list", "explain", "report", "compare"}
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        named = set(re.findall(r"openai-conformance +([a-z]+)", text(name)))
        assert named <= known, name
    assert "openai-conformance run" in text("README.md")


def test_every_option_that_a_document_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    known = set[str]()
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            cli.main([*command.split(), "--help"])
        known |= set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    for name in ("README.md", "CHANGELOG.md"):
        lines = [line for line in text(name).splitlines() if "openai-conformance" in line]
        named = {option for line in lines for option in re.findall(r"(?<= )--[a-z][a-z-]+", line)}
        assert named <= known, name


def test_every_file_that_a_document_names_exists() -> None:
    for name in DOCUMENTS:
        for path in re.findall(
            r"`((?:spec|conformance|reference|backends|tests|\.ci)/[\w./-]*)`", text(name)
        ):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_every_link_of_a_document_leads_somewhere() -> None:
    for name in DOCUMENTS:
        for target in re.findall(r"\]\(([^)]+)\)", text(name)):
            if not target.startswith(("http://", "https://", "#")):
                assert (ROOT / target.partition("#")[0]).exists(), f"{name}: {target}"


def test_every_environment_that_a_document_names_exists() -> None:
    tox = text("tox.ini")
    listed = re.search(r"^env_list =((?:.|\n +)*)$", tox, re.MULTILINE)
    assert listed is not None
    run_by_default = set(re.split(r"[\s,]+", listed[1].strip()))
    described = set(re.findall(r"^\[testenv:([\w-]+)\]", tox, re.MULTILINE))
    known = run_by_default | described
    assert {name for name in run_by_default if not name.startswith("py3")} <= described
    for name in DOCUMENTS:
        assert set(re.findall(r"tox -e ([\w-]+)", text(name))) <= known, name
    assert tox.count("\ndescription = ") == len(re.findall(r"^\[testenv:", tox, re.MULTILINE))


def test_recipes_have_ten_lines_or_less() -> None:
    for recipe in text("CONTRIBUTING.md").split("\n## ")[1:]:
        title, *lines = recipe.splitlines()
        kept = [line for line in lines if line and not line.startswith("```")]
        assert len(kept) <= 10, title


def test_no_document_names_this_machine() -> None:
    ours = [*ROOT.glob("*.md"), ROOT / "tox.ini", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]
    for path in ours:
        assert not re.search(r"/(work|home|root)/", Path(path).read_text(encoding="utf-8")), path
