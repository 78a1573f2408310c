"""The checks are well written, complete and frozen: by the rules that CONTRIBUTING.md gives."""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_compat.conformance.catalogue import catalogue, claims, sentences
from openai_compat.conformance.check import Check, written
from openai_compat.spec import PROFILES, Requirement, load_profile, load_requirements

from .layout import ROOT, folders, modules

FROZEN = Path(__file__).with_name("check-ids.txt")
CLAIMS = 110


def ids() -> str:
    """A line for each check, with the profiles that have it."""
    profiles: dict[str, list[str]] = {}
    for name in sorted(PROFILES):
        for one in catalogue(load_profile(name)):
            profiles.setdefault(one.id, []).append(name)
    return "".join(f"{check}  {' '.join(names)}\n" for check, names in sorted(profiles.items()))


def test_the_ids_are_those_that_users_know() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        FROZEN.write_text(ids(), encoding="utf-8", newline="\n")

    assert ids() == FROZEN.read_text(encoding="utf-8")


def every() -> tuple[Check, ...]:
    """The checks of all profiles."""
    return tuple(one for name in PROFILES for one in catalogue(load_profile(name)))


def test_an_id_is_words_in_an_area() -> None:
    areas = "server|models|model|chat|completions|embeddings"
    pattern = re.compile(rf"({areas})(\.[a-z0-9_-]+){{2,}}")

    assert [one.id for one in every() if not pattern.fullmatch(one.id)] == []


def test_a_title_is_one_short_sentence_in_the_present_tense() -> None:
    sentence = re.compile(r"[A-Z][^\n{]{9,88}[\w\])]\.")
    banned = re.compile(r"\. |\b(should|must|shall|will|test that|tests? if)\b", re.IGNORECASE)
    titles = {one.title for one in every()}

    assert [title for title in titles if not sentence.fullmatch(title)] == []
    assert [title for title in titles if banned.search(title)] == []


@pytest.mark.parametrize("name", PROFILES)
def test_titles_are_unique(name: str) -> None:
    titles = Counter(one.title for one in catalogue(load_profile(name)))

    assert [title for title, count in titles.items() if count > 1] == []


def test_every_check_enforces_a_sentence() -> None:
    known = load_requirements().keys()

    assert [one.id for one in written() if one.requirement not in known] == []


@pytest.mark.parametrize("name", PROFILES)
def test_every_sentence_has_a_check_or_the_reason_for_none(name: str) -> None:
    profile = load_profile(name)
    enforced = {one.requirement for one in catalogue(profile)}
    for sentence, value in sentences(profile).items():
        unchecked = isinstance(value, Requirement) and value.unchecked is not None
        assert (sentence in enforced) != unchecked, sentence


def test_every_claim_is_shown_by_a_check_or_has_a_reason() -> None:
    profile = load_profile("ollama")
    shown = {
        number for numbers in claims(profile, catalogue(profile)).values() for number in numbers
    }
    unseen = {number for row in profile.rows if row.unseen for number in row.claims}

    assert profile.claims.keys() == set(range(1, CLAIMS + 1))
    assert shown | unseen == profile.claims.keys()


def test_every_note_has_a_check_or_a_reason() -> None:
    profile = load_profile("ollama")
    enforced = {one.requirement for one in catalogue(profile)}
    for row in profile.rows:
        if row.kind == "note":
            assert row.unseen or set(row.requirements) & enforced, row.id


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every check and observer that is written down."""
    for folder in ("checks", "observers"):
        for path, tree in modules(ROOT / "conformance" / folder):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{path.name}: {node.name}", node


def test_a_check_has_less_than_25_lines() -> None:
    lengths = {name: (node.end_lineno or 0) - node.lineno + 1 for name, node in functions()}

    assert {name: length for name, length in lengths.items() if length >= 25} == {}


def test_checks_do_not_print() -> None:
    for path, tree in modules(ROOT / "conformance" / "checks"):
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"print", "sys"}, path.name


def test_files_are_short() -> None:
    lengths = [
        (len(path.read_text(encoding="utf-8").splitlines()), path.relative_to(ROOT))
        for folder in folders().values()
        for path, _ in modules(ROOT / folder)
    ]

    assert max(lengths)[0] <= 300
    assert sorted(length for length, _ in lengths)[len(lengths) // 2] <= 120
