"""Every check is proven: it passes on a correct server, and fails on one that is broken in just its way."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from openai_compat.conformance.verdict import Verdict

from tests.broken import every
from tests.scripted import Scripted

from .judging import findings, judged, told, unmatched

if TYPE_CHECKING:
    from tests.broken import Broken

PROFILES = ("openai", "ollama")


@pytest.mark.parametrize("one", every(), ids=lambda one: str(one.name))
def test_a_broken_server_fails_exactly_its_checks(one: Broken) -> None:
    run = judged(one.server(), one.profile, **one.config)

    bad = findings(run)
    surprising = unmatched(bad, one.breaks)
    assert not surprising, f"{one.name} must not fail:\n{told(bad[name] for name in surprising)}"
    missed = sorted(glob for glob in one.breaks if not any(fnmatchcase(name, glob) for name in bad))
    assert not missed, f"{one.name} passes: " + told(r for r in run.results if any(fnmatchcase(r.id, g) for g in missed))
    assert not findings(run, Verdict.ERROR)
