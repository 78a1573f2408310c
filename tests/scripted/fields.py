"""The fields of each endpoint: their rules, which are required, and which need one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .request import Refusal
from .rules import (
    Rule,
    boolean,
    choice,
    either,
    fields,
    integer,
    listing,
    nullable,
    number,
    shorter,
    text,
    wrong,
)

if TYPE_CHECKING:
    from .borders import Borders
    from .request import Request


def _metadata(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(held, str) for held in value.values()):
        return "must be an object of strings"
    if len(value) > 16 or any(len(key) > 64 or len(held) > 512 for key, held in value.items()):
        return "must have at most 16 pairs, keys of 64 and values of 512 characters"
    return None


def _logit_bias(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(
        re.fullmatch(r"\d{1,9}", key, re.ASCII) for key in value
    ):
        return "must be an object whose keys are token ids"
    wrong = next(filter(None, map(integer(-100, 100), value.values())), None)
    return wrong and f"must hold only values of which each {wrong}"


_TEXT_PART = fields("type text", type=choice("text"), text=text)
_MODERATION = nullable(fields("mode", mode=choice("score", "block")))
_PLACE = fields(city=text, country=text, region=text, timezone=text)

SAMPLING: dict[str, Rule] = {
    "model": text,
    "frequency_penalty": nullable(number(-2, 2)),
    "presence_penalty": nullable(number(-2, 2)),
    "logit_bias": nullable(_logit_bias),
    "n": nullable(integer(1, 128)),
    "seed": nullable(integer(-(1 << 63))),
    "stop": nullable(either(text, listing(text, 1, 4))),
    "stream": nullable(boolean),
    "stream_options": nullable(fields(include_usage=boolean, include_obfuscation=boolean)),
    "temperature": nullable(number(0, 2)),
    "top_p": nullable(number(0, 1)),
    "user": text,
}
RULES: dict[str, dict[str, Rule]] = {
    "chat": {
        **SAMPLING,
        "audio": nullable(
            fields(
                "voice format",
                voice=either(text, fields("id", id=text)),
                format=choice("wav", "aac", "mp3", "flac", "opus", "pcm16"),
            )
        ),
        "logprobs": nullable(boolean),
        "max_completion_tokens": nullable(integer(1)),
        "max_tokens": nullable(integer(1)),
        "metadata": nullable(_metadata),
        "modalities": nullable(listing(choice("text"))),
        "moderation": nullable(
            fields(
                "model", model=text, policy=nullable(fields(input=_MODERATION, output=_MODERATION))
            )
        ),
        "parallel_tool_calls": boolean,
        "prediction": nullable(
            fields(
                "type content", type=choice("content"), content=either(text, listing(_TEXT_PART, 1))
            )
        ),
        "prompt_cache_key": nullable(text),
        "prompt_cache_options": fields(mode=choice("implicit", "explicit"), ttl=choice("30m")),
        "prompt_cache_retention": nullable(choice("in_memory", "24h")),
        "reasoning_effort": nullable(
            choice("none", "minimal", "low", "medium", "high", "xhigh", "max")
        ),
        "safety_identifier": nullable(shorter(128)),
        "service_tier": nullable(choice("auto", "default", "flex", "scale", "priority", "fast")),
        "store": nullable(boolean),
        "top_logprobs": nullable(integer(0, 20)),
        "verbosity": nullable(choice("low", "medium", "high")),
        "web_search_options": fields(
            search_context_size=choice("low", "medium", "high"),
            user_location=nullable(
                fields("type approximate", type=choice("approximate"), approximate=_PLACE)
            ),
        ),
    },
    "completions": {
        **SAMPLING,
        "best_of": nullable(integer(0, 20)),
        "echo": nullable(boolean),
        "logprobs": nullable(integer(0, 5)),
        "max_tokens": nullable(integer(0)),
        "suffix": nullable(text),
    },
    "embeddings": {
        "model": text,
        "dimensions": integer(1),
        "encoding_format": choice("float", "base64"),
        "user": text,
    },
}
REQUIRED = {
    "chat": ("model", "messages"),
    "completions": ("model", "prompt"),
    "embeddings": ("model", "input"),
}


def check_fields(server: Borders, request: Request) -> None:
    """Refuse a missing, mistyped or out-of-range field; unknown ones are ignored."""
    endpoint, body = request.endpoint, request.json
    for name in REQUIRED[endpoint]:
        if name not in body:
            raise Refusal(
                400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter"
            )
    for name, rule in RULES[endpoint].items():
        if name in body and (message := rule(body[name])):
            server.wrong_field(request, wrong(name, f"it {message}"))
            del body[name]
    if body.get("stream_options") is not None and not body.get("stream"):
        raise wrong("stream_options", "it is only allowed when 'stream' is true")
    if endpoint == "chat" and body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise wrong("top_logprobs", "it is only allowed when 'logprobs' is true")
    if endpoint == "completions" and body.get("best_of") is not None:
        if body["best_of"] < (body.get("n") or 1):
            raise wrong("best_of", "it must be at least 'n'")
        if body.get("stream") and body["best_of"] > 1:
            raise wrong("best_of", "it is not allowed when 'stream' is true")
