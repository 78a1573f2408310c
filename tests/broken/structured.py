"""Servers that do not hold an answer to the JSON that was asked for."""

from __future__ import annotations

import json

from tests.scripted import Refusal, Reply, Request, Scripted

from .editing import Json, choices, set_text, text_of
from .limits import Ignores
from .registry import broken

_JSON_MODE = "chat.feature.json-mode chat.field.{response_format,response_format.json_object}"


@broken(
    _JSON_MODE,
    "chat.field.response_format.json_schema",
    defect="response-format-json-schema-ignored",
)
class IgnoresResponseFormat(Ignores):
    """``response_format`` is ignored: prose is the answer."""

    ignored = ("response_format",)


@broken("chat.field.response_format.json_schema")
class AnyObjectForSchema(Scripted):
    """A schema is taken as a wish for any JSON object."""

    def receive(self, request: Request) -> Request:
        if (request.json.get("response_format") or {}).get("type") == "json_schema":
            request.json["response_format"] = {"type": "json_object"}
        return super().receive(request)


@broken("chat.field.response_format.json_schema", defect="json-schema-strict-not-enforced")
class OtherKeys(Scripted):
    """A required key of a strict schema has another name, and there is one key more."""

    def answer(self, request: Request, body: Json) -> Json:
        strict = (request.json.get("response_format") or {}).get("type") == "json_schema"
        for choice in choices(body) if strict else ():
            value = json.loads(text_of(choice))
            renamed = {f"{key}_": held for key, held in value.items()}
            set_text(choice, json.dumps({**renamed, "comment": ""}))
        return body


@broken(_JSON_MODE, defect="response-format-json-object-rejected")
class RefusesJsonObject(Scripted):
    """``json_object`` is a 400 whose error is a string; ``json_schema`` works."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("response_format") == {"type": "json_object"}:
            raise Refusal(400, "'response_format.type' must be 'json_schema' or 'text'")

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if "response_format.type" in error["message"]:
            return (
                status,
                {"content-type": "application/json"},
                self.dump({"error": error["message"]}).encode(),
            )
        return super().error(request, status, error)


@broken(_JSON_MODE, "chat.field.response_format.json_schema")
class FencedJson(Scripted):
    """JSON comes in a fence of Markdown."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body) if request.json.get("response_format") else ():
            set_text(choice, f"```json\n{text_of(choice)}\n```")
        return body


@broken("completions.feature.json-mode", profile="ollama")
class IgnoresFormatOfCompletions(Ignores):
    """Text completions ignore ``response_format``, though JSON mode is promised for them."""

    ignored = ("response_format",)

    def receive(self, request: Request) -> Request:
        return super().receive(request) if request.endpoint == "completions" else request
