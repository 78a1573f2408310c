"""The committed schemas are current and sound, and the command notices when they are not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openai_compat.spec import PROFILES, OnUse, SpecError, load_profile, load_schema
from openai_compat.spec.documents import MAKER
from openai_compat.spec.fragments import references
from openai_compat.spec.generate import main, stale, texts

SCHEMAS = [name for name in texts() if not name.endswith("openapi.json")]


def test_the_committed_files_are_current() -> None:
    assert main(["--check"]) == 0


def test_writing_then_checking_finds_nothing(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    assert main(["--out", str(tmp_path), "--check"]) == 0
    assert len(list(tmp_path.rglob("*.json"))) == len(texts())


def test_a_changed_a_missing_and_a_left_over_file_are_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--out", str(tmp_path)])
    capsys.readouterr()
    (tmp_path / "ollama" / "error.json").write_text("{}", encoding="utf-8")
    (tmp_path / "openai" / "error.json").unlink()
    (tmp_path / "openai" / "old.json").write_text("{}", encoding="utf-8")

    code = main(["--out", str(tmp_path), "--check"])

    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        "stale: ollama/error.json",
        "stale: openai/error.json",
        "stale: openai/old.json",
    ]


def test_writing_mends_what_is_stale(tmp_path: Path) -> None:
    main(["--out", str(tmp_path)])
    (tmp_path / "openai" / "old.json").write_text("{}", encoding="utf-8")
    (tmp_path / "ollama" / "error.json").write_text("{}", encoding="utf-8")

    assert main(["--out", str(tmp_path)]) == 0
    assert stale(tmp_path) == []


def test_checking_writes_nothing(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--check"]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_sound_and_stands_alone(name: str) -> None:
    schema = json.loads(texts()[name])

    Draft202012Validator.check_schema(schema)

    assert schema["$comment"] == MAKER
    assert set(references(schema)) == schema["$defs"].keys()


@pytest.mark.parametrize("name", texts())
def test_no_keyword_of_our_own_is_left(name: str) -> None:
    assert '"x-by"' not in texts()[name]
    assert '"x-aspect"' not in texts()[name]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_committed_schema_can_be_loaded(profile: str) -> None:
    assert load_schema(profile, "chat.request")["$id"] == "chat.request.json"


def test_a_profile_of_the_user_gets_its_schemas_on_the_spot() -> None:
    openai = load_profile("openai")
    rows = tuple(
        replace(row, on_use=OnUse.REJECT) if row.id in {"chat.n", "chat.tools"} else row
        for row in openai.rows
    )
    mine = replace(openai, name="mine", rows=rows)

    properties = load_schema(mine, "chat.request")["properties"]

    assert properties["n"] == {"enum": [1, None]}
    assert properties["tools"] is False
    assert properties["seed"] == load_schema(openai, "chat.request")["properties"]["seed"]
    assert load_schema(mine, "chat.request") is load_schema(mine, "chat.request")


def test_a_profile_of_the_user_may_bear_the_name_of_ours() -> None:
    mine = replace(load_profile("openai"), closed=("chat",))

    assert load_schema(mine, "chat.request")["additionalProperties"] is False
    assert load_schema("openai", "chat.request")["additionalProperties"] is True


def test_a_schema_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SpecError, match=r"schemas/openai: models\.request: there is no such"):
        load_schema("openai", "models.request")

    with pytest.raises(SpecError, match=r"schemas of mine: models\.request: there is no such"):
        load_schema(replace(load_profile("openai"), name="mine"), "models.request")
