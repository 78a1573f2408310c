"""The loader of the API surface reads well and refuses what is wrong."""

from pathlib import Path

import pytest
from openai_compat.spec import SpecError
from openai_compat.spec.api_loader import read_api

from .files import API, write


def test_a_surface_is_read(tmp_path: Path) -> None:
    api = read_api(write(tmp_path, API))

    names = [field.name for field in api.operations["completions"].fields]
    assert names == ["streaming", "prompt", "prompt.string", "prompt.tokens", "n"]
    assert api.field("completions", "prompt").source == "The book"
    assert api.field("completions", "prompt.tokens").kind == "aspect"


def test_null_is_neutral_for_what_is_nullable_and_not_required(tmp_path: Path) -> None:
    api = read_api(write(tmp_path, API))

    assert api.field("completions", "n").neutral == (1, None)
    assert api.field("completions", "prompt").neutral == ()


def test_an_aspect_takes_the_capability_of_its_field(tmp_path: Path) -> None:
    text = API.replace("required: true", "capability: infill")

    api = read_api(write(tmp_path, text))

    assert api.field("completions", "prompt.string").capability == "infill"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "not: [sound", "notes.txt")

    assert read_api(write(tmp_path, API)).objects.keys() == {"token", "answer"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("endpoint: completions", "endpoint: completion", "did you mean 'completions'?"),
        ("method: POST", "method: PUT", "'method' must be GET or POST, not 'PUT'"),
        ("summary:", "sumary:", "'summary' is missing; is 'sumary' meant?"),
        ("name: n,", "name: prompt,", "'prompt' is a duplicate"),
        ("nullable: true", "nulable: true", "fields n: unknown key 'nulable'"),
        ("source: The book", "", "features streaming: 'source' is missing"),
        ("response: answer", "response: anser", "there is no definition 'anser'; did you mean"),
        ("#/$defs/token", "#/$defs/tokn", "completions.prompt: there is no definition 'tokn'"),
        ("x-aspect: prompt.string", "x-aspect: prompt.str", "there is no aspect 'prompt.str'"),
        ("- {name: string, requires", "- {name: string, level: MIGHT, requires", "'MIGHT'"),
        ("- {name: string, requires", "- {name: string, schema: {}, requires", "unknown key"),
        ("definitions:", "definition:", "page.yaml: unknown key 'definition'"),
    ],
)
def test_a_mistake_is_an_error(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in API

    with pytest.raises(SpecError) as caught:
        read_api(write(tmp_path, API.replace(old, new, 1)))

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("definitions: {token: {type: string}}", "the definition 'token' is a duplicate"),
        (API.partition("definitions:")[0], "the endpoint 'completions' is a duplicate"),
    ],
)
def test_two_files_do_not_define_one_thing(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, API)

    with pytest.raises(SpecError) as caught:
        read_api(write(tmp_path, text, "second.yaml"))

    assert str(caught.value).startswith("second.yaml: ")
    assert problem in str(caught.value)
