"""``create``: what is refused, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from openai_compat.reference.library import BadNameError, Library, ModelfileError
from openai_compat.reference.library.create import create
from openai_compat.reference.library.modelfile import parse
from openai_compat.reference.library.store import Store

from tests.backends.files import BAD, write

from .ollama_store import made
from .workshop import PROJECTOR, WEIGHTS, Workshop


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("FROM nowhere", 1, 6, "no model of this name"),
        ("FROM ./nowhere.gguf", 1, 6, "no file here"),
        ("FROM a b", 1, 6, "no file here"),
        ("FROM ~nobody-of-this-name/x", 1, 6, "no file here"),
        (f"FROM {'x' * 5000}", 1, 6, "no file here"),
        ('FROM "a\0b"', 1, 6, "no file here"),
        ("FROM ./folder", 1, 6, "convert_hf_to_gguf"),
        ("FROM tensors", 1, 6, "convert_hf_to_gguf"),
        ("FROM tensors/model.safetensors", 1, 6, "not a GGUF file"),
        ("FROM tiny\nADAPTER ./lora.gguf", 2, 9, "ADAPTER is not supported"),
        ("FROM tiny\nFROM tiny-embed", 2, 6, "a second model"),
        ("FROM eyes.gguf", 1, 6, "a projector only"),
        ("FROM tiny\nFROM eyes.gguf\nFROM eyes.gguf", 3, 6, "a second model"),
        ('FROM tiny\nTEMPLATE "[INST] {{ .Prompt }}"', 2, 10, "ChatML"),
        ("FROM tiny\nTEMPLATE {{ if .System }}", 2, 10, "no end"),
        ("FROM adapted", 1, 6, "has an adapter"),
    ],
)
def test_mistakes(workshop: Workshop, text: str, line: int, column: int, says: str) -> None:
    """Each with its place; nothing is written."""
    assert PROJECTOR is not None
    (workshop.folder / "folder").mkdir()
    (workshop.folder / "tensors").mkdir()
    (workshop.folder / "tensors/model.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{}")
    (workshop.folder / "eyes.gguf").write_bytes(PROJECTOR.read_bytes())
    made(workshop.folder / "theirs", "registry.ollama.ai/library/adapted/latest", adapter="lora")
    library = Library(workshop.library.own, (Store(workshop.folder / "theirs"),))
    told = Workshop(library, workshop.folder).refused(text)

    assert (told.line, told.column) == (line, column)
    assert says in told.message


@pytest.mark.parametrize("fault", BAD)
def test_bad_files_are_refused(workshop: Workshop, fault: str) -> None:
    """Those whose header says it; an engine finds the other faults."""
    path = write(workshop.folder, fault, WEIGHTS.read_bytes())
    if fault in {"unknown-architecture", "wrong-width", "too-many-blocks"}:
        assert workshop.create(f"FROM {path.name}").model
        return
    told = workshop.refused(f"FROM {path.name}")

    assert (told.line, told.column) == (1, 6)
    assert repr(path.name) in told.message


def test_without_a_folder_there_are_no_files(workshop: Workshop) -> None:
    """As where a client names what to make."""
    for path in (WEIGHTS, Path(__file__)):
        with pytest.raises(ModelfileError, match="no file here"):
            create(workshop.library, "new", parse(f"FROM {path}"), None)


def test_bad_names_are_refused(workshop: Workshop) -> None:
    """Before anything is read."""
    with pytest.raises(BadNameError):
        workshop.create("FROM tiny", "../x")
