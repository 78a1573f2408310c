"""JSON mode, told from a model that writes JSON wherever the word stands."""

from __future__ import annotations

import pytest
from openai_compat.conformance.verdict import Observed, Verdict

from tests.broken.editing import Json, choices, set_text
from tests.broken.limits import Ignores
from tests.scripted import Request, Scripted

from .judging import findings, judged

CHECKS = {"chat.feature.json-mode", "chat.field.response_format.json_object"}
JSON_MODE = ("chat", "json-mode")


class WantsTheWord(Scripted):
    """Its model writes JSON wherever the word stands, and JSON mode without the word is a 400."""

    def answer(self, request: Request, body: Json) -> Json:
        if "JSON" in str(request.json.get("messages")):
            for choice in choices(body):
                set_text(choice, '{"river": "long"}')
        return body


class HasJsonMode(WantsTheWord):
    """Its JSON mode does without the word."""

    def receive(self, request: Request) -> Request:
        for message in (
            request.json.get("messages", ()) if "response_format" in request.json else ()
        ):
            message["content"] += " json"
        return super().receive(request)


class HasNone(WantsTheWord, Ignores):
    """It has no JSON mode."""

    ignored = ("response_format",)


@pytest.mark.parametrize(
    ("server", "observed", "verdict"),
    [
        (HasJsonMode, Observed.HONOURED, Verdict.PASS),
        (HasNone, Observed.IGNORED, Verdict.FAIL),
        (WantsTheWord, Observed.UNTESTED, Verdict.SKIP),
    ],
)
def test_what_is_json_mode(server: type[Scripted], observed: Observed, verdict: Verdict) -> None:
    run = judged(server(), "openai", only=tuple(CHECKS))

    seen = {one.observed for one in run.support if (one.endpoint, one.name) == JSON_MODE}
    assert seen == {observed}
    assert findings(run, verdict).keys() == CHECKS
