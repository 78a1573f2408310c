"""The first minute with a server: its URL, its models, and how it wants to be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .answer import Answer
from .client import Client
from .config import Config, plain_url
from .errors import NoAnswer, NothingJudged
from .exchange import Exchange, Json, Request
from .exchanges import Exchanges
from .expect import get
from .server import PATHS, Manner
from .texts import TALK

_TRIES = 8
"""How many of the listed models are asked for a token before giving up."""
_THINKING_BUDGET = 512
_TELLING = ("server", "x-powered-by", "via", "openai-version", "x-request-id")
"""Response headers worth showing: they may name the software."""


@dataclass(frozen=True)
class Warmth:
    """What the warm-up found. ``notes`` are for the reader of the report."""

    url: str
    models: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    manner: Manner
    notes: tuple[str, ...]


def find_base_url(config: Config, connect: Callable[[str], Client]) -> tuple[Client, Exchange, str]:
    """A client for the right base URL, the model list it answered, and a note or nothing.

    A URL without a path gets ``/v1`` where ``/v1/models`` answers: some servers have another
    API at the root that answers ``/models`` too (llama.cpp's own), so ``/v1`` comes first.

    Raises:
        NothingJudged: nobody answers there.
    """
    url = plain_url(config.url)
    if "/" not in url.partition("://")[2]:
        client = connect(f"{url}/v1")
        listed = _send(client, Request("GET", "/models"))
        if listed.ok and get(listed.json, "data") is not None:
            return client, listed, f"/v1 was added to {url}"
        client.close()
    client = connect(url)
    return client, _send(client, Request("GET", "/models")), ""


def warm_up(config: Config, exchanges: Exchanges, listed: Exchange, note: str) -> Warmth:
    """Find a chat model that answers, and learn how to ask it.

    Raises:
        NothingJudged: no listed model answers a one-token chat; without chat, none goes on with a
            text or embeds one.
    """
    data = get(listed.json, "data")
    items = data if isinstance(data, list) else []
    models = tuple(name for item in items if isinstance(name := get(item, "id"), str))
    notes = [note] if note else []
    manner, more = (
        (_without_chat(config, exchanges, models), [])
        if "chat" in config.without
        else _chatting(config, exchanges, listed, models)
    )
    headers = tuple((name, listed.headers[name]) for name in _TELLING if name in listed.headers)
    return Warmth(exchanges.client.base_url, models, headers, manner, (*notes, *more))


def _chatting(
    config: Config, exchanges: Exchanges, listed: Exchange, models: tuple[str, ...]
) -> tuple[Manner, list[str]]:
    manner, answer = _first_that_chats(config, exchanges, listed, models)
    notes = []
    if manner.limit != "max_tokens":
        notes.append(f"the server wants {manner.limit} instead of max_tokens")
    if not manner.temperature:
        notes.append("the server refuses a temperature other than its default")
    manner, thinking = _quieten(exchanges, manner, answer)
    return manner, [*notes, *thinking]


def _without_chat(config: Config, exchanges: Exchanges, models: tuple[str, ...]) -> Manner:
    given = {"completions": config.model, "embeddings": config.embedding_model or config.model}
    bodies: dict[str, dict[str, Json]] = {
        "completions": {"prompt": TALK, "max_tokens": 1},
        "embeddings": {"input": TALK},
    }
    for endpoint in [one for one in bodies if one not in config.without]:
        for name in (given[endpoint],) if given[endpoint] else models[:_TRIES]:
            exchange = _asked(exchanges, PATHS[endpoint], {"model": name, **bodies[endpoint]})
            if exchange.ok and isinstance(exchange.json, dict):
                return Manner(name, endpoint=endpoint)
    msg = (
        f"no model of {exchanges.client.base_url} goes on with a text or embeds one\n"
        f"models listed: {', '.join(models) or 'none'}; name one with --model"
    )
    raise NothingJudged(msg)


def _first_that_chats(
    config: Config, exchanges: Exchanges, listed: Exchange, models: tuple[str, ...]
) -> tuple[Manner, Answer]:
    candidates = (config.model,) if config.model else models[:_TRIES]
    refusals = []
    for name in candidates:
        for manner in (
            Manner(name),
            Manner(name, limit="max_completion_tokens"),
            Manner(name, temperature=False),
            Manner(name, limit="max_completion_tokens", temperature=False),
        ):
            exchange = _chat(exchanges, manner, tokens=1)
            if exchange.ok and isinstance(exchange.json, dict):
                return manner, Answer(exchange, exchange.json)
            if exchange.status not in {400, 422}:
                break
        refusals.append(f"{name}: {exchange.brief(160)}")
    seen = "\n  ".join(refusals) or f"GET /models answered {listed.brief(200)}"
    msg = (
        f"no model of {exchanges.client.base_url} answers a chat of one token:\n  {seen}\n"
        f"models listed: {', '.join(models) or 'none'}; name one with --model\n"
        "a server that does not chat is judged with --without chat"
    )
    raise NothingJudged(msg)


def _quieten(exchanges: Exchanges, manner: Manner, first: Answer) -> tuple[Manner, list[str]]:
    """Find out whether the model thinks before it answers, and how to keep it from it."""
    exchange = _chat(exchanges, manner, tokens=24)
    answer = Answer(exchange, exchange.json) if isinstance(exchange.json, dict) else first
    if not _thinks(answer):
        return manner, []
    manner = replace(manner, thinks=True)
    for effort in ("none", "minimal"):
        quiet = replace(manner, extra={"reasoning_effort": effort})
        exchange = _chat(exchanges, quiet, tokens=24)
        if exchange.ok and isinstance(exchange.json, dict):
            answer = Answer(exchange, exchange.json)
            if answer.text and not answer.reasoning:
                return quiet, [f"the model thinks; reasoning_effort {effort} is sent throughout"]
    budget = replace(manner, budget=_THINKING_BUDGET)
    return budget, [f"the model thinks; {_THINKING_BUDGET} tokens are added to every limit"]


def _thinks(answer: Answer) -> bool:
    details = get(answer.usage, "completion_tokens_details", "reasoning_tokens")
    return bool(answer.reasoning) or (isinstance(details, int) and details > 0)


def _chat(exchanges: Exchanges, manner: Manner, tokens: int) -> Exchange:
    body: dict[str, Json] = {
        "model": manner.model,
        "messages": [{"role": "user", "content": TALK}],
        **manner.extra,
        manner.limit: tokens,
    }
    if manner.temperature:
        body["temperature"] = 0
    return _asked(exchanges, PATHS["chat"], body)


def _asked(exchanges: Exchanges, path: str, body: dict[str, Json]) -> Exchange:
    try:
        return exchanges.send(Request("POST", path, body))
    except NoAnswer as error:
        msg = f"{exchanges.client.base_url} lists models, but a first POST {path} failed: {error}"
        raise NothingJudged(msg) from error


def _send(client: Client, request: Request) -> Exchange:
    try:
        return client.send(request)
    except NoAnswer as error:
        msg = f"nothing can be judged: {error}"
        raise NothingJudged(msg) from error
