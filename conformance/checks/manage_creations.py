"""New models with a context of their own, and what they leave alone. Only with ``--manage``."""

from __future__ import annotations

import re

from .. import context, managing
from ..answer import Answer
from ..check import MANAGEMENT, check
from ..exchange import Exchange
from ..expect import Unexpected, expect, expect_that, get, show, untested
from ..server import Server

_NEEDS = (MANAGEMENT,)
_SIZE = re.compile(r"^\s*num_ctx\s+\"?(\d+)", re.MULTILINE)
_SHOWN = ("parameters", "template", "system")


@check("models.manage.create", requirement="manage-create", needs=_NEEDS)
def create(server: Server) -> None:
    """A model can be created from another one and a size of context."""
    exchange = managing.create(server)

    managing.expect_done(server, exchange, server.manager.name(managing.SMALL))


@check("models.manage.create-answers", requirement="manage-create-answers", needs=_NEEDS)
def create_answers(server: Server) -> None:
    """The name of a created model works in the model field of a chat."""
    server.chat("Say hello.", model=managing.created(server))


@check("models.manage.create-shown", requirement="manage-create-shown", needs=_NEEDS)
def create_shown(server: Server) -> None:
    """A created model is shown with the size of context that was set."""
    name, size = managing.created(server), context.sizes(server).small
    exchange = server.accept(managing.show_model(server, name, "after"))
    found = _SIZE.search(str(get(exchange.json, "parameters")))

    what = "num_ctx in the parameters shown"
    expect(what, size, int(found[1]) if found else None, exchange)


@check("models.manage.create-context", requirement="manage-create-context", needs=_NEEDS)
def create_context(server: Server) -> None:
    """A created model has the size of context that was set, and not its source's."""
    name, size = managing.created(server), context.sizes(server).small
    context.expect_fits(server)
    managing.answer_of(server, name, "models.manage.create-answers")
    exchange = context.ask(server, "A tale", model=name)
    if exchange.refused:  # a short prompt is answered, so it is the length that is refused
        return

    _expect_cut(server.accept(exchange), size)


def _expect_cut(exchange: Exchange, size: int) -> None:
    tokens = _tokens(exchange)
    if tokens is None:
        untested("the answer has no usage, so nobody can see how much of the prompt was read")
    expected = f"at most {size}, or a refusal: the context has no more"
    expect_that(tokens <= size, "prompt_tokens of a prompt too long", expected, tokens, exchange)


def _expect_whole(server: Server, exchange: Exchange, size: int) -> None:
    tokens = _tokens(server.accept(exchange))
    what, expected = "prompt_tokens of a long prompt", f"more than {size}, as before"
    expect_that(tokens is None or tokens > size, what, expected, tokens, exchange)


def _tokens(exchange: Exchange) -> int | None:
    return Answer(exchange, exchange.json if isinstance(exchange.json, dict) else {}).prompt_tokens


@check("models.manage.source-context", requirement="manage-source-context", needs=_NEEDS)
def source_context(server: Server) -> None:
    """The source of a created model keeps its own size of context."""
    context.expect_fits(server)
    managing.answer_of(server, managing.created(server), "models.manage.create-answers")
    exchange = context.ask(server, "A legend")

    _expect_whole(server, exchange, context.sizes(server).small)


@check("models.manage.source-shown", requirement="manage-source-shown", needs=_NEEDS)
def source_shown(server: Server) -> None:
    """The source of a created model is shown as it was before."""
    managing.created(server)
    model = server.manner.model
    before = managing.show_model(server, model, "before")
    after = managing.show_model(server, model, "after")
    if not before.ok:
        untested(f"the source was not shown before either: {before.brief(100)}")
    server.accept(after)
    for key in _SHOWN:
        one, two = (get(each.json, key) for each in (before, after))
        if one != two:
            raise Unexpected(f"{key} of the source", show(one), show(two), after)
