"""Every mistake in a file is an error that names the file, the row and the likely cause."""

from pathlib import Path

import pytest
from openai_compat.spec import Level, SpecError
from openai_compat.spec.reading import Section, read_yaml


def section(**values: object) -> Section:
    return Section(values, "page.yaml", "row one")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"^gone\.yaml: cannot be read"):
        read_yaml(tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4: the key 'c' stands twice"),
        ("a: [1\n", "page.yaml: line 2: "),
    ],
)
def test_a_file_that_is_not_sound_yaml_is_an_error(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "page.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SpecError) as caught:
        read_yaml(file)

    assert problem in str(caught.value)
    assert caught.value.file == "page.yaml"


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_bytes(b"a: \xff\n")

    with pytest.raises(SpecError, match="cannot be read"):
        read_yaml(tmp_path / "page.yaml")


def test_an_unknown_key_names_file_and_row_and_guesses() -> None:
    row = section(says="It works.", levle="MUST")
    row.text("says")
    row.choice("level", Level, Level.MAY)

    with pytest.raises(SpecError) as caught:
        row.close()

    assert str(caught.value) == "page.yaml: row one: unknown key 'levle'; did you mean 'level'?"


def test_a_missing_key_guesses_the_one_that_was_meant() -> None:
    with pytest.raises(SpecError, match=r"row one: 'source' is missing; is 'sorce' meant\?"):
        section(sorce="a book").text("source")


def test_a_missing_key_without_a_likeness_guesses_nothing() -> None:
    with pytest.raises(SpecError, match=r"'source' is missing$"):
        section(zzz=1).text("source")


@pytest.mark.parametrize("value", ["", "  ", 3, None, ["a"]])
def test_a_text_is_a_text(value: object) -> None:
    with pytest.raises(SpecError, match="'says' must be a text"):
        section(says=value).text("says")


def test_a_text_is_one_line() -> None:
    assert section(says="one\n  two").text("says") == "one two"


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_a_flag_is_true_or_false(value: object) -> None:
    with pytest.raises(SpecError, match="'visible' must be true or false"):
        section(visible=value).flag("visible", default=True)


def test_a_list_holds_one_kind() -> None:
    assert section(claims=[1, 2]).items("claims", int) == (1, 2)

    for wrong in (["1"], [True], 1, "1"):
        with pytest.raises(SpecError, match="'claims'"):
            section(claims=wrong).items("claims", int)


def test_a_choice_guesses_the_member_that_was_meant() -> None:
    with pytest.raises(SpecError, match=r"one of MUST, SHOULD, MAY, not 'SHOUD'; did you mean"):
        section(level="SHOUD").choice("level", Level)


def test_a_mapping_is_expected() -> None:
    with pytest.raises(SpecError, match="a mapping is expected, not a list"):
        Section(["a"], "page.yaml")


def test_keys_are_names() -> None:
    with pytest.raises(SpecError, match="the key True is not a name"):
        Section({True: 1}, "page.yaml")
