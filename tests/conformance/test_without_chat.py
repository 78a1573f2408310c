"""Servers that do not chat: they embed, or go on with a text."""

from __future__ import annotations

import pytest
from openai_compat.conformance.check import GENERATING
from openai_compat.conformance.errors import NothingJudged
from openai_compat.conformance.server import PATHS

from tests.broken.errors import NoErrorType
from tests.broken.refusals import ConvertsTypes
from tests.scripted import Model, Refusal, Request, Scripted

from .command import conformance
from .judging import findings, judged, told

MODELS = (Model("toy-embed", embeds=True), Model("toy"))


class _Has(Scripted):
    """It has one endpoint alone, or none."""

    endpoint = ""

    @property
    def excluded(self) -> frozenset[str]:
        """What the judge is told."""
        return frozenset(GENERATING) - {self.endpoint}

    def route(self, request: Request) -> None:
        super().route(request)
        if request.path.removeprefix("/v1") in set(PATHS.values()) - {PATHS.get(self.endpoint)}:
            raise Refusal(404, "There is no such route.")


class Embeds(_Has):
    endpoint = "embeddings"


class GoesOn(_Has):
    endpoint = "completions"


class EmbedsLaxly(Embeds, ConvertsTypes, NoErrorType):
    """It takes an object for a text, and its errors have no type."""


@pytest.mark.parametrize("profile", ["openai", "ollama"])
@pytest.mark.parametrize("kind", [Embeds, GoesOn])
def test_what_is_there_is_judged(kind: type[_Has], profile: str) -> None:
    server = kind(models=MODELS)
    run = judged(server, profile, without=server.excluded)

    bad = findings(run)
    assert not bad, told(bad.values())
    passed = {result.id for result in run.results if result.verdict == "pass"}
    assert {
        f"{kind.endpoint}.error.wrong-type",
        "server.error.envelope",
        "server.http.charset",
    } <= passed
    assert not {name for name in passed if name.startswith("chat.")}
    assert run.server.chat_model == ""
    assert ("chat", "excluded", "excluded by --without") in run.server.capabilities
    assert not [request for request in server.seen if "chat" in request.path]


def test_what_is_wrong_is_found() -> None:
    server = EmbedsLaxly(models=MODELS)
    bad = findings(judged(server, "openai", without=server.excluded))

    wanted = {"embeddings.error.wrong-type", "server.error.envelope", "server.error.type"}
    assert bad.keys() == wanted, told(bad.values())


def test_it_is_said_how() -> None:
    with Embeds(models=MODELS) as server:
        done = conformance("run", server.url)

    assert done.returncode == 3
    assert "judged with --without chat" in done.stderr


def test_where_nothing_is_there() -> None:
    with pytest.raises(NothingJudged, match="goes on with a text or embeds one"):
        judged(_Has(models=MODELS), "openai", without=frozenset({"chat"}))
