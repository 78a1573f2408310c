"""Servers that refuse what was said before, or lose it."""

from __future__ import annotations

import json
from typing import Any

from tests.scripted import Refusal, Request, Scripted

from .editing import Json
from .registry import broken


def messages(request: Request) -> list[Json]:
    """The messages of a request, as far as they are objects."""
    given = request.json.get("messages")
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


class _Refuses(Scripted):
    """Refuses a conversation that has a message of a kind."""

    status = 400

    def refuses(self, message: Json) -> bool:
        raise NotImplementedError

    def validate(self, request: Request) -> None:
        super().validate(request)
        for number, message in enumerate(messages(request)):
            if self.refuses(message):
                raise Refusal(
                    self.status, f"Message {number} is not supported.", f"messages[{number}]"
                )


class _Rewrites(Scripted):
    """Changes the messages before they are read."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        raise NotImplementedError

    def receive(self, request: Request) -> Request:
        if said := messages(request):
            request.json["messages"] = self.rewrite(said)
        return super().receive(request)


@broken("chat.history.system-message")
class IgnoresSystem(_Rewrites):
    """System messages are lost."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        return [one for one in said if one.get("role") != "system"] or said


@broken("chat.history.developer-role")
class RefusesDeveloper(_Refuses):
    """A message of a developer is a 400."""

    def refuses(self, message: Json) -> bool:
        return message.get("role") == "developer"


@broken("chat.history.several-turns chat.field.{messages,messages.text}")
class LastTurnOnly(_Rewrites):
    """The model sees the last user message and what rules it, nothing of earlier turns."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        turns = [one for one in said if one.get("role") in ("user", "assistant")]
        plain = (
            all(isinstance(one.get("content"), str) for one in turns)
            and turns
            and turns[-1] is said[-1]
        )
        return [one for one in said if one not in turns[:-1]] if plain else said


@broken("chat.history.empty-assistant", defect="assistant-empty-content-rejected")
class RefusesEmptyAssistant(_Refuses):
    """An assistant message of empty text is a 400."""

    def refuses(self, message: Json) -> bool:
        return message.get("role") == "assistant" and message.get("content") == ""


@broken(
    "chat.history.{null-assistant,tool-result,tool-result-parts}",
    defect="assistant-null-content-rejected",
)
class RefusesNullAssistant(_Refuses):
    """An assistant message of null content is a 422, with or without a result after it."""

    status = 422

    def refuses(self, message: Json) -> bool:
        return message.get("role") == "assistant" and message.get("content") is None


@broken("chat.history.{tool-result,tool-result-parts}")
class LosesResults(_Rewrites):
    """What a tool gave back is lost."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        return [{**one, "content": ""} if one.get("role") == "tool" else one for one in said]


@broken("chat.history.tool-result-parts", defect="tool-result-array-dropped")
class LosesResultParts(_Rewrites):
    """What a tool gave back in parts is lost."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        def is_parts(one: Json) -> bool:
            return one.get("role") == "tool" and isinstance(one.get("content"), list)

        return [{**one, "content": ""} if is_parts(one) else one for one in said]


@broken("chat.history.malformed-arguments", defect="history-malformed-tool-args-500")
class CutArgumentsCrash(_Refuses):
    """A call in the history whose arguments are no JSON is a 500."""

    status = 500

    def refuses(self, message: Json) -> bool:
        return any(
            not self._is_json(call["function"]["arguments"])
            for call in message.get("tool_calls") or ()
        )

    @staticmethod
    def _is_json(text: Any) -> bool:
        try:
            json.loads(text)
        except ValueError:
            return False
        return True


@broken("chat.history.orphan-tool", defect="orphan-tool-message-accepted")
class AcceptsOrphans(_Rewrites):
    """A tool message that answers no call is read as text."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        called = {call.get("id") for one in said for call in one.get("tool_calls") or ()}
        return [
            {"role": "user", "content": one["content"]}
            if one.get("role") == "tool" and one.get("tool_call_id") not in called
            else one
            for one in said
        ]


@broken(
    "chat.field.messages.parts chat.history.tool-result-parts", defect="content-parts-text-rejected"
)
class RefusesParts(_Refuses):
    """Content that is an array of texts is a 400."""

    def refuses(self, message: Json) -> bool:
        content = message.get("content")
        return isinstance(content, list) and all(part.get("type") == "text" for part in content)


@broken("chat.field.messages.parts")
class FirstPartOnly(_Rewrites):
    """Of several texts only the first is read."""

    def rewrite(self, said: list[Json]) -> list[Json]:
        def is_texts(one: Json) -> bool:
            content = one.get("content")
            return isinstance(content, list) and all(part.get("type") == "text" for part in content)

        return [{**one, "content": one["content"][:1]} if is_texts(one) else one for one in said]
