"""The loaders of profiles and requirements read well and refuse what is wrong."""

from pathlib import Path

import pytest
from openai_compat.spec import Documented, OnUse, Profile, SpecError, load_profile
from openai_compat.spec.api_loader import read_api
from openai_compat.spec.profile_loader import read_profile
from openai_compat.spec.requirement_loader import read_requirements

from .files import API, PROFILE, REQUIREMENTS, write


def read(folder: Path, text: str) -> Profile:
    api = read_api(write(folder / "api", API))
    requirements = read_requirements(["mine"], write(folder / "requirements", REQUIREMENTS))
    return read_profile(write(folder, text) / "page.yaml", api, requirements)


def test_a_profile_is_read_in_the_order_of_its_rows(tmp_path: Path) -> None:
    profile = read(tmp_path, PROFILE)

    assert [row.id for row in profile.rows] == [
        "completions.streaming",
        "completions.prompt",
        "completions.prompt.tokens",
        "general.kind",
        "completions.prompt.string",
        "completions.n",
    ]


def test_a_field_without_a_row_has_the_default(tmp_path: Path) -> None:
    row = read(tmp_path, PROFILE).row("completions", "n")

    assert (row.documented, row.on_use) == (Documented.UNLISTED, OnUse.IGNORE)
    assert row.field is not None


def test_an_aspect_without_a_row_has_that_of_its_field(tmp_path: Path) -> None:
    row = read(tmp_path, PROFILE).row("completions", "prompt.string")

    assert (row.documented, row.on_use) == (Documented.SUPPORTED, OnUse.HONOUR)
    assert row.claims == (2,)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("field: completions.prompt,", "field: completions.promt,", "no such field; did you mean"),
        ("feature: completions.st", "field: completions.st", "no such field"),
        ("field: completions.prompt,", "field: prompt,", "a name begins with one of"),
        ("field: completions.prompt,", "feild: completions.prompt,", "a row names one of"),
        ("note: general.kind,", "note: general.kind, field: general.kind,", "a row names one of"),
        (", claims: [3], req", ", claims: [4], req", "note general.kind: there is no claim C4"),
        ("requirements: [kind]", "requirements: [kin]", "'kin'; did you mean 'kind'?"),
        ("requirements: [kind]", "requirements: [kind], unseen: Why.", "has either"),
        (", requirements: [kind]", "", "has either"),
        ("unsupported, on_use: reject", "unsupported", "tokens: 'on_use' is missing"),
        ("unsupported, on_use: reject", "unsupported, on_use: refuse", "not 'refuse'"),
        ("documented: unlisted, on_use", "documented: unlited, on_use", "default: 'documented'"),
        ("completions.prompt.tokens", "completions.prompt", "field completions.prompt: is a dup"),
        ("C3:", "c3:", "the key 'c3' is not a claim's number"),
        ("C3: It is kind.", "C3: 3", "C3 must be a text"),
        ("title:", "titel:", "'title' is missing; is 'titel' meant?"),
        ("rows:", "closed: [completion]\nrows:", "'closed' holds 'completion'; did you mean"),
        ("rows:", "rules: 1\nrows:", "unknown key 'rules'"),
    ],
)
def test_a_mistake_is_an_error(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in PROFILE

    with pytest.raises(SpecError) as caught:
        read(tmp_path, PROFILE.replace(old, new, 1))

    assert problem in str(caught.value)
    assert caught.value.file == "page.yaml"


def test_a_profile_of_the_user_is_read_from_its_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: mine\ntitle: Mine\nsource: my page\nclaims: {}\n"
        "default: {documented: supported}\n"
        "rows: [{field: chat.n, documented: unsupported, on_use: reject}]\n",
        encoding="utf-8",
    )

    profile = load_profile(file)

    assert profile.row("chat", "n").on_use is OnUse.REJECT
    assert profile.row("chat", "seed").on_use is OnUse.HONOUR


def test_an_unknown_profile_is_an_error_that_guesses() -> None:
    with pytest.raises(SpecError, match=r"profiles ollama and openai; did you mean 'ollama'\?"):
        load_profile("olama")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("level: MUST, ", "", "requirements kind: 'level' is missing"),
        ("endpoint: general", "endpoint: generall", "did you mean 'general'?"),
        ("source: The book", "source: The book, profiles: [min]", "did you mean 'mine'?"),
        ("source: The book", "source: The book, check: x", "unknown key 'check'"),
        ("- {id", "- {id: kind, level: MAY, endpoint: chat, says: a, source: b}\n  - {id", "dupl"),
    ],
)
def test_a_mistake_in_a_requirement_is_an_error(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in REQUIREMENTS

    with pytest.raises(SpecError) as caught:
        read_requirements(["mine"], write(tmp_path, REQUIREMENTS.replace(old, new, 1)))

    assert problem in str(caught.value)
