"""Servers of every honest kind: what they lack or need is said, and nothing fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, islice
from typing import Any

import pytest
from openai_compat.conformance.verdict import Run, Verdict

from tests.scripted import Model, Refusal, Request, Scripted, Step, Task

from .judging import findings, judged, told

PROFILES = ("openai", "ollama")
EMBEDS_FIRST = (
    Model("toy-embed:latest", embeds=True),
    Model("toy:latest"),
    Model("org/toy:latest"),
)


class ThinksAlways(Scripted):
    """Thinks whatever the effort that is asked for."""

    thinks = True

    def receive(self, request: Request) -> Request:
        request.json.pop("reasoning_effort", None)
        return super().receive(request)


class KnowsNoEffort(Scripted):
    """Thinks, and refuses to be told how much."""

    thinks = True

    def validate(self, request: Request) -> None:
        super().validate(request)
        if "reasoning_effort" in request.json:
            raise Refusal(400, "Unsupported parameter: 'reasoning_effort'.", "reasoning_effort")


class Reasoner(Scripted):
    """Wants the newer limit, and the temperature at its default, as models that reason do."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.endpoint != "chat":
            return
        if request.json.get("max_tokens") is not None:
            raise Refusal(400, "Use 'max_completion_tokens' instead.", "max_tokens")
        if request.json.get("temperature", 1) not in (1, None):
            raise Refusal(400, "Only the default temperature is supported.", "temperature")


class Wobbles(Scripted):
    """Every third greedy answer goes another way at its end, as batching makes it happen."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._spoken = count(1)

    def generate(self, request: Request, task: Task) -> Iterator[Step]:
        steps = super().generate(request, task)
        if task.script is not None or task.sampling.temperature or next(self._spoken) % 3:
            return steps
        other = super().generate(request, replace(task, digest=task.digest + 1))
        return chain(islice(steps, 15), islice(other, 15, None))


def assert_nothing_bad(run: Run) -> None:
    bad = findings(run)
    assert not bad, told(bad.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_a_model_that_thinks_is_kept_from_it(profile: str) -> None:
    run = judged(Scripted(thinks=True), profile)

    assert_nothing_bad(run)
    assert any("reasoning_effort none is sent" in note for note in run.server.notes)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("server", [ThinksAlways, KnowsNoEffort])
def test_a_model_that_always_thinks_gets_tokens_for_it(
    server: type[Scripted], profile: str
) -> None:
    run = judged(server(), profile)

    assert_nothing_bad(run)
    assert any("tokens are added to every limit" in note for note in run.server.notes)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_server_that_wants_the_newer_limit_is_asked_by_it(profile: str) -> None:
    run = judged(Reasoner(), profile)

    promised = {"chat.field.max_tokens", "chat.field.temperature", "chat.field.top_p"}
    wanted = promised if profile == "ollama" else set()
    assert findings(run).keys() == wanted, told(findings(run).values())
    assert any("max_completion_tokens instead" in note for note in run.server.notes)
    assert any("refuses a temperature" in note for note in run.server.notes)


def test_a_slow_server_is_judged_in_the_time_it_needs() -> None:
    only = ("chat.answer.schema", "chat.stream.ends-with-done", "chat.stream.incremental")
    run = judged(Scripted(delay=2.0), "openai", only=only)

    assert_nothing_bad(run)
    assert findings(run, Verdict.PASS)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_server_that_is_a_little_slow_passes_everything(profile: str) -> None:
    run = judged(Scripted(delay=0.15, token_delay=0.002), profile)

    assert_nothing_bad(run)


@pytest.mark.parametrize("profile", PROFILES)
def test_greedy_answers_may_differ_now_and_then(profile: str) -> None:
    run = judged(Wobbles(), profile, jobs=1)  # one after the other: the same ones differ each time

    assert_nothing_bad(run)


@pytest.mark.parametrize("profile", PROFILES)
def test_one_request_at_a_time_is_enough(profile: str) -> None:
    run = judged(Scripted(slots=1), profile)

    assert_nothing_bad(run)


def test_an_embedding_model_may_be_listed_first() -> None:
    run = judged(Scripted(models=EMBEDS_FIRST), "openai")

    assert_nothing_bad(run)
    assert run.server.chat_model == "toy:latest"
    assert run.server.embedding_model == "toy-embed:latest"


@pytest.mark.parametrize("profile", PROFILES)
def test_one_model_may_be_all(profile: str) -> None:
    run = judged(Scripted(models=(Model("toy:latest"),)), profile)

    assert_nothing_bad(run)
    skipped = findings(run, Verdict.SKIP)
    assert all(name in skipped for name in ("embeddings.answer.schema", "model.retrieve.encoded"))


def test_v1_is_added_to_a_bare_address() -> None:
    server = Scripted()
    with server as running:
        url = running.root
    run = judged(Scripted(port=running.port), "openai", url=url)

    assert_nothing_bad(run)
    assert run.server.url == f"{url}/v1"
    assert run.server.notes[0].startswith("/v1 was added")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("capability", ["vision", "tools", "embeddings", "infill", "json"])
def test_a_capability_may_be_lacking(capability: str, profile: str) -> None:
    run = judged(Scripted(without=frozenset({capability})), profile)

    assert_nothing_bad(run)
    states = {name: state for name, state, _ in run.server.capabilities}
    assert states[capability] == "absent"


def test_a_lacking_capability_that_is_declared_fails() -> None:
    run = judged(Scripted(without=frozenset({"vision"})), "openai", declare=frozenset({"vision"}))

    bad = findings(run)
    assert "chat.feature.vision" in bad
    assert "not testable" in bad["chat.feature.vision"].message


@pytest.mark.parametrize("profile", PROFILES)
def test_a_key_is_sent_where_one_is_demanded(profile: str) -> None:
    run = judged(Scripted(api_key="secret"), profile, api_key="secret")

    wanted = {"server.auth.no-key", "server.auth.any-key"} if profile == "ollama" else set()
    assert findings(run).keys() == wanted, told(findings(run).values())
