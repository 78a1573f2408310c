"""What each request field may hold: small rules that say what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .request import Json, Refusal

Rule = Callable[[Any], str | None]
"""Says what a value must be, or None if it is that."""


def nullable(rule: Rule) -> Rule:
    """The rule, or null."""
    return lambda value: None if value is None else rule(value)


def boolean(value: Any) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "must be a boolean"


def text(value: Any) -> str | None:
    """Any string."""
    return None if isinstance(value, str) else "must be a string"


def mapping(value: Any) -> str | None:
    """Any object."""
    return None if isinstance(value, dict) else "must be an object"


def is_integer(value: Any) -> bool:
    """Whether a JSON value is an integer; 1.0 is one, true is not."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def integer(low: int, high: int = (1 << 63) - 1) -> Rule:
    """An integer of a range."""

    def rule(value: Any) -> str | None:
        if not is_integer(value):
            return "must be an integer"
        return None if low <= value <= high else f"must be at least {low} and at most {high}"

    return rule


def number(low: float, high: float) -> Rule:
    """A number of a range."""

    def rule(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "must be a number"
        return None if low <= value <= high else f"must be at least {low} and at most {high}"

    return rule


def choice(*names: str) -> Rule:
    """One of some strings."""
    return lambda value: None if value in names and isinstance(value, str) else f"must be one of {', '.join(names)}"


def shorter(most: int) -> Rule:
    """A string of limited length."""
    return lambda value: text(value) or (None if len(value) <= most else f"must have at most {most} characters")


def listing(item: Rule, least: int = 0, most: int = 1 << 30) -> Rule:
    """An array whose items follow a rule."""

    def rule(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be an array"
        if not least <= len(value) <= most:
            return f"must have at least {least} and at most {most} items"
        wrong = next(filter(None, map(item, value)), None)
        return wrong and f"must hold only items of which each {wrong}"

    return rule


def either(*rules: Rule) -> Rule:
    """One of several rules is enough."""

    def rule(value: Any) -> str | None:
        wrong = [found for found in (rule(value) for rule in rules) if found]
        return " or ".join(wrong) if len(wrong) == len(rules) else None

    return rule


def _metadata(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(held, str) for held in value.values()):
        return "must be an object of strings"
    if len(value) > 16 or any(len(key) > 64 or len(held) > 512 for key, held in value.items()):
        return "must have at most 16 pairs, keys of 64 and values of 512 characters"
    return None


def _logit_bias(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(re.fullmatch(r"\d{1,9}", key, re.ASCII) for key in value):
        return "must be an object whose keys are token ids"
    wrong = next(filter(None, map(number(-100, 100), value.values())), None)
    return wrong and f"must hold only values of which each {wrong}"


def _options(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "must be an object"
    return next((f"{boolean(held)} in {key}" for key, held in value.items() if boolean(held)), None)


SAMPLING: dict[str, Rule] = {
    "model": text,
    "frequency_penalty": nullable(number(-2, 2)),
    "presence_penalty": nullable(number(-2, 2)),
    "logit_bias": nullable(_logit_bias),
    "n": nullable(integer(1, 128)),
    "seed": nullable(integer(-(1 << 63))),
    "stop": nullable(either(text, listing(text, 1, 4))),
    "stream": nullable(boolean),
    "stream_options": nullable(_options),
    "temperature": nullable(number(0, 2)),
    "top_p": nullable(number(0, 1)),
    "user": text,
}
RULES: dict[str, dict[str, Rule]] = {
    "chat": {
        **SAMPLING,
        "audio": nullable(mapping),
        "logprobs": nullable(boolean),
        "max_completion_tokens": nullable(integer(1)),
        "max_tokens": nullable(integer(1)),
        "metadata": nullable(_metadata),
        "modalities": nullable(listing(choice("text"))),
        "parallel_tool_calls": boolean,
        "prediction": nullable(mapping),
        "prompt_cache_key": nullable(text),
        "reasoning_effort": nullable(choice("none", "minimal", "low", "medium", "high", "xhigh", "max")),
        "safety_identifier": nullable(shorter(128)),
        "service_tier": nullable(choice("auto", "default", "flex", "scale", "priority", "fast")),
        "store": nullable(boolean),
        "top_logprobs": nullable(integer(0, 20)),
        "verbosity": nullable(choice("low", "medium", "high")),
        "web_search_options": mapping,
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
REQUIRED = {"chat": ("model", "messages"), "completions": ("model", "prompt"), "embeddings": ("model", "input")}


def wrong(param: str, message: str, code: str | None = None) -> Refusal:
    """A 400 that names the field."""
    return Refusal(400, f"Invalid '{param}': {message}.", param, code)


def check_fields(endpoint: str, body: Json) -> None:
    """Refuse a missing, mistyped or out-of-range field; unknown ones are ignored."""
    for name in REQUIRED[endpoint]:
        if name not in body:
            raise Refusal(400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
    for name, rule in RULES[endpoint].items():
        if name in body and (message := rule(body[name])):
            raise wrong(name, f"it {message}")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise wrong("stream_options", "it is only allowed when 'stream' is true")
    if endpoint == "chat" and body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise wrong("top_logprobs", "it is only allowed when 'logprobs' is true")
    if endpoint == "completions" and body.get("best_of") is not None:
        if body["best_of"] < (body.get("n") or 1):
            raise wrong("best_of", "it must be at least 'n'")
        if body.get("stream") and body["best_of"] > 1:
            raise wrong("best_of", "it is not allowed when 'stream' is true")
