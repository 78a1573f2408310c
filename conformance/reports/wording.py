"""What every report says in the same words: outcome, counts, cost, evidence and rerun."""

from __future__ import annotations

import shlex

from ..verdict import Result, Run
from .findings import Outcome, findings, outcome

# The profile that a run without ``--profile`` judges by.
_DEFAULT_PROFILE = "ollama"


def headline(run: Run) -> str:
    """The outcome in a few words."""
    match outcome(run):
        case Outcome.INTERRUPTED:
            done = len(run.results) - findings(run).skipped
            return f"interrupted after {_counted(done, 'check')}"
        case Outcome.NOT_JUDGED:
            return "nothing could be judged"
        case Outcome.FAILS:
            return f"does not conform to {run.profile}"
        case Outcome.UNCERTAIN:
            return "could not be judged in full"
        case Outcome.CONFORMS:
            known = " but for known failures" if findings(run).known else ""
            return f"conforms to {run.profile}{known}"


def summary(run: Run) -> str:
    """The counts in one line: ``41 passed · 1 failed · 2 warned · 6 skipped · 0 errors``."""
    found = findings(run)
    parts = [
        f"{len(found.passes)} passed",
        f"{len(found.failures)} failed",
        f"{len(found.warnings)} warned",
        f"{found.skipped} skipped",
        _counted(len(found.errors), "error"),
    ]
    if found.known:
        parts.insert(2, _counted(len(found.known), "known failure"))
    return " · ".join(parts)


def effort(run: Run) -> str:
    """What the run cost: requests, tokens and time."""
    return " · ".join(
        (
            _counted(run.requests, "request"),
            f"{run.prompt_tokens:,} prompt + {run.completion_tokens:,} completion tokens",
            f"{run.duration_s:,.1f} s",
        )
    )


def expectation(result: Result) -> str:
    """What was expected and of what, the way a failure shows it; empty if nothing was."""
    return f"{result.what}: {result.expected}" if result.what else result.expected


def remark(result: Result) -> str:
    """The message, unless the title, the expectation and the evidence say it already."""
    message = result.message.strip()
    told = result.expected and result.actual and result.actual in message
    return "" if told or message in {result.title, result.actual, result.expected} else message


def rerun(run: Run, result: Result) -> str:
    """The command that judges this one check again, of the same model."""
    words = ["openai-conformance", "run", run.server.url]
    if run.profile != _DEFAULT_PROFILE:
        words += ["--profile", run.profile]
    # Without the option the first model that answers is judged.
    if run.server.chat_model not in ("", *run.server.models[:1]):
        words += ["--model", run.server.chat_model]
    if ".manage." in result.id:
        words.append("--manage")
    return shlex.join([*words, "--only", result.id])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
