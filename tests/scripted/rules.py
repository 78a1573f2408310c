"""What each request field may hold: small rules that say what is wrong with a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .request import Refusal

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
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and value.is_integer()
    )


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
    return lambda value: (
        None if value in names and isinstance(value, str) else f"must be one of {', '.join(names)}"
    )


def shorter(most: int) -> Rule:
    """A string of limited length."""
    return lambda value: (
        text(value) or (None if len(value) <= most else f"must have at most {most} characters")
    )


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


def fields(required: str = "", **rules: Rule) -> Rule:
    """An object whose known keys follow rules."""

    def rule(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "must be an object"
        missing = next((name for name in required.split() if name not in value), None)
        if missing:
            return f"must have the key {missing}"
        found = ((name, rules[name](value[name])) for name in rules if name in value)
        return next(
            (f"has a wrong {name}: it {message}" for name, message in found if message), None
        )

    return rule


def wrong(param: str, message: str, code: str | None = None) -> Refusal:
    """A 400 that names the field."""
    return Refusal(400, f"Invalid '{param}': {message}.", param, code)
