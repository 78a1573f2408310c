"""Requests that are wrong on purpose, and the answers to them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..spec import Documented, Level
from .errors import NoAnswer
from .exchange import Exchange, Json, Request
from .expect import Unexpected, get
from .server import PATHS, Server
from .texts import TALK

NOBODY = "no-such-model-openai-conformance"
DEEP = 2000
"""Levels of nesting: more than readers that call themselves for each level stand."""

_WRONG_TYPES: dict[str, dict[str, Json]] = {
    "chat": {
        "messages": "x",
        "temperature": "hot",
        "max_tokens": "many",
        "stream": "yes",
        "stop": {"a": 1},
        "tools": "x",
    },
    "completions": {"prompt": {"a": 1}, "temperature": "hot", "max_tokens": "many"},
    "embeddings": {"input": {"a": 1}},
}
_OUT_OF_RANGE: dict[str, dict[str, Json]] = {
    "chat": {
        "temperature": 5,
        "top_p": 2,
        "presence_penalty": 9,
        "frequency_penalty": -9,
        "messages": [],
        "n": 0,
        "top_logprobs": 99,
    },
    "completions": {"temperature": 5, "top_p": -0.5, "presence_penalty": 9, "n": 0},
    "embeddings": {"dimensions": 0},
}
_MISFITS: dict[str, tuple[tuple[str, dict[str, Json]], ...]] = {
    "chat": (
        ("top_logprobs", {"top_logprobs": 2}),
        ("stream_options", {"stream_options": {"include_usage": True}}),
    ),
    "completions": (
        ("best_of", {"best_of": 1, "n": 2}),
        ("stream_options", {"stream_options": {"include_usage": True}}),
    ),
}
"""The field at fault, and fields that do not fit to each other or to the rest of the request."""
_REQUIRED = {"chat": "messages", "completions": "prompt", "embeddings": "input"}


@dataclass(frozen=True)
class Fault:
    """One wrong request: what is wrong with it, the field at fault if one is, and its answer."""

    what: str
    field: str
    exchange: Exchange

    @property
    def refused(self) -> bool:
        """Whether it was answered with a 4xx."""
        return self.exchange.refused


def wrong_types(server: Server, endpoint: str) -> Iterator[Fault]:
    """A value of the wrong type in each field that the profile supports."""
    yield from _with_values(server, endpoint, _WRONG_TYPES[endpoint], "of the wrong type")


def out_of_range(server: Server, endpoint: str) -> Iterator[Fault]:
    """A value out of its range in each field that the profile supports."""
    yield from _with_values(server, endpoint, _OUT_OF_RANGE[endpoint], "out of range")


def _with_values(
    server: Server, endpoint: str, values: dict[str, Json], how: str
) -> Iterator[Fault]:
    for name, value in values.items():
        if server.session.profile.row(endpoint, name).documented is not Documented.SUPPORTED:
            continue
        extra = {"logprobs": True} if name == "top_logprobs" else {}
        body = {**good(server, endpoint), name: value, **extra}
        yield Fault(f"{name} {value!r} ({how})", name, sent(server, endpoint, body))


def misfits(server: Server, endpoint: str) -> Iterator[Fault]:
    """Fields that only make sense beside others, which are not there or say otherwise."""
    for name, fields in _MISFITS[endpoint]:
        shown = ", ".join(f"{field} {value!r}" for field, value in fields.items())
        body = {**good(server, endpoint), **fields}
        yield Fault(f"{shown} (does not fit)", name, sent(server, endpoint, body))


def missing(server: Server, endpoint: str) -> Iterator[Fault]:
    """Each required field left out."""
    for name in ("model", _REQUIRED[endpoint]):
        body = good(server, endpoint)
        del body[name]
        yield Fault(f"no {name}", name, sent(server, endpoint, body))


def bodies(server: Server, endpoint: str, *names: str) -> Iterator[Fault]:
    """Bodies that are no JSON object: ``malformed``, ``empty`` or ``array``."""
    raw: dict[str, bytes] = {"malformed": b'{"model": "x", "mess', "empty": b"", "array": b"[1, 2]"}
    for name in names:
        yield Fault(f"a body that is {name}", "", sent(server, endpoint, raw[name]))


def nested(server: Server, endpoint: str) -> Iterator[Fault]:
    """A value nested very deeply in a field that the endpoint reads, and in one that nobody knows.

    The last one is not deep at all: it shows what is left of the server.
    """
    unknown = "conformance_unknown"
    for name, levels in ((_REQUIRED[endpoint], DEEP), (unknown, DEEP), (unknown, 1)):
        body = good(server, endpoint)
        body.pop(name, None)
        deep = f'{json.dumps(body)[:-1]}, "{name}": {"[" * levels}{"]" * levels}}}'
        exchange = sent(server, endpoint, deep.encode())
        yield Fault(f"{name}, a list of {levels} levels", name, exchange)


def unknown_model(server: Server, endpoint: str) -> Fault:
    """A model that the server does not serve."""
    body = {**good(server, endpoint), "model": NOBODY}
    return Fault(f"model {NOBODY!r}", "model", sent(server, endpoint, body))


def every(server: Server) -> Iterator[Fault]:
    """All faults of one endpoint: what the checks about the form of errors look at."""
    endpoint = server.manner.endpoint
    yield from bodies(server, endpoint, "malformed", "array")
    yield from missing(server, endpoint)
    yield from wrong_types(server, endpoint)
    yield from out_of_range(server, endpoint)
    yield unknown_model(server, endpoint)


def is_envelope(exchange: Exchange) -> bool:
    """Whether a body is an error object with a message and a type."""
    error = get(exchange.json, "error")
    return isinstance(get(error, "message"), str) and isinstance(get(error, "type"), str)


def first(
    faults: Iterable[Fault], what: str, expected: str, actual: str = "", level: Level | None = None
) -> None:
    """Raise for the first of these faults, naming how many more there are."""
    found = list(faults)
    if found:
        more = (
            f" (and {len(found) - 1} more: {', '.join(f.what for f in found[1:4])})"
            if found[1:]
            else ""
        )
        shown = actual or found[0].exchange.brief(200)
        raise Unexpected(
            f"{what} to {found[0].what}", expected, f"{shown}{more}", found[0].exchange, level
        )


def good(server: Server, endpoint: str) -> dict[str, Json]:
    """A request that is right, of four tokens."""
    if endpoint == "embeddings":
        model = server.session.embedding_model or server.manner.model
        return {"model": model, "input": "why is the sky blue?"}
    return copy.deepcopy(server.body(endpoint, TALK, {"tokens": 4}))


def sent(server: Server, endpoint: str, body: Json | bytes) -> Exchange:
    """The answer to a wrong request; where none comes, one of status 0 that says so.

    No answer is what one check finds, and must not keep others from looking at the rest.
    """
    try:
        return server.request("POST", PATHS[endpoint], body)
    except NoAnswer as error:
        if error.kind == "unreachable":
            raise
        request = Request("POST", PATHS[endpoint], body)
        return Exchange(request, 0, {}, ((0.0, f"no answer: {error}".encode()),), 0.0)
