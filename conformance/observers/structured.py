"""JSON mode and JSON schemas: the answer itself shows whether it was held to them."""

from __future__ import annotations

from typing import Any

import jsonschema
from pydantic_core import from_json

from ..answer import Answer
from ..expect import expect_that, untested
from ..fields import observes
from ..server import Server
from ..texts import COLOUR_FORMAT, COLOUR_SCHEMA, PROSE

_TOKENS = 96


@observes(
    "response_format", "response_format.json_object", "json-mode", over=("chat", "completions")
)
def json_object(server: Server, endpoint: str) -> None:
    """A request for prose is answered with a JSON object all the same."""
    answer = server.talk(endpoint, PROSE, tokens=_TOKENS, response_format={"type": "json_object"})
    value = parsed(answer)
    expect_that(
        isinstance(value, dict),
        "the answer in JSON mode",
        "a JSON object",
        answer.text,
        answer.exchange,
    )


@observes("response_format.json_schema", over=("chat", "completions"))
def json_schema(server: Server, endpoint: str) -> None:
    """The answer is valid against the schema that was asked for."""
    answer = server.talk(endpoint, PROSE, tokens=_TOKENS, response_format=COLOUR_FORMAT)
    value = parsed(answer)
    if answer.finish_reason == "length" and isinstance(value, dict):
        untested(f"its limit cut off an answer that begins like an object: {answer.text[:80]!r}")
    valid = jsonschema.Draft202012Validator(COLOUR_SCHEMA).is_valid(value)
    expect_that(
        valid,
        "the answer to a json_schema request",
        "valid against that schema",
        answer.text,
        answer.exchange,
    )


def parsed(answer: Answer) -> Any:
    """The answer's text as JSON, or None; of one that its limit cut off, what is there."""
    try:
        return from_json(answer.text, allow_partial=answer.finish_reason == "length")
    except ValueError:
        return None
