"""Tools and who decides about their use."""

from __future__ import annotations

from typing import Any

from ..answer import Answer
from ..exchange import Json
from ..expect import expect_in, expect_that, get, untested
from ..fields import observes
from ..server import Server
from ..texts import CITY, CLOCK, TWO_CITIES, WEATHER

_TOKENS = 128
_NO_NEED = "Say hello to me."


def call(server: Server, prompt: str = CITY, *, tokens: int = _TOKENS, **fields: Any) -> Answer:
    """An answer to a prompt that asks for a tool, with the tool on offer."""
    return server.ask("chat", prompt, tokens=tokens, **{"tools": [WEATHER], **fields})


def called(server: Server) -> Answer:
    """An answer that holds a tool call: made freely, or else required.

    Raises:
        Untested: the model makes none.
    """
    answer = call(server)
    if not answer.tool_calls:
        answer = call(server, tool_choice="required")
    if not answer.tool_calls:
        untested(f"the model made no tool call, although one was asked for: {answer.text[:60]!r}")
    return answer


def _forced(server: Server, tools: list[Any], choice: Json, prompt: str = _NO_NEED) -> Answer:
    """The answer to a forced call.

    Raises:
        Untested: its limit cut it off before any call; some grammars let text come first.
    """
    answer = call(server, prompt, tools=tools, tool_choice=choice)
    if not answer.tool_calls and answer.finish_reason == "length":
        untested(f"the answer was cut by its limit before it came to a call: {answer.text[:60]!r}")
    return answer


@observes("chat.tools", "chat.tool-calls")
def tools(server: Server) -> None:
    """A tool call comes back when a tool is asked for."""
    called(server)


@observes("chat.streamed-tools")
def streamed_tools(server: Server) -> None:
    """The same call comes in a stream."""
    fields = forced(server)
    stream = server.stream("chat", CITY, tokens=_TOKENS, tools=[WEATHER], **fields)
    expect_that(stream.tool_calls, "tool calls in the stream", "one", stream.text, stream.exchange)


def forced(server: Server) -> dict[str, Any]:
    """The fields beside ``tools`` with which `called` got its call."""
    choice = called(server).exchange.request.field("tool_choice")
    return {} if choice is None else {"tool_choice": choice}


@observes("chat.tool_choice.none")
def choice_none(server: Server) -> None:
    """A prompt that makes the model call a tool makes it talk instead."""
    if not call(server).tool_calls:
        untested("the model makes no tool call of its own, so none shows nothing")
    answer = call(server, tool_choice="none")
    expect_that(
        not answer.tool_calls,
        "tool calls with tool_choice none",
        "none",
        answer.tool_calls,
        answer.exchange,
    )


@observes("chat.tool_choice.auto")
def choice_auto(server: Server) -> None:
    """It is the same as leaving tool_choice out."""
    bare, auto = call(server), call(server, tool_choice="auto")
    expect_that(
        bool(bare.tool_calls) == bool(auto.tool_calls),
        "tool calls with tool_choice auto",
        "as without tool_choice",
        auto.tool_calls,
        auto.exchange,
    )


@observes("chat.tool_choice", "chat.tool_choice.required")
def choice_required(server: Server) -> None:
    """A prompt that needs no tool is answered with a tool call."""
    answer = _forced(server, [WEATHER], "required")
    expect_that(
        answer.tool_calls,
        "tool calls with tool_choice required",
        "at least one",
        answer.text,
        answer.exchange,
    )


@observes("chat.tool_choice.function")
def choice_function(server: Server) -> None:
    """The named one of two tools is called, each in turn."""
    for tool in (WEATHER, CLOCK):
        name = tool["function"]["name"]
        choice = {"type": "function", "function": {"name": name}}
        answer = _forced(server, [WEATHER, CLOCK], choice)
        expect_in(
            f"function called with {name} chosen",
            [name],
            get(answer.tool_calls, 0, "function", "name"),
            answer.exchange,
        )


@observes("chat.tool_choice.allowed_tools")
def choice_allowed(server: Server) -> None:
    """Of two tools only the allowed one is called."""
    allowed = [{"type": "function", "function": {"name": "get_time"}}]
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": allowed}}
    answer = _forced(server, [WEATHER, CLOCK], choice, CITY)
    name = get(answer.tool_calls, 0, "function", "name")
    expect_in("function called with only get_time allowed", ["get_time"], name, answer.exchange)


@observes("chat.parallel_tool_calls")
def parallel_tool_calls(server: Server) -> None:
    """With false at most one call is made, where there are several otherwise."""
    several = call(server, TWO_CITIES, tokens=2 * _TOKENS)
    if len(several.tool_calls) < 2:
        untested("the model does not make two calls at once, so one call shows nothing")
    single = call(server, TWO_CITIES, tokens=2 * _TOKENS, parallel_tool_calls=False)
    expect_that(
        len(single.tool_calls) == 1,
        "tool calls with parallel_tool_calls false",
        "one",
        len(single.tool_calls),
        single.exchange,
    )


@observes("chat.tools.custom")
def custom_tool(server: Server) -> None:
    """A custom tool is called with free text."""
    tool = {"type": "custom", "custom": {"name": "note", "description": "Write down a note."}}
    answer = server.ask(
        "chat", "Write down the word tea. Use the tool.", tokens=_TOKENS, tools=[tool]
    )
    kind = get(answer.tool_calls, 0, "type")
    expect_in("type of the tool call", ["custom"], kind, answer.exchange)


@observes("chat.functions", "chat.function_call")
def functions(server: Server) -> None:
    """The older form of a forced call comes back as function_call."""
    answer = server.ask(
        "chat",
        CITY,
        tokens=_TOKENS,
        functions=[WEATHER["function"]],
        function_call={"name": "get_weather"},
    )
    name = get(answer.message, "function_call", "name")
    expect_in("message.function_call.name", ["get_weather"], name, answer.exchange)
