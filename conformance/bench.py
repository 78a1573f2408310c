"""One server on the bench: found, warmed up, and ready to be judged."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from ..spec import load_profile
from .capability import Capabilities
from .catalogue import catalogue, claims, select, sentences
from .check import Check
from .client import Client
from .config import Config, api_key_for
from .errors import ConfigurationError
from .exchanges import Exchanges
from .judge import Judge, Outcome
from .server import Session
from .turnstile import Turnstile
from .verdict import Run, ServerFacts
from .warmup import find_base_url, warm_up


class Bench:
    """A server that answers, and the checks chosen for it.

    Raises:
        ConfigurationError: an option is wrong.
        NothingJudged: the server is down, or no model of it answers.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.profile = load_profile(config.profile)
        self.every = catalogue(self.profile)
        chosen = select(self.every, config.only, config.skip)
        self.checks = chosen if config.fuzz else _without_generated(chosen)
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self._begun = time.perf_counter()
        client, listed, note = find_base_url(config, self._connect)
        exchanges = Exchanges(client, Turnstile())
        exchanges.count(listed)
        self.warmth = warm_up(config, exchanges, listed, note)
        self.session = Session(config, self.profile, exchanges, self.warmth.manner)
        self.session.models = self.warmth.models
        self.capabilities = Capabilities(self.session)
        self.judge = Judge(
            self.session,
            self.capabilities,
            sentences(self.profile),
            claims(self.profile, self.every),
        )

    def _connect(self, url: str) -> Client:
        key = api_key_for(url, self.config.api_key)
        return Client(url, key, self.config.headers, self.config.timeout_s)

    def judge_all(self, checks: Sequence[Check] | None = None) -> Run:
        """Judge with these checks (all that were chosen, by default) and wait for the end."""
        chosen = self.checks if checks is None else checks
        self.judge.start(chosen)
        run = self.report([self.judge.outcome(check).result() for check in chosen])
        self.session.exchanges.stop()
        return run

    def report(self, outcomes: Iterable[Outcome], *, interrupted: bool = False) -> Run:
        """What was found, as plain data."""
        found = list(outcomes)
        session, warmth = self.session, self.warmth
        counts = session.exchanges
        capabilities = [one for one in self.capabilities.known() if one.name != "completions"]
        present = {one.name for one in capabilities if one.state == "present"}
        facts = ServerFacts(
            url=warmth.url,
            models=warmth.models,
            headers=warmth.headers,
            chat_model=session.manner.model,
            embedding_model=session.embedding_model,
            vision_model=session.vision_model if "vision" in present else "",
            capabilities=tuple((one.name, one.state, one.why) for one in capabilities),
            notes=warmth.notes,
        )
        return Run(
            tool=f"openai-conformance {version('openai-compat')}",
            server=facts,
            profile=self.profile.name,
            started=self.started,
            duration_s=round(time.perf_counter() - self._begun, 3),
            requests=counts.requests,
            prompt_tokens=counts.prompt_tokens,
            completion_tokens=counts.completion_tokens,
            results=tuple(outcome.result for outcome in found),
            support=tuple(outcome.support for outcome in found if outcome.support is not None),
            interrupted=interrupted,
        )


def _without_generated(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    kept = tuple(check for check in checks if ".generated." not in check.id)
    if not kept:
        msg = "--fuzz 0 leaves no check to run: those chosen all judge generated requests"
        raise ConfigurationError(msg)
    return kept
