"""The list of models, and one model."""

from __future__ import annotations

import time
from typing import Any

from ..check import check
from ..expect import Refused, expect, expect_schema, expect_that, get, untested
from ..faults import NOBODY
from ..server import Server

_LATEST = ":latest"
_DAY_S = 86_400


def _listed(server: Server) -> list[dict[str, Any]]:
    try:
        exchange = server.get("/models")
    except Refused as error:
        untested(f"there is no list, see models.feature.list: {error.actual}")
    data = get(exchange.json, "data")
    items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    if not items:
        untested("the list of models is empty: see models.list.not-empty")
    return items


@check("models.list.schema", requirement="model-list-schema")
def schema(server: Server) -> None:
    """The list of models is a valid list of model objects."""
    exchange = server.get("/models")

    expect_schema(
        "the list",
        lambda body: server.errors.answer("models.response", body),
        exchange.json,
        exchange,
    )


@check("models.list.not-empty", requirement="model-list-not-empty")
def not_empty(server: Server) -> None:
    """The list of models has a model in it."""
    exchange = server.get("/models")

    expect_that(
        get(exchange.json, "data"),
        "data of the list",
        "at least one model",
        exchange.json,
        exchange,
    )


@check("models.list.unique", requirement="model-list-unique")
def unique(server: Server) -> None:
    """No model is listed twice."""
    names = [item.get("id") for item in _listed(server)]

    expect_that(
        len(set(names)) == len(names), "ids of the models", "all different", names, server.used[-1]
    )


@check("models.list.serves", requirement="model-list-serves")
def serves(server: Server) -> None:
    """The model that answers chats is in the list."""
    names = [item.get("id") for item in _listed(server)]
    model = server.manner.model

    expect_that(
        model in names or f"{model}{_LATEST}" in names,
        "ids of the models",
        f"{model} among them",
        names,
        server.used[-1],
    )


@check("models.list.created", requirement="model-created-time")
def created(server: Server) -> None:
    """The models were created in the past."""
    for item in _listed(server):
        value = item.get("created")
        past = (
            isinstance(value, int)
            and not isinstance(value, bool)
            and 0 < value < time.time() + _DAY_S
        )
        expect_that(
            past,
            f"created of {item.get('id')}",
            "a time in the past in Unix seconds",
            value,
            server.used[-1],
        )


@check("models.list.owned-by", requirement="model-owned-by")
def owned_by(server: Server) -> None:
    """A model belongs to the namespace of its name, or to library."""
    for item in _listed(server):
        space = str(item.get("id")).rpartition("/")[0].rpartition("/")[2] or "library"
        expect(f"owned_by of {item.get('id')}", space, item.get("owned_by"), server.used[-1])


@check("model.retrieve.schema", requirement="model-retrieve-schema")
def retrieve_schema(server: Server) -> None:
    """A retrieved model is a valid model object."""
    exchange = _retrieve(server, server.manner.model)

    expect_schema(
        "the model",
        lambda body: server.errors.answer("model.response", body),
        exchange.json,
        exchange,
    )


@check("model.retrieve.equals-list", requirement="model-retrieve-equals-list")
def equals_list(server: Server) -> None:
    """A retrieved model is the same as in the list."""
    item = _listed(server)[0]
    exchange = _retrieve(server, str(item.get("id")))
    for key in ("id", "created", "owned_by"):
        expect(f"{key} of the retrieved model", item.get(key), get(exchange.json, key), exchange)


@check("model.retrieve.untagged", requirement="model-retrieve-untagged")
def untagged(server: Server) -> None:
    """A model with the tag latest is retrieved without it, by that name."""
    name = _untagged(server)
    _retrieve(server, server.manner.model)
    exchange = server.retrieve(name)

    expect("id of the retrieved model", name, get(exchange.json, "id"), exchange)


@check("model.serve.untagged", requirement="model-untagged-serves", needs=("chat",))
def untagged_serves(server: Server) -> None:
    """A model with the tag latest answers a chat without it."""
    full = server.manner.model
    if not full.endswith(_LATEST):
        untested(f"the model {full} does not have the tag latest")

    server.chat(model=full.removesuffix(_LATEST))


def _untagged(server: Server) -> str:
    names = [str(item.get("id")) for item in _listed(server)]
    tagged = [name for name in names if name.endswith(_LATEST) and "/" not in name]
    if not tagged:
        untested("no model in the list has the tag latest")
    return tagged[0].removesuffix(_LATEST)


@check("model.retrieve.encoded", requirement="model-retrieve-encoded")
def encoded(server: Server) -> None:
    """A model whose id holds a slash is retrieved by its encoded id."""
    _retrieve(server, server.manner.model)
    names = [name for item in _listed(server) if "/" in (name := str(item.get("id")))]
    if not names:
        untested("no model in the list has a slash in its id")
    exchange = server.retrieve(names[0])

    expect("id of the retrieved model", names[0], get(exchange.json, "id"), exchange)


@check("model.retrieve.unknown", requirement="model-retrieve-unknown")
def unknown(server: Server) -> None:
    """A model that is not there cannot be retrieved."""
    exchange = server.request("GET", f"/models/{NOBODY}")

    expect("status", 404, exchange.status, exchange)


def _retrieve(server: Server, name: str) -> Any:
    try:
        return server.retrieve(name)
    except Refused as error:
        untested(f"no model can be retrieved, see model.feature.retrieve: {error.actual}")
