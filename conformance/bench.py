"""One server on the bench: found, warmed up, and ready to be judged."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version

from ..spec import load_profile
from .capability import Capabilities
from .catalogue import catalogue, claims, select, sentences
from .check import GENERATING, MANAGEMENT, Check
from .client import Client
from .config import Config, api_key_for
from .errors import ConfigurationError, NothingJudged
from .exchanges import Exchanges
from .judge import Judge, Outcome
from .manager import Manager
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
        chosen = _managed(select(self.every, config.only, config.skip), self.every, config)
        self.checks = chosen if config.fuzz else _without_generated(chosen)
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self._begun = time.perf_counter()
        client, listed, note = find_base_url(config, self._connect)
        exchanges = Exchanges(client, Turnstile())
        exchanges.count(listed)
        try:
            self.warmth = warm_up(config, exchanges, listed, note)
        except NothingJudged:
            client.close()
            raise
        self.session = Session(config, self.profile, exchanges, self.warmth.manner)
        self.session.models = self.warmth.models
        if any(check.manages for check in self.checks):
            self.session.manager = self._manager(client.base_url)
        self.capabilities = Capabilities(self.session)
        self.judge = Judge(
            self.session,
            self.capabilities,
            sentences(self.profile),
            claims(self.profile, self.every),
        )

    def _connect(self, url: str, timeout_s: float | None = None) -> Client:
        key = api_key_for(url, self.config.api_key)
        return Client(url, key, self.config.headers, timeout_s or self.config.timeout_s)

    def _manager(self, url: str) -> Manager:
        root = url.removesuffix("/v1")
        manager = Manager(root, self._connect, self.config.timeout_s)
        manager.count = self.session.exchanges.count
        return manager

    def judge_all(self, checks: Sequence[Check] | None = None) -> Run:
        """Judge with these checks (all that were chosen, by default) and wait for the end."""
        chosen = self.checks if checks is None else checks
        try:
            self.judge.start(chosen)
            outcomes = [self.judge.outcome(check).result() for check in chosen]
        finally:
            self.end()
        return self.report(outcomes)

    def end(self) -> None:
        """Start nothing new, and remove every model that was made. May be called again."""
        self.judge.stop()
        if self.session.manager is not None:
            self.session.manager.clean_up()

    def problems(self) -> tuple[str, ...]:
        """What went wrong with managing models, which is nobody's verdict."""
        manager = self.session.manager
        if manager is None:
            return ()
        absent = [
            f"--manage: {manager.root} has no API to manage models, by the answer {one.why}"
            for one in self.capabilities.known()
            if one.name == MANAGEMENT and one.state == "absent"
        ]
        return (*absent, *manager.left)

    def report(self, outcomes: Iterable[Outcome], *, interrupted: bool = False) -> Run:
        """What was found, as plain data."""
        found = list(outcomes)
        session, warmth = self.session, self.warmth
        counts = session.exchanges
        capabilities = [
            one
            for one in self.capabilities.known()
            if one.name not in GENERATING or one.state == "excluded"
        ]
        present = {one.name for one in capabilities if one.state == "present"}
        facts = ServerFacts(
            url=warmth.url,
            models=warmth.models,
            headers=warmth.headers,
            chat_model=session.manner.model if session.manner.endpoint == "chat" else "",
            embedding_model=session.embedding_model,
            vision_model=session.vision_model if "vision" in present else "",
            capabilities=tuple((one.name, one.state, one.why) for one in capabilities),
            notes=(*warmth.notes, *self._earlier()),
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
            problems=self.problems(),
        )

    def _earlier(self) -> tuple[str, ...]:
        earlier = self.session.manager.earlier if self.session.manager is not None else ()
        if not earlier:
            return ()
        return (f"models of other runs are there, which may be removed: {', '.join(earlier)}",)


def _managed(
    chosen: tuple[Check, ...], every: Sequence[Check], config: Config
) -> tuple[Check, ...]:
    """Those of the chosen that may run: without ``--manage`` none that manages models."""
    if config.manage:
        if not any(check.manages for check in every):
            msg = f"--manage: the profile {config.profile} says nothing about managing models"
            raise ConfigurationError(msg)
        return chosen
    for glob in config.only:
        named = [check for check in chosen if fnmatchcase(check.id, glob)]
        if named and all(check.manages for check in named):
            msg = f"{glob} needs --manage: it makes models on the server and removes them"
            raise ConfigurationError(msg)
    return tuple(check for check in chosen if not check.manages)


def _without_generated(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    kept = tuple(check for check in checks if ".generated." not in check.id)
    if not kept:
        msg = "--fuzz 0 leaves no check to run: those chosen all judge generated requests"
        raise ConfigurationError(msg)
    return kept
