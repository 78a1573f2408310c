"""Tool calls in whole answers."""

from __future__ import annotations

import re

from ..check import check
from ..exchange import decoded
from ..expect import expect, expect_in, expect_none, expect_that, get, show, untested
from ..observers.tools import call, called
from ..server import PATHS, Server
from ..texts import TWO_CITIES, WEATHER

_MARKUP = (
    "<tool_call>",
    "</tool_call>",
    "[TOOL_CALLS]",
    "<function=",
    "<|python_tag|>",
    "<|tool_call",
)

_SPELLED = re.compile(r"get_weather\W.{0,60}?\bcity\b[\"'\s]*[:=<>].{0,30}?Paris", re.DOTALL)
"""A call in the syntax of any model family."""


@check("chat.tools.schema", requirement="tool-call-schema", needs=("tools",))
def schema(server: Server) -> None:
    """A tool call has an id, its type, a name and arguments as text."""
    answer = called(server)
    for one in answer.tool_calls:
        whole = (
            isinstance(get(one, "id"), str)
            and get(one, "id")
            and get(one, "type") == "function"
            and isinstance(get(one, "function", "name"), str)
            and isinstance(get(one, "function", "arguments"), str)
        )
        expected = "id, type function, function.name and function.arguments as text"
        expect_that(whole, "tool call", expected, one, answer.exchange)


@check("chat.tools.arguments-json", requirement="tool-arguments-json", needs=("tools",))
def arguments_json(server: Server) -> None:
    """The arguments of a tool call are a JSON object."""
    answer = called(server)
    if answer.finish_reason == "length":
        untested("the call was cut by its limit")
    for one in answer.tool_calls:
        text = get(one, "function", "arguments")
        expect_that(
            is_object(text), "function.arguments", "a JSON object as text", text, answer.exchange
        )


def is_object(text: object) -> bool:
    """Whether a text is a JSON object."""
    return isinstance(text, str) and isinstance(decoded(text), dict)


@check("chat.tools.finish-reason", requirement="tool-call-finish-reason", needs=("tools",))
def finish_reason(server: Server) -> None:
    """An answer that calls a tool has the finish reason tool_calls."""
    answer = called(server)
    if answer.finish_reason == "length":
        untested("the call was cut by its limit")
    forced = answer.exchange.request.field("tool_choice") is not None
    allowed = {"tool_calls", "stop"} if forced else {"tool_calls"}

    expect_in("finish_reason", allowed, answer.finish_reason, answer.exchange)


@check("chat.tools.unique-ids", requirement="tool-call-unique-ids", needs=("tools",))
def unique_ids(server: Server) -> None:
    """Tool calls of several answers have ids of their own."""
    first = called(server)
    again = server.request("POST", PATHS["chat"], first.exchange.request.body, nth=2)
    calls = [*first.tool_calls, *(get(again.json, "choices", 0, "message", "tool_calls") or [])]
    ids = [get(one, "id") for one in calls]

    expect_that(
        len(set(ids)) == len(ids),
        "ids of the tool calls of two answers",
        "all different",
        ids,
        again,
    )


@check("chat.tools.offered-name", requirement="tool-call-offered-name", needs=("tools",))
def offered_name(server: Server) -> None:
    """A tool call names the tool on offer."""
    answer = called(server)
    names = [get(one, "function", "name") for one in answer.tool_calls]

    expect(
        "names of the functions called",
        ["get_weather"],
        sorted(set(map(str, names))),
        answer.exchange,
    )


@check("chat.tools.no-markup", requirement="tool-no-markup", needs=("tools",))
def no_markup(server: Server) -> None:
    """The text of an answer that calls tools holds none of the calls."""
    for answer in (called(server), call(server, TWO_CITIES, tokens=256)):
        inside = [mark for mark in (*_MARKUP, '"get_weather"') if mark in answer.text]
        expect_none("marks of tool calls in the text", inside, answer.exchange)


@check("chat.tools.not-as-text", requirement="tool-not-as-text", needs=("tools",))
def not_as_text(server: Server) -> None:
    """A call that the model writes is no text."""
    answer = call(server)
    spelled = _SPELLED.search(answer.text)
    if not answer.tool_calls and not spelled:
        untested("the model makes no tool call of its own")
    expect_that(
        answer.tool_calls, "a call of get_weather", "in tool_calls", answer.text, answer.exchange
    )


@check("chat.tools.several-calls", requirement="tool-several-calls", needs=("tools",))
def several_calls(server: Server) -> None:
    """Several calls of one turn differ in their ids and arguments."""
    answer = call(server, TWO_CITIES, tokens=256)
    if len(answer.tool_calls) < 2:
        untested("the model does not make two calls at once")
    seen = [
        (show(get(one, "id")), show(get(one, "function", "arguments"))) for one in answer.tool_calls
    ]
    ids, arguments = {one[0] for one in seen}, {one[1] for one in seen}
    whole = len(ids) == len(arguments) == len(seen)

    expect_that(whole, "ids and arguments of the calls", "all different", seen, answer.exchange)


@check("chat.tools.bad-schema", requirement="tool-bad-schema-rejected", needs=("tools",))
def bad_schema(server: Server) -> None:
    """A tool whose parameters are no schema is refused."""
    tool = {"type": "function", "function": {**WEATHER["function"], "parameters": {"type": 5}}}
    body = server.body("chat", "Hello.", {"tools": [tool], "tokens": 8})
    exchange = server.request("POST", PATHS["chat"], body)

    expect_that(400 <= exchange.status < 500, "status", "a 4xx", exchange.brief(160), exchange)
