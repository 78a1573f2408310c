"""Copies of a model, and their removal. Only with ``--manage``."""

from __future__ import annotations

from .. import managing
from ..check import MANAGEMENT, check
from ..expect import expect_that, untested
from ..manager import holds, names
from ..server import Server

_NEEDS = (MANAGEMENT,)


@check("models.manage.tags", requirement="manage-tags", needs=_NEEDS)
def tags(server: Server) -> None:
    """The API that manages models lists the model that answers chats."""
    model, exchange = server.manner.model, managing.first_list(server)
    present = names(exchange)

    found = exchange.brief() if present is None else present
    expect_that(
        holds(present or (), model), "models at /api/tags", f"{model} among them", found, exchange
    )


@check("models.manage.copy", requirement="manage-copy", needs=_NEEDS)
def copy(server: Server) -> None:
    """A model can be copied to a new name."""
    exchange = managing.copy(server)

    managing.expect_done(server, exchange, server.manager.name(managing.COPY))


@check("models.manage.copy-openai-name", requirement="manage-copy-openai-name", needs=_NEEDS)
def copy_openai_name(server: Server) -> None:
    """A copy can be named like a model of OpenAI's."""
    managing.copied(server)
    exchange = managing.copy(server, managing.OPENAI_NAME)

    managing.expect_done(server, exchange, server.manager.name(managing.OPENAI_NAME))


@check("models.manage.copy-answers", requirement="manage-copy-answers", needs=_NEEDS)
def copy_answers(server: Server) -> None:
    """The name of a copy works in the model field of a chat."""
    server.chat(model=managing.copied(server))


@check("models.manage.copy-echoed", requirement="manage-copy-echoed", needs=_NEEDS)
def copy_echoed(server: Server) -> None:
    """An answer of a copy bears the copy's name."""
    name = managing.copied(server)
    answer = managing.answer_of(server, name, "models.manage.copy-answers")
    model = answer.body.get("model")

    expect_that(
        model in {name, f"{name}:latest"}, "model of the answer", name, model, answer.exchange
    )


@check("models.manage.copy-leaves-source", requirement="manage-copy-leaves-source", needs=_NEEDS)
def copy_leaves_source(server: Server) -> None:
    """The model that was copied is still there and answers."""
    managing.copied(server)

    managing.expect_source(server)


@check("models.manage.delete", requirement="manage-delete", needs=_NEEDS)
def delete(server: Server) -> None:
    """A copy that is deleted is gone."""
    server.accept(managing.delete_spare(server))

    managing.expect_present(server, server.manager.name(managing.SPARE), present=False)


@check(
    "models.manage.delete-leaves-source", requirement="manage-delete-leaves-source", needs=_NEEDS
)
def delete_leaves_source(server: Server) -> None:
    """The source of a copy that was deleted is still there and answers."""
    if not managing.delete_spare(server).ok:
        untested("no copy was deleted, see models.manage.delete")

    managing.expect_source(server)
