"""Conversations: what the model gets to see of what was said before."""

from __future__ import annotations

from typing import Any

from ..answer import expect_read
from ..check import check
from ..exchange import Json
from ..expect import expect_that
from ..server import PATHS, Server
from ..texts import CITY, WEATHER

_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}
_LONG = "It is raining heavily in Paris, with a strong wind from the west and 9 degrees."


def _user(text: str) -> dict[str, Json]:
    return {"role": "user", "content": text}


def _with_result(content: Json, **call: Any) -> list[Json]:
    calls = [{**_CALL, **call}]
    return [
        _user(CITY),
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_1", "content": content},
    ]


@check("chat.history.system-message", requirement="system-message")
def system_message(server: Server) -> None:
    """A system message changes what the model reads."""
    question = _user("Tell me about the sea.")
    plain = server.chat([question])
    told = server.chat(
        [{"role": "system", "content": "You are a pirate. Answer in rhymes."}, question]
    )

    expect_read("a system message", plain, told)


@check("chat.history.developer-role", requirement="history-developer-role")
def developer_role(server: Server) -> None:
    """A developer message changes what the model reads."""
    question = _user("Tell me about the sea.")
    plain = server.chat([question])
    told = server.chat(
        [{"role": "developer", "content": "You are a pirate. Answer in rhymes."}, question]
    )

    expect_read("a developer message", plain, told)


@check("chat.history.several-turns", requirement="several-turns")
def several_turns(server: Server) -> None:
    """An earlier turn changes what the model reads."""
    turns = [_user("My dog is called Rex."), {"role": "assistant", "content": "What a nice name."}]
    question = _user("What do you know about me?")

    expect_read("two earlier turns", server.chat([question]), server.chat([*turns, question]))


@check("chat.history.empty-assistant", requirement="history-empty-assistant")
def empty_assistant(server: Server) -> None:
    """An assistant message of empty text is accepted."""
    server.chat([_user("Hello."), {"role": "assistant", "content": ""}, _user("Are you there?")])


@check(
    "chat.history.null-assistant", requirement="history-null-assistant-with-calls", needs=("tools",)
)
def null_assistant(server: Server) -> None:
    """An assistant message of null content with a tool call is accepted."""
    server.chat(_with_result("Sunny."), tools=[WEATHER])


@check("chat.history.tool-result", requirement="history-tool-result", needs=("tools",))
def tool_result(server: Server) -> None:
    """The result of a tool changes what the model reads."""
    short = server.chat(_with_result("Sunny."), tools=[WEATHER])
    long = server.chat(_with_result(_LONG), tools=[WEATHER])

    expect_read("another result of the tool", short, long)


@check("chat.history.tool-result-parts", requirement="history-tool-result-parts", needs=("tools",))
def tool_result_parts(server: Server) -> None:
    """The result of a tool in text parts changes what the model reads."""
    short = server.chat(_with_result([{"type": "text", "text": "Sunny."}]), tools=[WEATHER])
    long = server.chat(_with_result([{"type": "text", "text": _LONG}]), tools=[WEATHER])

    expect_read("another result in parts", short, long)


@check(
    "chat.history.malformed-arguments", requirement="history-malformed-arguments", needs=("tools",)
)
def malformed_arguments(server: Server) -> None:
    """A call in the history whose arguments are cut is no server error."""
    broken = {"function": {"name": "get_weather", "arguments": '{"city": "Par'}}
    body = server.body("chat", _with_result("Sunny.", **broken), {"tools": [WEATHER]})
    exchange = server.request("POST", PATHS["chat"], body)

    expect_that(not exchange.failed, "status", "200 or a 4xx", exchange.brief(160), exchange)


@check("chat.history.orphan-tool", requirement="history-orphan-tool", needs=("tools",))
def orphan_tool(server: Server) -> None:
    """A tool message that answers no call is refused."""
    orphan = {"role": "tool", "tool_call_id": "call_9", "content": "Sunny."}
    body = server.body("chat", [_user(CITY), orphan], {"tools": [WEATHER], "tokens": 8})
    exchange = server.request("POST", PATHS["chat"], body)

    expect_that(400 <= exchange.status < 500, "status", "a 4xx", exchange.brief(160), exchange)
