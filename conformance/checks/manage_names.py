"""The names of models that were made, or are not there. Only with ``--manage``."""

from __future__ import annotations

from .. import managing
from ..check import MANAGEMENT, check
from ..errors import NoAnswer
from ..exchange import Json
from ..expect import expect, expect_that, get, show, untested
from ..server import PATHS, Server

_NEEDS = (MANAGEMENT,)
_SKEW_S = 300
"""How far the clock of a store may be from the server's."""


@check("models.manage.listed", requirement="manage-listed", needs=_NEEDS)
def listed(server: Server) -> None:
    """Copied and created models are in the list of models."""
    for name in managing.made(server):
        found = managing.described(server, name)
        listed = server.used[-1]
        ids = [get(item, "id") for item in get(listed.json, "data") or []]
        expect_that(found is not None, "ids of the models", f"{name} among them", ids, listed)


@check("models.manage.retrieved", requirement="manage-retrieved", needs=_NEEDS)
def retrieved(server: Server) -> None:
    """Copied and created models are retrieved by their names."""
    for name in managing.made(server):
        exchange = server.retrieve(name)
        found = get(exchange.json, "id")
        same = found in {name, f"{name}:latest"}
        expect_that(same, "id of the retrieved model", name, found, exchange)


@check("models.manage.created-time", requirement="manage-created-time", needs=_NEEDS)
def created_time(server: Server) -> None:
    """Copied and created models were not created before the run."""
    for name in managing.made(server):
        item = _item(server, name)
        begun = managing.made_at(server, name) - _SKEW_S
        created = get(item, "created")
        expect_that(
            isinstance(created, (int, float)) and created >= begun,
            f"created of {name}",
            f"at least {int(begun)}, some minutes before it was made",
            created,
            server.used[-1],
        )


@check("models.manage.owned-by", requirement="manage-owned-by", needs=_NEEDS)
def owned_by(server: Server) -> None:
    """Copied and created models of a name without a user belong to library."""
    for name in managing.made(server):
        item = _item(server, name)
        expect(f"owned_by of {name}", "library", get(item, "owned_by"), server.used[-1])


def _item(server: Server, name: str) -> Json:
    item = managing.described(server, name)
    return item if item is not None else untested(f"{name} is not listed: see models.manage.listed")


@check("models.manage.no-pull-on-use", requirement="manage-no-pull-on-use", needs=_NEEDS)
def no_pull_on_use(server: Server) -> None:
    """A chat with a model that is not there makes no model."""
    name = server.manager.name("nobody")
    server.request("POST", PATHS["chat"], server.body("chat", "Say hello.", {"model": name}))

    managing.expect_present(server, name, present=False)


@check("models.manage.pull-unknown", requirement="manage-pull-unknown", needs=_NEEDS)
def pull_unknown(server: Server) -> None:
    """Pulling a model that nobody has ends with an error and makes no model."""
    # By RFC 6761, section 6.4, no host has such a name: nobody is asked for the model.
    name = f"{server.manager.name('nobody')}.invalid/library/nothing:none"
    body = {"model": name, "name": name, "stream": False}
    try:
        exchange = server.manage("POST", "/api/pull", body, tries=1)
    except NoAnswer as error:
        untested(f"no answer to a pull, perhaps for want of a network: {error}")
    problem = "" if managing.is_no_route(exchange) else managing.told(exchange)

    expect_that(problem, "error in the answer", "a text", show(exchange.brief()), exchange)
    managing.expect_present(server, name, present=False)
