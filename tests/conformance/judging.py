"""Judge a server that runs in this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openai_compat.conformance.bench import Bench
from openai_compat.conformance.config import Config
from openai_compat.conformance.verdict import Result, Run, Verdict

from tests.scripted import Scripted

BAD = frozenset({Verdict.WARN, Verdict.FAIL, Verdict.ERROR})


def judged(server: Scripted, profile: str, **config: Any) -> Run:
    """Every check of a profile, on a server that this starts and stops."""
    with server as running:
        settings: dict[str, Any] = {
            "url": running.url,
            "fuzz": 0,
            "jobs": 8,
            "timeout_s": 10.0,
            **config,
        }
        return Bench(Config(profile=profile, **settings)).judge_all()


def findings(run: Run, *verdicts: Verdict) -> dict[str, Result]:
    """The results of these verdicts (all that are bad, by default) by their check's id."""
    wanted = verdicts or BAD
    return {result.id: result for result in run.results if result.verdict in wanted}


def told(results: Iterable[Result]) -> str:
    """Results as lines for the message of a failed assertion."""
    return "\n".join(
        f"{result.verdict:5} {result.id}: {result.message[:200]}" for result in results
    )
