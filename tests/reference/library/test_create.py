"""``create``: what a new model is made of."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from openai_compat.reference.library import DamagedBlobError, Library
from openai_compat.reference.library.create import create
from openai_compat.reference.library.manifest import LICENSE, MESSAGES, PARAMS, SYSTEM, TEMPLATE
from openai_compat.reference.library.modelfile import modelfile_of, parse
from openai_compat.reference.library.settings import Message, Settings
from openai_compat.reference.library.store import Store

from tests.reference.conftest import command

from .gotemplates import CHATML_TURNS, LLAMA_TURNS
from .ollama_store import made
from .workshop import PROJECTOR, WEIGHTS, Workshop


def test_what_a_model_is_made_of(workshop: Workshop) -> None:
    """The contents of its source, and one of each setting, as a store has them."""
    text = (
        'FROM tiny\nPARAMETER num_ctx 256\nPARAMETER stop a\nPARAMETER stop "b\nc"\n'
        f'SYSTEM Be brief.\nMESSAGE user Hi\nMESSAGE assistant ""\nTEMPLATE """{LLAMA_TURNS}"""\n'
        "LICENSE MIT\nLICENSE Another."
    )
    model = workshop.create(text).model

    assert model.files.model.read_bytes() == WEIGHTS.read_bytes()
    assert model.files.projector is not None
    assert json.loads(*workshop.layer(model, PARAMS)) == {"num_ctx": 256, "stop": ["a", "b\nc"]}
    assert json.loads(*workshop.layer(model, MESSAGES)) == [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": ""},
    ]
    assert workshop.layer(model, SYSTEM) == ["Be brief."]
    assert workshop.layer(model, TEMPLATE) == [LLAMA_TURNS]
    assert workshop.layer(model, LICENSE) == ["MIT", "Another."]
    assert model.settings == parse(text).settings


def test_settings_are_inherited(workshop: Workshop) -> None:
    """The Modelfile's win, messages as a whole; licences add up; empty ones take away."""
    workshop.create(
        "FROM tiny\nPARAMETER num_ctx 256\nPARAMETER seed 1\nSYSTEM one\n"
        f'MESSAGE user one\nMESSAGE assistant one\nTEMPLATE """{CHATML_TURNS}"""\nLICENSE one',
        "one",
    )
    two = workshop.create(
        'FROM one\nPARAMETER seed 2\nSYSTEM ""\nMESSAGE user two\nLICENSE two\nLICENSE one', "two"
    ).model
    three = workshop.create('FROM two\nTEMPLATE ""\nPARAMETER stop x').model

    assert two.settings == Settings(
        parameters={"num_ctx": 256, "seed": 2},
        messages=(Message("user", "two"),),
        template=CHATML_TURNS,
        licences=("one", "two"),
    )
    assert three.settings == Settings(
        parameters={"num_ctx": 256, "seed": 2, "stop": ("x",)},
        messages=(Message("user", "two"),),
        licences=("one", "two"),
    )
    assert workshop.library.find("one").settings.system == "one"


def test_a_source_in_a_store_of_others(workshop: Workshop, tmp_path: Path) -> None:
    """Its settings are inherited, too; nothing is written there."""
    theirs = tmp_path / "theirs"
    made(
        theirs,
        system="Theirs.",
        params='{"num_ctx": 512.0, "stop": ["x"], "temperature": 0, "new_thing": [1]}',
        messages='[{"role": "user", "content": "Hi"}]',
        template=LLAMA_TURNS,
        license="theirs",
    )
    before = sorted(os.walk(theirs))
    library = Library(workshop.library.own, (Store(theirs),))
    created = create(library, "mine", parse("FROM theirs\nPARAMETER seed 3"), workshop.folder)

    assert created.model.settings == Settings(
        parameters={"num_ctx": 512, "stop": ("x",), "temperature": 0.0, "seed": 3},
        system="Theirs.",
        messages=(Message("user", "Hi"),),
        template=LLAMA_TURNS,
        licences=("theirs",),
    )
    assert sorted(os.walk(theirs)) == before
    assert workshop.library.own.find(created.model.name) is not None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("params", "{"),
        ("params", "[]"),
        ("params", '{"temperature": "hot"}'),
        ("params", f'{{"temperature": 1{"0" * 400}}}'),
        ("params", '{"temperature": Infinity}'),
        ("params", '{"num_ctx": true}'),
        ("params", '{"stop": [""]}'),
        ("params", '{"stop": ["\\ud800"]}'),
        ("messages", "{}"),
        ("messages", '["Hi"]'),
        ("messages", '[{"role": "tool", "content": "Hi"}]'),
        ("messages", '[{"role": "user"}]'),
    ],
)
def test_damaged_settings_are_told(tmp_path: Path, kind: str, content: str) -> None:
    """Whatever another program has written; the model is listed all the same."""
    made(tmp_path / "theirs", **{kind: content})
    library = Library(Store(tmp_path / "store"), (Store(tmp_path / "theirs"),))
    model = library.find("theirs")

    with pytest.raises(DamagedBlobError):
        _ = model.settings
    assert model.name in {listed.name for listed in library.models()}


def test_a_file_and_a_projector(workshop: Workshop) -> None:
    """Relative to the Modelfile, in any order; a new projector takes the place of an old one."""
    assert PROJECTOR is not None
    (workshop.folder / "in").mkdir()
    (workshop.folder / "in/weights.bin").write_bytes(WEIGHTS.read_bytes())
    (workshop.folder / "eyes.gguf").write_bytes(PROJECTOR.read_bytes())
    blind = workshop.create("FROM in/weights.bin", "blind").model
    both = workshop.create("FROM ./eyes.gguf\nFROM in/weights.bin").model
    later = workshop.create(f"FROM blind\nFROM {PROJECTOR}").model
    again = workshop.create(f"FROM tiny\nFROM {PROJECTOR}").model

    assert blind.files.projector is None
    for model in (both, later, again):
        assert model.files.projector is not None
        assert model.files.projector.read_bytes() == PROJECTOR.read_bytes()
        assert model.stored is not None
        assert len(model.stored.manifest.layers) == 2


def test_a_written_modelfile_makes_the_same_model(workshop: Workshop) -> None:
    """From the files of the store, with the same digest."""
    first = workshop.create(
        f'FROM tiny\nSYSTEM "a\nb"\nPARAMETER stop "x "\nTEMPLATE "{CHATML_TURNS}"\nLICENSE MIT',
        "me/first:v1",
    ).model
    text = modelfile_of(first)
    second = workshop.create(text, "second").model

    assert "# FROM me/first:v1" in text
    assert second.digest == first.digest


def test_a_model_may_be_made_of_itself(workshop: Workshop) -> None:
    """And nothing is left of what it was."""
    workshop.create("FROM tiny\nSYSTEM one")
    before = workshop.files()
    workshop.create("FROM new\nSYSTEM two")

    assert workshop.library.find("new").settings.system == "two"
    assert len(workshop.files()) == len(before)


def test_a_folder_does_not_hide_a_model(workshop: Workshop) -> None:
    """A name is a name, whatever else is called so."""
    (workshop.folder / "tiny").mkdir()

    assert workshop.create("FROM tiny").model


def test_settings_stay_with_other_eyes(workshop: Workshop) -> None:
    """A copy with another projector has them, too."""
    workshop.create("FROM tiny\nSYSTEM one\nPARAMETER num_ctx 256", "one")
    copied = workshop.library.copy("one", "two", PROJECTOR)

    assert copied.settings == workshop.library.find("one").settings


def test_what_its_maker_should_know(workshop: Workshop) -> None:
    """What has no effect, and a context that is longer than the trained one."""
    quiet = workshop.create("FROM tiny\nPARAMETER num_ctx 4096\nPARAMETER top_k 3")
    loud = workshop.create(
        "FROM tiny\nPARAMETER num_gpu 1\nPARAMETER mirostat 2\nPARAMETER num_ctx 4097"
    )

    assert quiet.notes == ()
    assert loud.notes[0] == "Kept, but without effect here: num_gpu, mirostat."
    assert "4097" in loud.notes[1]
    assert "4096" in loud.notes[1]
    assert loud.model.settings.parameters["num_gpu"] == 1


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    words = command(*arguments, "--models", "store")
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, **more)  # type: ignore[call-overload,no-any-return]  # the text of standard input


def test_the_command(tmp_path: Path) -> None:
    """A file, the default one, standard input; mistakes are told with exit code 1."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/weights").write_bytes(WEIGHTS.read_bytes())
    (tmp_path / "in/Other").write_text("FROM weights\nPARAMETER num_gpu 1\n")
    (tmp_path / "Modelfile").write_text("FROM tiny\nSYSTEM Hi\n")
    (tmp_path / "Bad").write_text("FROM tiny\nPARAMTER x 1\n")
    (tmp_path / "Missing").write_text("FROM weights\n")
    good = [
        run(tmp_path, "create", "one"),
        run(tmp_path, "create", "two", "-f", "in/Other"),
        run(tmp_path, "create", "three", "-f", "-", input="FROM two\n"),
    ]
    bad = [
        run(tmp_path, "create", "four", "-f", "Bad"),
        run(tmp_path, "create", "four", "-f", "Nothing"),
        run(tmp_path, "create", "four", "-f", "Missing"),
        run(tmp_path, "create", "a//b"),
    ]
    listed = run(tmp_path, "list").stdout
    shown = run(tmp_path, "show", "one", "--modelfile").stdout

    assert [(done.returncode, done.stdout) for done in good] == [
        (0, ""),
        (0, "Kept, but without effect here: num_gpu.\n"),
        (0, ""),
    ]
    assert all(f"{name}:latest" in listed for name in ("one", "two", "three"))
    assert all(done.returncode == 1 for done in bad)
    assert all("Traceback" not in done.stderr for done in bad)
    assert bad[0].stderr.startswith("openai-reference: Modelfile, line 2, column 1: ")
    assert "did you mean 'PARAMETER'?" in bad[0].stderr
    assert "four" not in listed
    assert shown.startswith("# ")
    assert shown.endswith("\nSYSTEM Hi\n")
