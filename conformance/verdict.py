"""What the judge found: verdicts, the evidence behind them, and the whole run.

Everything here is plain, frozen data. Reports are pure functions of a `Run`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from ..spec import Documented, Level


class Verdict(StrEnum):
    """The outcome of a check, from best to worst."""

    PASS = "pass"  # noqa: S105 - no password
    SKIP = "skip"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"


class Observed(StrEnum):
    """What a server was seen to do with a field or a feature."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    REJECTED = "rejected"
    BROKEN = "broken"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Result:
    """One check's verdict with its evidence; texts are empty where there is none.

    ``message`` says in a sentence what came of the check: for a skip the answer that
    decided, for a failure what differed. ``duration_s`` is in seconds.
    """

    id: str
    title: str
    endpoint: str
    level: Level
    requirement: str
    says: str
    claims: tuple[int, ...]
    verdict: Verdict
    message: str = ""
    what: str = ""
    expected: str = ""
    actual: str = ""
    curl: str = ""
    duration_s: float = 0.0
    known: str | None = None
    """The reason of the known-failures line that covers this failure."""


@dataclass(frozen=True, slots=True)
class Support:
    """One row of the support matrix: what is documented and what was observed."""

    endpoint: str
    name: str
    documented: Documented
    observed: Observed
    note: str = ""
    """Why it is untested, rejected or broken, in a few words."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What the run learned of the server before any check."""

    url: str
    models: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers of the model list that tell something about the software."""
    chat_model: str = ""
    embedding_model: str = ""
    vision_model: str = ""
    capabilities: tuple[tuple[str, str, str], ...] = ()
    """(capability, state, why): the state is present, absent, excluded or broken."""
    notes: tuple[str, ...] = ()
    """What a reader has to know: `/v1` was added to the URL, the model thinks, ..."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything one run found. ``started`` is ISO 8601 in UTC; ``duration_s`` seconds."""

    tool: str
    server: ServerFacts
    profile: str
    started: str
    duration_s: float
    requests: int
    prompt_tokens: int
    completion_tokens: int
    results: tuple[Result, ...]
    support: tuple[Support, ...]
    interrupted: bool = False
    problems: tuple[str, ...] = ()
    """What is wrong with the run itself: stale known-failures lines, nothing answered."""

    def summary(self) -> dict[Verdict, int]:
        """How many checks ended in each verdict; every verdict is a key."""
        counts = Counter(result.verdict for result in self.results)
        return {verdict: counts[verdict] for verdict in Verdict}
