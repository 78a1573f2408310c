"""JSON mode and JSON schemas: the answer itself shows whether it was held to them."""

from __future__ import annotations

from typing import Any

import jsonschema
from pydantic_core import from_json

from ..answer import Answer
from ..expect import Refused, expect_that, untested
from ..fields import observes
from ..server import Server
from ..texts import COLOUR_FORMAT, COLOUR_SCHEMA, PLAIN, PROSE

_TOKENS = 96


@observes(
    "response_format", "response_format.json_object", "json-mode", over=("chat", "completions")
)
def json_object(server: Server, endpoint: str) -> None:
    """A request for prose is answered with a JSON object all the same.

    A model that writes JSON wherever the word stands shows nothing; it is asked without the word,
    which a server may refuse.
    """

    def said(prompt: str, **fields: Any) -> Answer:
        return server.talk(endpoint, prompt, tokens=_TOKENS, **fields)

    mode = {"response_format": {"type": "json_object"}}
    _expect_object(said(PROSE, **mode))
    if not _is_object(said(PROSE)):
        return
    try:
        answer = said(PLAIN, **mode)
    except Refused:
        untested("the model writes JSON wherever the word stands, and without it is refused")
    if _is_object(said(PLAIN)) or not answer.text.strip():
        untested(f"the model writes JSON or nothing, whatever it is told: {answer.text[:60]!r}")
    _expect_object(answer)


def _is_object(answer: Answer) -> bool:
    return isinstance(parsed(answer), dict)


def _expect_object(answer: Answer) -> None:
    expect_that(
        _is_object(answer),
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
