"""Every check is proven: it passes on a correct server, and fails on one broken in just its way."""

from __future__ import annotations

import pytest
from openai_compat.conformance.catalogue import catalogue, sentences
from openai_compat.conformance.verdict import Verdict
from openai_compat.spec import Documented, Field, load_profile

from tests.broken import Broken, Defect, defects, every
from tests.broken.transport import LongWinded
from tests.scripted import Scripted
from tests.scripted.variations import VARIATIONS

from .judging import findings, judged, told

PROFILES = ("openai", "ollama")
BROKEN = every()
UNPROVEN: dict[str, str] = {}
"""Checks that no server can fail, and why."""
SKIPPED = {
    "server.concurrency.disconnect": "all answers of the server are over before one can leave"
}
"""What the correct server does not show; a slower one does, see below."""
ADVISED = {
    "OnlyRequiredFields": {
        "chat.answer.recommended-keys",
        "completions.answer.recommended-keys",
        "completions.stream.recommended-keys",
    },
    "OtherErrors": {"server.error.type"},
}
"""Legal variations that do not do what the specification recommends, and what warns of it."""


@pytest.mark.parametrize("one", BROKEN, ids=lambda one: str(one.name))
def test_a_broken_server_fails_exactly_its_checks(one: Broken) -> None:
    run = judged(one.server(), one.profile, **one.config)

    bad = findings(run)
    surprising = [bad[name] for name in sorted(bad.keys() - one.breaks)]
    assert not surprising, f"{one.name} must not fail:\n{told(surprising)}"
    missed = [result for result in run.results if result.id in one.breaks - bad.keys()]
    assert not missed, f"{one.name} must fail:\n{told(missed)}"
    assert one.breaks == bad.keys(), "a check that this profile does not have"
    assert not findings(run, Verdict.ERROR)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_correct_server_passes_everything(profile: str) -> None:
    run = judged(Scripted(), profile, fuzz=10)

    bad = findings(run)
    assert not bad, told(bad.values())
    assert set(findings(run, Verdict.SKIP)) == set(SKIPPED)
    assert run.requests <= 300, "README says so"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_slower_correct_server_passes_the_rest(profile: str) -> None:
    run = judged(LongWinded(), profile)

    assert not findings(run), told(findings(run).values())
    assert not set(findings(run, Verdict.SKIP)) & set(SKIPPED)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("server", VARIATIONS, ids=lambda server: str(server.__name__))
def test_a_legal_variation_fails_nothing(server: type[Scripted], profile: str) -> None:
    run = judged(server(), profile)

    bad = findings(run)
    assert bad.keys() == ADVISED.get(server.__name__, set()), told(bad.values())
    assert not findings(run, Verdict.FAIL, Verdict.ERROR)
    assert findings(run, Verdict.SKIP).keys() == SKIPPED.keys()


@pytest.mark.parametrize("profile", PROFILES)
def test_every_check_is_proven(profile: str) -> None:
    checks = {check.id: check.requirement for check in catalogue(load_profile(profile))}
    proven = {
        name
        for one in BROKEN
        for name in one.breaks & checks.keys()
        if _promised(profile, checks[name]) == _promised(one.profile, checks[name])
    }

    assert checks.keys() - proven == UNPROVEN.keys() & checks.keys()


def _promised(profile: str, sentence: str) -> Documented | None:
    """What a profile promises of a field: it decides what counts as failing; None for the rest."""
    loaded = load_profile(profile)
    field = sentences(loaded)[sentence]
    return loaded.row(field.endpoint, field.name).documented if isinstance(field, Field) else None


def test_nothing_is_excused_in_vain() -> None:
    known = {check.id for name in PROFILES for check in catalogue(load_profile(name))}

    assert {*UNPROVEN, *SKIPPED} <= known
    assert ADVISED.keys() <= {server.__name__ for server in VARIATIONS}


@pytest.mark.parametrize("defect", defects(), ids=lambda defect: str(defect.id))
def test_a_real_defect_is_simulated_or_cannot_be_seen(defect: Defect) -> None:
    servers = [one.name for one in BROKEN if one.defect == defect.id]

    assert bool(servers) != bool(defect.unseen)
    assert "#" in defect.ref
    assert defect.symptom.endswith(".")


def test_most_real_defects_are_simulated() -> None:
    known = {defect.id for defect in defects()}
    simulated = {one.defect for one in BROKEN if one.defect}

    assert simulated <= known
    assert len(simulated) >= 65
