"""Servers that fail where a field is used of which an answer shows nothing: never right."""

from __future__ import annotations

from typing import Any

from tests.scripted import Refusal, Request, Scripted

from .editing import Json, is_plain
from .history import messages
from .registry import broken, made

_CHAT = (
    "audio metadata modalities moderation prediction prompt_cache_key prompt_cache_options "
    "prompt_cache_retention reasoning_effort safety_identifier service_tier store user verbosity "
    "web_search_options"
)


def _crashes(endpoint: str, field: str) -> Any:
    """A `validate` that fails if an endpoint's field is used."""

    def validate(self: Scripted, request: Request) -> None:
        Scripted.validate(self, request)
        if request.endpoint == endpoint and request.json.get(field) not in (
            None,
            _NEUTRAL.get(field),
        ):
            raise Refusal(500, "The server failed.")

    return validate


_NEUTRAL: dict[str, Any] = {"metadata": {}}
_DEFAULTS = frozenset({"modalities", "service_tier", "store"})
"""Of these the judge sends the default only, which no server may refuse for a reason more."""

for _endpoint, _names in (("chat", _CHAT), ("completions", "user"), ("embeddings", "user")):
    for _name in _names.split():
        _title = "".join(word.title() for word in f"{_endpoint}_{_name}".split("_"))
        _more = ["chat.answer.neutral-values"] if _name in _DEFAULTS else []
        broken(f"{_endpoint}.field.{_name}", *_more)(
            made(
                f"{_title}Crashes",
                f"``{_name}`` is a 500.",
                {"validate": _crashes(_endpoint, _name)},
            )
        )


@broken("{chat,completions}.field.stream_options.include_obfuscation")
class ObfuscationCrashes(Scripted):
    """A stream without padding is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if "include_obfuscation" in (request.json.get("stream_options") or {}):
            raise Refusal(500, "The server failed.")


class _PartCrashes(Scripted):
    """A part of a kind is a 500."""

    kind = ""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in messages(request):
            content = message.get("content")
            if isinstance(content, list) and any(part.get("type") == self.kind for part in content):
                raise Refusal(500, "The server failed.")


@broken("chat.field.messages.audio")
class SoundCrashes(_PartCrashes):
    """A part that is sound is a 500."""

    kind = "input_audio"


@broken("chat.field.messages.file")
class FileCrashes(_PartCrashes):
    """A part that is a file is a 500."""

    kind = "file"


@broken("chat.field.tool_choice.allowed_tools")
class AllowedToolsCrash(Scripted):
    """A choice of some of the tools is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        choice = request.json.get("tool_choice")
        if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
            raise Refusal(500, "The server failed.")


@broken("chat.field.tools.custom")
class CustomToolsCrash(Scripted):
    """A custom tool is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        tools = request.json.get("tools")
        if isinstance(tools, list) and any(tool.get("type") == "custom" for tool in tools):
            raise Refusal(500, "The server failed.")


@broken("chat.field.{functions,function_call}")
class FunctionsCrash(Scripted):
    """The older form of tools is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("functions"):
            raise Refusal(500, "The server failed.")


@broken("chat.feature.chat-completions chat.field.model chat.answer.schema")
class NoChoices(Scripted):
    """The plainest chat is answered without choices, which is no valid answer."""

    def answer(self, request: Request, body: Json) -> Json:
        plain = is_plain(request) and request.endpoint == "chat"
        return {**body, "choices": []} if plain else body


@broken(
    "completions.{feature.completions,answer.schema} completions.field.{model,prompt,prompt.string}"
)
class NoChoicesOfCompletions(Scripted):
    """The plainest completion has no choices, which is no valid answer."""

    def answer(self, request: Request, body: Json) -> Json:
        plain = is_plain(request) and request.endpoint == "completions"
        return {**body, "choices": []} if plain else body
