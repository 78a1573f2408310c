"""The specification's own data is complete, consistent and well written."""

import re
import subprocess
import sys
import typing
from collections import Counter
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from openai.types import completion_create_params, embedding_create_params
from openai.types.chat import completion_create_params as chat_create_params
from openai_compat.spec import (
    PROFILES,
    Documented,
    Field,
    OnUse,
    load_api,
    load_profile,
    load_requirements,
)
from openai_compat.spec.api_loader import fields_of
from openai_compat.spec.documents import generated

CAPABILITIES = {None, "vision", "tools", "embeddings", "infill", "json"}


def fields() -> Iterator[Field]:
    yield from fields_of(load_api())


@pytest.mark.parametrize(
    ("endpoint", "parameters", "ours"),
    [
        ("chat", chat_create_params.CompletionCreateParamsNonStreaming, set()),
        (
            "completions",
            completion_create_params.CompletionCreateParamsNonStreaming,
            {"response_format"},
        ),
        ("embeddings", embedding_create_params.EmbeddingCreateParams, set()),
    ],
)
def test_the_request_fields_are_those_of_the_official_library(
    endpoint: str, parameters: type, ours: set[str]
) -> None:
    theirs = typing.get_type_hints(parameters, include_extras=True)

    mine = {field.name for field in fields() if (field.endpoint, field.kind) == (endpoint, "field")}
    assert mine == theirs.keys() | ours


def test_required_fields_are_those_of_the_official_library() -> None:
    required = {field.id for field in fields() if field.required}

    assert required == {
        *("chat.messages", "chat.model", "completions.model", "completions.prompt"),
        *("embeddings.model", "embeddings.input"),
    }


def test_capabilities_are_known() -> None:
    assert {field.capability for field in fields()} == CAPABILITIES


def test_every_aspect_belongs_to_a_field() -> None:
    names = {(field.endpoint, field.name) for field in fields() if field.kind == "field"}

    for field in fields():
        if field.kind == "aspect":
            assert (field.endpoint, field.name.partition(".")[0]) in names


@pytest.mark.parametrize("profile", PROFILES)
def test_neutral_values_are_valid(profile: str) -> None:
    documents = generated(load_api(), load_profile(profile))

    for field in fields():
        if field.kind == "field":
            schema = documents[f"{field.endpoint}.request.json"]
            only = schema | {"required": [], "properties": {field.name: True}}
            only["properties"][field.name] = schema["properties"][field.name]
            for value in field.neutral:
                assert Draft202012Validator(only).is_valid({field.name: value}), field.id


def sentences() -> Iterator[tuple[str, str]]:
    yield from ((field.id, field.requires) for field in fields())
    yield from ((name, row.says) for name, row in load_requirements().items())
    for profile in PROFILES:
        for number, claim in load_profile(profile).claims.items():
            yield f"C{number}", claim


def test_sentences_are_short_and_say_what_is() -> None:
    for name, sentence in sentences():
        assert re.fullmatch(r"[A-Za-z].{9,109}\.", sentence), name
        assert not re.search(r"\b(should|must|test that|shall)\b", sentence), name


def test_sentences_are_unique() -> None:
    parts = [f"{name.partition('.')[0]} {sentence}" for name, sentence in sentences()]
    says = [requirement.says for requirement in load_requirements().values()]

    assert not [sentence for sentence, count in Counter(parts).items() if count > 1]
    assert len(set(says)) == len(says)


def test_ids_of_requirements_are_words_joined_by_hyphens() -> None:
    for name in load_requirements():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)


def test_requirements_do_not_share_names_with_fields() -> None:
    assert not load_requirements().keys() & {field.id for field in fields()}


def test_a_profile_has_its_own_requirements_and_those_of_all() -> None:
    ollama = load_requirements(load_profile("ollama"))
    openai = load_requirements(load_profile("openai"))

    assert "auth-any-key" in ollama
    assert "auth-any-key" not in openai
    assert "stream-done" in ollama.keys() & openai.keys()


def test_every_claim_is_cited_and_every_number_used() -> None:
    profile = load_profile("ollama")

    assert set(profile.claims) == set(range(1, 111))
    assert {number for row in profile.rows for number in row.claims} == set(range(1, 111))


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_one_row_for_each_part_of_the_surface(name: str) -> None:
    rows = [row for row in load_profile(name).rows if row.kind != "note"]

    assert sorted(row.id for row in rows) == sorted(field.id for field in fields())
    assert all(row.field is not None and row.field.id == row.id for row in rows)


@pytest.mark.parametrize("name", PROFILES)
def test_what_is_supported_is_honoured(name: str) -> None:
    for row in load_profile(name).rows:
        if row.documented is Documented.SUPPORTED:
            assert row.on_use is OnUse.HONOUR, row.id


def test_what_ollama_does_with_what_it_does_not_support() -> None:
    rows = [row for row in load_profile("ollama").rows if row.documented is Documented.UNSUPPORTED]
    by_use = {use: {row.id for row in rows if row.on_use is use} for use in OnUse}

    assert by_use[OnUse.HONOUR] == {"chat.streamed-tools"}
    assert by_use[OnUse.REJECT] == {
        *("chat.messages.image-url", "completions.prompt.strings", "completions.prompt.tokens"),
        *("completions.prompt.token-arrays", "embeddings.input.tokens"),
        "embeddings.input.token-arrays",
    }
    assert {"chat.n", "chat.tool_choice", "completions.echo"} <= by_use[OnUse.IGNORE]
    assert "embeddings.encoding_format" in by_use[OnUse.IGNORE]


def test_what_ollama_honours_beyond_its_page() -> None:
    rows = load_profile("ollama").rows

    assert {
        row.id
        for row in rows
        if row.documented is Documented.UNLISTED and row.on_use is OnUse.HONOUR
    } == {
        *("chat.max_completion_tokens", "chat.stream_options", "chat.stream_options.include_usage"),
        *("chat.response_format.json_schema", "completions.stream_options"),
        *("completions.stream_options.include_usage", "completions.response_format"),
        "completions.response_format.json_object",
        "completions.response_format.json_schema",
    }


def test_openai_supports_the_whole_surface_but_what_is_not_its_own() -> None:
    rows = load_profile("openai").rows

    assert {row.id for row in rows if row.documented is not Documented.SUPPORTED} == {
        *("chat.messages.image-bare", "completions.json-mode", "completions.response_format"),
        "completions.response_format.json_object",
        "completions.response_format.json_schema",
    }


def test_a_note_stands_on_requirements_of_its_profile() -> None:
    profile = load_profile("ollama")
    known = load_requirements(profile).keys() | {field.id for field in fields()}

    for row in profile.rows:
        if row.kind == "note":
            assert bool(row.requirements) != bool(row.unseen), row.id
            assert known.issuperset(row.requirements), row.id


def test_no_file_is_loaded_twice() -> None:
    assert load_api() is load_api()
    assert load_profile("ollama") is load_profile("ollama")


def test_the_specification_needs_no_schema_library() -> None:
    code = (
        "import sys, openai_compat.spec as s; s.load_profile('ollama'); s.load_schema('ollama',"
        " 'error'); sys.exit(bool({'jsonschema', 'schemathesis', 'openai'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
