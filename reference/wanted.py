"""From request fields, honoured ones only, to what a backend is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..backends import Constraint, Generation, Sampling
from ..backends.base import PromptPart

Fields = Mapping[str, Any]

SPACES = r"[ \n]{0,8}"
"""White space between JSON tokens: bounded, so that a weak model cannot stay in it for ever."""


OWN = ("top_k", "min_p", "typical_p", "repeat_penalty", "repeat_last_n")
"""Ways of sampling that a model's settings can ask for, and no request."""


def sampling(fields: Fields) -> Sampling:
    """How tokens are chosen."""
    bias = fields.get("logit_bias") or {}
    return Sampling(
        temperature=fields.get("temperature", 1.0),
        top_p=fields.get("top_p", 1.0),
        frequency_penalty=fields.get("frequency_penalty", 0.0),
        presence_penalty=fields.get("presence_penalty", 0.0),
        logit_bias={int(token): float(value) for token, value in bias.items()},
        seed=fields.get("seed"),
        **{name: fields[name] for name in OWN if name in fields},
    )


def stops(fields: Fields) -> tuple[str, ...]:
    """Stop strings: one, several or none."""
    stop = fields.get("stop") or ()
    return (stop,) if isinstance(stop, str) else tuple(stop)


def form(fields: Fields) -> Constraint | None:
    """The constraint of ``response_format``."""
    wanted = fields.get("response_format") or {}
    match wanted.get("type"):
        case "json_object":
            return Constraint("json_object")
        case "json_schema":
            schema = wanted["json_schema"].get("schema")
            return Constraint("json_schema", schema) if schema else Constraint("json_object")
    return None


def schema_of(form: Constraint) -> dict[str, Any]:
    """The schema of a form of JSON, as llguidance takes it within a grammar."""
    schema = {"type": "object"} if form.kind == "json_object" else form.value
    return {**schema, "x-guidance": {"whitespace_pattern": SPACES}}


def generation(
    fields: Fields,
    prompt: tuple[PromptPart, ...],
    max_tokens: int | None,
    constraint: Constraint | None,
) -> Generation:
    """One request to a backend."""
    return Generation(
        prompt=prompt,
        sampling=sampling(fields),
        max_tokens=max_tokens,
        stop=stops(fields),
        constraint=constraint,
    )


def seeded(one: Generation, count: int) -> Iterator[Generation]:
    """The same generation several times; with a seed, each has its own."""
    for index in range(count):
        seed = one.sampling.seed
        own = None if seed is None else seed + index
        yield replace(one, sampling=replace(one.sampling, seed=own))
