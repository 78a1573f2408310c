"""What a server may honestly lack, and the one probe that decides for each.

Declared capabilities must work, excluded ones are not looked at, and for the rest a probe
decides: a refusal means absent; a 5xx, no answer, or a 200 that ignored the input means that
the probe itself has failed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal

from .answer import expect_filled, expect_not_as_text, expect_read
from .check import MANAGEMENT
from .errors import NoAnswer
from .expect import Malfunction, Refused, Unexpected, expect_that
from .fields import in_short
from .images import LONGER_RED, RED, picture
from .manager import PREFIX, names
from .managing import first_list, is_no_route
from .server import Server, Session
from .texts import CITY, COLOUR_FORMAT, FACT, FACT_SUFFIX, PROSE, WEATHER

State = Literal["present", "absent", "excluded", "broken"]


@dataclass(frozen=True)
class Capability:
    """Whether the server has it, and which answer decided."""

    name: str
    state: State
    why: str
    error: Unexpected | NoAnswer | None = None


@dataclass(frozen=True)
class Probe:
    """How to find out. ``shown_by`` are the fields whose checks report a failing probe."""

    shown_by: tuple[str, ...]
    run: Callable[[Server], str]
    see: str = ""
    """The check that reports a failing probe, where that is not the one of a field."""


class Capabilities:
    """Probes each capability at most once, when a check first needs it. Thread-safe."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._found: dict[str, Future[Capability]] = {}

    def get(self, name: str) -> Capability:
        """The state of a capability."""
        with self._lock:
            future = self._found.get(name)
            mine = future is None
            if future is None:
                future = self._found[name] = Future()
        if mine:
            try:
                future.set_result(self._probe(name))
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()

    def known(self) -> list[Capability]:
        """Those that were needed so far, by name."""
        with self._lock:
            futures = sorted(self._found.items())
        return [
            future.result() for _, future in futures if future.done() and not future.exception()
        ]

    def _probe(self, name: str) -> Capability:
        config = self._session.config
        if name in config.without:
            return Capability(name, "excluded", "excluded by --without")
        if not config.probe and name != "embeddings":
            return Capability(name, "present", "not probed (--no-probe)")
        try:
            why = PROBES[name].run(Server(self._session))
        except Refused as error:
            return Capability(name, "absent", in_short(error), error)
        except Unexpected as error:
            return Capability(name, "broken", in_short(error), error)
        except NoAnswer as error:
            return Capability(name, "broken", str(error), error)
        return Capability(name, "present", why)


def _chat(server: Server) -> str:
    """The warm-up has chatted, or there is no chat."""
    return f"{server.manner.model} chats"


def _completions(server: Server) -> str:
    server.ask("completions")
    return "a prompt is answered"


def _embeddings(server: Server) -> str:
    """Take the first model that embeds: the one given, else those whose name says so first."""
    session = server.session
    given = session.config.embedding_model
    named = sorted(session.models, key=lambda name: not _sounds_like_embeddings(name))
    candidates = [given] if given else list(dict.fromkeys([*named, session.manner.model]))[:6]
    refusal: Unexpected | None = None
    for name in candidates:
        try:
            answer = server.embed("why is the sky blue?", model=name)
        except (Refused, Malfunction) as error:
            if refusal is None or isinstance(error, Malfunction):
                refusal = error
            continue
        expect_that(answer.raw, "data of the embeddings", "one item", 0, answer.exchange)
        session.embedding_model = name
        return f"{name} embeds"
    raise refusal or AssertionError


def _sounds_like_embeddings(name: str) -> bool:
    words = ("embed", "minilm", "bge", "gte", "e5-", "nomic")
    return any(word in name.lower() for word in words)


def _vision(server: Server) -> str:
    session = server.session
    session.vision_model = session.config.vision_model or session.manner.model
    model = session.vision_model
    blind = server.chat("What is in this picture?", model=model)
    seen = server.chat(picture("What is in this picture?", RED), model=model)
    expect_read("a picture", blind, seen)
    longer = server.chat(picture("What is in this picture?", LONGER_RED), model=model)
    expect_not_as_text("a picture", seen, longer)
    return f"a picture changes the answer of {model}"


def _tools(server: Server) -> str:
    without = server.chat(CITY, tokens=64)
    with_tools = server.chat(CITY, tokens=64, tools=[WEATHER])
    expect_that(
        with_tools.tool_calls
        or (with_tools.prompt_tokens, with_tools.text) != (without.prompt_tokens, without.text),
        "prompt tokens and answer with a tool on offer",
        "other than without it",
        [with_tools.prompt_tokens, with_tools.text],
        with_tools.exchange,
    )
    return "a tool on offer changes the answer"


def _json(server: Server) -> str:
    """Either form will do: a server that knows one of them is to be judged for both."""
    endpoint = server.manner.endpoint
    try:
        server.ask(endpoint, PROSE, response_format={"type": "json_object"}, tokens=96)
    except Refused as refusal:
        try:
            server.ask(endpoint, PROSE, response_format=COLOUR_FORMAT, tokens=96)
        except Refused:
            raise refusal from None
        return "response_format json_schema is accepted"
    return "response_format json_object is accepted"


def _infill(server: Server) -> str:
    plain = server.ask("completions", FACT)
    expect_filled(FACT_SUFFIX, plain, server.ask("completions", FACT, suffix=FACT_SUFFIX))
    return "a suffix changes the answer"


def _management(server: Server) -> str:
    """Ollama's own API is there if it lists the models, and knows how to copy one."""
    listed = first_list(server)
    present = names(listed)
    if present is None:
        kind = Malfunction if listed.failed else Refused
        raise kind("answer of GET /api/tags", "a list of models", listed.brief(), listed)
    ours = server.manager.name("")
    server.manager.earlier = tuple(
        name for name in present if name.startswith(PREFIX) and not name.startswith(ours)
    )
    copied = server.manage("POST", "/api/copy", {})
    if is_no_route(copied):  # some servers only imitate the list
        raise Refused("answer of POST /api/copy", "that of a route", copied.brief(), copied)
    return f"{server.manager.root}/api lists models and copies them"


PROBES: dict[str, Probe] = {
    "chat": Probe(("chat.chat-completions",), _chat),
    "completions": Probe(("completions.completions",), _completions),
    "embeddings": Probe(
        (
            "embeddings.embeddings",
            "embeddings.model",
            "embeddings.input",
            "embeddings.input.string",
        ),
        _embeddings,
    ),
    "vision": Probe(("chat.vision", "chat.messages.image", "chat.messages.image-base64"), _vision),
    "tools": Probe(("chat.tool-calls", "chat.tools"), _tools),
    "json": Probe(("chat.json-mode", "chat.response_format"), _json),
    "infill": Probe(("completions.suffix",), _infill),
    MANAGEMENT: Probe(("manage-tags",), _management, "models.manage.tags"),
}
"""``completions`` is no capability: it stands here so that a server without the endpoint
fails once, and not with every check of the endpoint."""
