"""Servers that fail where a profile promises nothing: to refuse may be right, to fail never is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openai_compat.conformance.fields import check_id
from openai_compat.spec import Documented, load_profile

from tests.scripted import Refusal, Request, Scripted

from .history import messages
from .registry import broken

_FIELDS = {
    "chat": (
        "audio function_call functions logit_bias logprobs max_completion_tokens metadata "
        "modalities moderation n parallel_tool_calls prediction prompt_cache_key "
        "prompt_cache_options prompt_cache_retention reasoning_effort safety_identifier "
        "service_tier store stream_options tool_choice top_logprobs user verbosity "
        "web_search_options"
    ),
    "completions": "best_of echo logit_bias logprobs n response_format stream_options user",
    "embeddings": "dimensions encoding_format user",
}
"""What the page of the profile ollama does not tick."""
_NEUTRAL: dict[str, Any] = {
    "best_of": 1,
    "echo": False,
    "encoding_format": "float",
    "logit_bias": {},
    "logprobs": False,
    "metadata": {},
    "n": 1,
}


def _uses(request: Request) -> Iterator[str]:
    """The fields in a request that are not ticked, and their forms."""
    body = request.json
    for name in _FIELDS.get(request.endpoint, "").split():
        if body.get(name) not in (None, _NEUTRAL.get(name)):
            yield name
    tools, form = body.get("tools"), body.get("response_format")
    if body.get("stream") and tools:
        yield "streamed-tools"
    if isinstance(form, dict) and form.get("type") == "json_schema":
        yield "json_schema"
    if isinstance(tools, list) and any(tool.get("type") == "custom" for tool in tools):
        yield "custom"
    for name in ("prompt", "input"):
        given = body.get(name)
        if (
            isinstance(given, list)
            and given
            and (name == "prompt" or not isinstance(given[0], str))
        ):
            yield name
    for message in messages(request):
        content = message.get("content")
        yield from (
            (part["type"] for part in content if _is_unticked(part))
            if isinstance(content, list)
            else ()
        )


def _is_unticked(part: Any) -> bool:
    image = part.get("image_url")
    detailed = isinstance(image, dict) and (
        "detail" in image or str(image.get("url")).startswith("http")
    )
    return part.get("type") not in ("text", "image_url") or detailed


def _unticked(profile: str) -> str:
    """The checks of all fields that a profile does not promise."""
    rows = (row for row in load_profile(profile).rows if row.documented is not Documented.SUPPORTED)
    return " ".join(check_id(row.field) for row in rows if row.field is not None)


@broken(
    _unticked("ollama"),
    "chat.tool-stream.{index,identity,arguments,equals-whole,finish-reason,truncated}",
    "chat.tools.text-incremental {chat,completions}.usage.{chunk-empty-choices,chunk-last}",
    "{chat,completions}.usage.{not-for-false,null-elsewhere,stream-equals-whole}",
    "completions.feature.json-mode embeddings.answer.{base64-equals-float,sdk-default}",
    "embeddings.error.{empty-input,wrong-type}",
    profile="ollama",
)
class FailsUnpromised(Scripted):
    """Whatever the page does not tick is a 500: the fields, and what else needs them.

    That is tools in streams, usage in streams, JSON in text completions, and the base64 that the
    official library asks for with every request for embeddings.
    """

    def validate(self, request: Request) -> None:
        super().validate(request)
        if used := next(_uses(request), None):
            raise Refusal(500, f"Unexpected: {used}.")


@broken(
    "completions.{feature.json-mode,field.response_format}",
    "completions.field.response_format.{json_object,json_schema}",
)
class FormatOfCompletionsCrashes(Scripted):
    """``response_format`` of text completions is a 500, although nobody promises it to work."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.endpoint == "completions" and request.json.get("response_format"):
            raise Refusal(500, "The server failed.")


@broken("chat.field.messages.image-bare")
class BareImageCrashes(Scripted):
    """A picture without the prefix of a data URI is a 500, although nobody promises it to work."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in messages(request):
            for part in message["content"] if isinstance(message.get("content"), list) else ():
                image = part.get("image_url")
                address = str(image.get("url") if isinstance(image, dict) else image)
                if part.get("type") == "image_url" and not address.startswith(("data:", "http")):
                    raise Refusal(500, "The server failed.")
