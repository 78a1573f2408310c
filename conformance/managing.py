"""Copies, new models and lists, as the checks of model management ask for them.

Each model is made once in a run, by the first check that needs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from . import context
from .answer import Answer
from .errors import NoAnswer
from .exchange import Exchange, Json, decoded
from .expect import Refused, Unexpected, Untested, expect_that, get, untested
from .manager import deletion, holds, names
from .server import Server

COPY, OPENAI_NAME, SPARE, SMALL = "copy", "gpt-3.5-turbo", "spare", "small-context"
"""What each model is called after the run's own letters."""
_LOOKS = 4
_PAUSE_S = 0.5
"""A list may be a moment behind."""


def first_list(server: Server) -> Exchange:
    """The server's own list of models, as it was before any was made."""
    return server.manager.keep("first list", lambda: server.manage("GET", "/api/tags"))


def copy(server: Server, what: str = COPY) -> Exchange:
    """The answer to copying the model that chats."""
    name = server.manager.name(what)
    body = {"source": server.manner.model, "destination": name}
    return _made(server, name, lambda: server.manage("POST", "/api/copy", body))


def create(server: Server) -> Exchange:
    """The answer to making a model of the one that chats, with a small context.

    The newer form of the request comes first, then the one that holds a Modelfile.
    """
    size = context.sizes(server).small
    name, source = server.manager.name(SMALL), server.manner.model
    newer = {"model": name, "from": source, "parameters": {"num_ctx": size}, "stream": False}
    modelfile = f"FROM {source}\nPARAMETER num_ctx {size}\n"
    older = {"model": name, "name": name, "modelfile": modelfile, "stream": False}

    def send() -> Exchange:
        before(server)
        first = server.manage("POST", "/api/create", newer)
        if not first.refused:
            return first
        second = server.manage("POST", "/api/create", older)
        return second if second.ok else first

    return _made(server, name, send)


def before(server: Server) -> None:
    """Look at the source before anything is made of it; its checks look again."""
    with suppress(Unexpected, Untested, NoAnswer):
        context.expect_fits(server)
    with suppress(NoAnswer):
        show_model(server, server.manner.model, "before")


def delete_spare(server: Server) -> Exchange:
    """The answer to deleting a copy that nothing else needs; raises as `copied` does."""

    def send() -> Exchange:
        body = deletion(copied(server, SPARE))
        return server.manage("DELETE", "/api/delete", body)

    exchange = server.manager.keep("delete", send)
    server.used.append(exchange)
    return exchange


def answer_of(server: Server, name: str, see: str) -> Answer:
    """A short answer of a model that was made.

    Raises:
        Untested: it refuses; the check named says so.
    """
    try:
        return server.chat(model=name)
    except Refused as error:
        untested(f"{name} does not answer, see {see}: {error.actual}")


def copied(server: Server, what: str = COPY) -> str:
    """The name of a copy that is there.

    Raises:
        Untested: there is none.
    """
    return _there(server, what, lambda: copy(server, what), "models.manage.copy")


def created(server: Server) -> str:
    """The name of a model that was created with a small context; raises as `copied` does."""
    return _there(server, SMALL, lambda: create(server), "models.manage.create")


def made(server: Server) -> list[str]:
    """The names of the copy and of the created model, or of one of them."""
    found: list[str] = []
    for one in (copied, created):
        with suppress(Untested):
            found.append(one(server))
    return found or untested("no model could be made, see models.manage.copy")


def _there(server: Server, what: str, make: Callable[[], Exchange], see: str) -> str:
    name = server.manager.name(what)
    missing = server.manager.missing
    try:
        if name in missing or failure(make()) or not is_present(server, name):
            missing.add(name)
            untested(f"no model was made, see {see}")
    except NoAnswer as error:
        untested(f"no model was made, see {see}: {error}")
    return name


def _made(server: Server, name: str, send: Callable[[], Exchange]) -> Exchange:
    first_list(server)
    exchange = server.manager.make(name, send)
    if exchange not in server.used:
        server.used.append(exchange)
    return exchange


def failure(exchange: Exchange) -> str:
    """Why a request to manage a model failed, or nothing: a stream may say so in its last line."""
    return told(exchange) or ("" if exchange.ok else exchange.brief())


def is_no_route(exchange: Exchange) -> bool:
    """Whether the server has nothing there: what it has refuses with an error that is a text."""
    gone = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
    return exchange.status in gone and not isinstance(get(exchange.json, "error"), str)


def told(exchange: Exchange) -> str:
    """The text of an error, or nothing; an answer may be JSON by the line.

    Ollama's own API says ``{"error": "text"}``; an object with a message will do.
    """
    for line in filter(str.strip, exchange.text.split("\n")):
        error = get(decoded(line), "error")
        text = get(error, "message") if isinstance(error, dict) else error
        if text and isinstance(text, str):
            return text
    return ""


def expect_done(server: Server, exchange: Exchange, name: str) -> None:
    """The request to make a model succeeded, and the model is there."""
    server.accept(exchange)
    problem = failure(exchange)
    expect_that(not problem, "answer", "no error", problem, exchange)
    expect_present(server, name)


def expect_present(server: Server, name: str, *, present: bool = True) -> None:
    """The server's own list of models holds this name, or does not."""
    found = is_present(server, name, expected=present)
    words = f"{name} among them" if present else f"{name} not among them"
    listed = server.used[-1]
    expect_that(
        found is present, "models at /api/tags", words, names(listed) or listed.brief(), listed
    )


def expect_source(server: Server) -> None:
    """The model that chats is still in the server's own list, and answers.

    Raises:
        Untested: it was not there before.
    """
    model = server.manner.model
    if not holds(names(first_list(server)) or (), model):
        untested(f"{model} was not there before, see models.manage.tags")
    expect_present(server, model)
    server.chat(nth=server.manager.moment())


def is_present(server: Server, name: str, *, expected: bool = True) -> bool:
    """Whether the server's own list holds this name; waits a little for what is expected."""
    return wait(lambda: holds(names(server.manage("GET", "/api/tags")) or (), name), expected)


def wait(look: Callable[[], bool], expected: object = True) -> bool:  # noqa: FBT002 - a value
    """What ``look`` sees, at once or a moment later if it is not what is expected."""
    for _ in range(_LOOKS):
        if look() is expected:
            return bool(expected)
        time.sleep(_PAUSE_S)
    return not expected


def show_model(server: Server, name: str, key: str) -> Exchange:
    """What the server says of a model; ``key`` tells one time of asking from another."""
    return server.manager.keep(
        f"{key} {name}", lambda: server.manage("POST", "/api/show", deletion(name))
    )


def described(server: Server, name: str) -> Json:
    """The entry of a model in a fresh ``GET /v1/models``, or None."""
    found: list[Json] = []

    def look() -> bool:
        exchange = server.request("GET", "/models", nth=server.manager.moment())
        data = get(exchange.json, "data")
        items = data if isinstance(data, list) else []
        found[:] = [item for item in items if get(item, "id") in {name, f"{name}:latest"}]
        return bool(found)

    return found[0] if wait(look) else None


def made_at(server: Server, name: str) -> float:
    """When a model was made, in Unix seconds: by the server's clock, or not before this."""
    exchange = server.manager.made(name)
    with suppress(ValueError):
        return parsedate_to_datetime(exchange.headers.get("date", "")).timestamp()
    return server.manager.begun
