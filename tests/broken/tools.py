"""Servers that call tools wrongly, or not as the request decides."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.scripted import Refusal, Request, Scripted

from .editing import Json, choices
from .limits import Ignores
from .registry import broken


def calls(body: Json) -> Iterator[Json]:
    """Every tool call of an answer that is a call of a function."""
    for choice in choices(body):
        for call in choice.get("message", {}).get("tool_calls") or ():
            if call["type"] == "function":
                yield call


@broken("chat.feature.tool-calls chat.field.tools")
class IgnoresTools(Ignores):
    """Tools on offer are ignored."""

    ignored = ("tools", "tool_choice")

    def receive(self, request: Request) -> Request:
        if isinstance(request.json.get("tools"), list):
            super().receive(request)
        return request


@broken(
    "chat.field.{tool_choice,tool_choice.none,tool_choice.required,tool_choice.function}",
    defect="tool-choice-forced-ignored",
)
class IgnoresToolChoice(Ignores):
    """``tool_choice`` is ignored: the model decides."""

    ignored = ("tool_choice",)


@broken("chat.tools.{no-markup,not-as-text}")
class CallsAsText(Scripted):
    """A call that is not forced comes as the model writes it."""

    def answer(self, request: Request, body: Json) -> Json:
        free = request.json.get("tool_choice", "auto") == "auto"
        for choice in choices(body) if free else ():
            if made := choice.get("message", {}).pop("tool_calls", None):
                said = [
                    {"name": one["function"]["name"], "arguments": one["function"]["arguments"]}
                    for one in made
                    if one["type"] == "function"
                ]
                text = json.dumps(said).replace("\\", "")
                choice |= {"finish_reason": "stop"}
                choice["message"]["content"] = text
        return body


@broken("chat.field.tool_choice.none")
class NoneCallsAllTheSame(Scripted):
    """``tool_choice`` none is taken for auto."""

    def receive(self, request: Request) -> Request:
        if request.json.get("tool_choice") == "none":
            del request.json["tool_choice"]
        return super().receive(request)


@broken("chat.field.tool_choice.auto")
class AutoIsRefused(Scripted):
    """``tool_choice`` auto is a 400, unless the server is started with an option."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("tool_choice") == "auto":
            raise Refusal(400, '"auto" tool choice requires an option.', "tool_choice")


@broken("chat.field.{tool_choice,tool_choice.required}")
class RequiredIsAuto(Scripted):
    """``tool_choice`` required is taken for auto."""

    def receive(self, request: Request) -> Request:
        if request.json.get("tool_choice") == "required":
            request.json["tool_choice"] = "auto"
        return super().receive(request)


@broken("chat.field.tool_choice.function")
class NamedIsRequired(Scripted):
    """A named tool is taken for any tool."""

    def receive(self, request: Request) -> Request:
        choice = request.json.get("tool_choice")
        if isinstance(choice, dict) and choice.get("type") == "function":
            request.json["tool_choice"] = "required"
        return super().receive(request)


@broken("chat.field.parallel_tool_calls", defect="parallel-tool-calls-false-ignored")
class IgnoresParallelToolCalls(Ignores):
    """``parallel_tool_calls`` is ignored."""

    ignored = ("parallel_tool_calls",)


@broken("chat.tools.no-markup", defect="parallel-tool-calls-only-first-parsed")
class OnlyFirstCallParsed(Scripted):
    """The second call of an answer is left in its text."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body):
            made = choice.get("message", {}).get("tool_calls") or []
            if len(made) > 1:
                choice["message"]["content"] = json.dumps(made[1]["function"])
                del made[1:]
        return body


@broken("chat.tools.no-markup")
class MarkupBesideCalls(Scripted):
    """The markup of a call stands in the text as well."""

    def answer(self, request: Request, body: Json) -> Json:
        if any(calls(body)):
            body["choices"][0]["message"]["content"] = "<tool_call></tool_call>"
        return body


@broken("chat.tools.schema")
class NoCallType(Scripted):
    """A call does not say that it is one of a function."""

    def answer(self, request: Request, body: Json) -> Json:
        for call in calls(body):
            call["type"] = "tool"
        return body


@broken("chat.tools.{schema,arguments-json} chat.tool-stream.equals-whole")
class ArgumentsAreAnObject(Scripted):
    """The arguments of a call are an object, not the text of one."""

    def answer(self, request: Request, body: Json) -> Json:
        for call in calls(body):
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
        return body


@broken("chat.tools.arguments-json chat.tool-stream.equals-whole")
class ArgumentsOfPython(Scripted):
    """The arguments of a call are written as Python writes them."""

    def answer(self, request: Request, body: Json) -> Json:
        for call in calls(body):
            call["function"]["arguments"] = str(json.loads(call["function"]["arguments"]))
        return body


@broken("chat.tools.finish-reason", defect="tool-finish-reason-typo-tool_call")
class FinishReasonTypo(Scripted):
    """The reason for the end is ``tool_call``."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body):
            if choice["finish_reason"] == "tool_calls":
                choice["finish_reason"] = "tool_call"
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        return (self.answer(request, chunk) for chunk in super().chunks(request, chunks))


@broken("chat.tools.unique-ids chat.tools.several-calls")
class CallsAreNumbered(Scripted):
    """Every call has the same id."""

    def answer(self, request: Request, body: Json) -> Json:
        for call in calls(body):
            call["id"] = "call_0"
        return body


@broken("chat.tools.several-calls")
class SameCallTwice(Scripted):
    """Of two calls the second repeats the arguments of the first."""

    def answer(self, request: Request, body: Json) -> Json:
        made = list(calls(body))
        for call in made[1:]:
            call["function"] = made[0]["function"]
        return body


@broken("chat.tools.offered-name chat.tool-stream.equals-whole chat.field.tool_choice.function")
class PrefixedName(Scripted):
    """The name of a function has a prefix that nobody offered."""

    def answer(self, request: Request, body: Json) -> Json:
        for call in calls(body):
            call["function"]["name"] = f"functions.{call['function']['name']}"
        return body


@broken("chat.tools.bad-schema")
class AnySchemaWillDo(Scripted):
    """Parameters that are no schema are replaced by none."""

    def receive(self, request: Request) -> Request:
        for tool in request.json.get("tools") or ():
            if isinstance(tool, dict) and tool.get("function", {}).get("parameters") == {"type": 5}:
                del tool["function"]["parameters"]
        return super().receive(request)
