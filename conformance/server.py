"""The server under test, as one check sees it.

`Session` is what all checks of a run share; a `Server` is the handle one check gets, which
remembers the exchanges it used, so that a failure can show its curl line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from ..spec import Profile
from .answer import Answer, Vectors
from .config import Config
from .errors import ConformanceError, NoAnswer
from .exchange import Exchange, Json, Request
from .exchanges import Exchanges
from .expect import Malfunction, Refused, untested
from .manager import Manager
from .stream import Stream
from .texts import TALK
from .validity import Validity

PATHS = {"chat": "/chat/completions", "completions": "/completions", "embeddings": "/embeddings"}
LIMITS = ("max_tokens", "max_completion_tokens")
OMIT: Final = object()
"""As a field's value: leave it out, although the judge sends it by default."""


@dataclass(frozen=True)
class Manner:
    """How this server wants to be asked, as the warm-up learned it."""

    model: str
    limit: str = "max_tokens"
    """The field that limits an answer's length."""
    temperature: bool = True
    """Whether a temperature other than the default is accepted."""
    thinks: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Fields every chat request carries, so that the model does not think."""
    budget: int = 0
    """Tokens added to every limit, for a model that thinks all the same."""
    endpoint: str = "chat"
    """What the server as a whole is judged by; another only where it does not chat."""


class Session:
    """What the checks of one run share."""

    def __init__(
        self, config: Config, profile: Profile, exchanges: Exchanges, manner: Manner
    ) -> None:
        self.config = config
        self.profile = profile
        self.exchanges = exchanges
        self.manner = manner
        self.validity = Validity()
        self.embedding_model = ""
        self.vision_model = ""
        self.models: tuple[str, ...] = ()
        self.manager: Manager | None = None


class Server:
    """The server under test. Every verb sends one request, or shares an equal one."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.used: list[Exchange] = []
        self.sent: Request | None = None

    @property
    def manner(self) -> Manner:
        """How this server wants to be asked."""
        return self.session.manner

    @property
    def errors(self) -> Validity:
        """Finds what is wrong with an answer, by the schemas of the profile."""
        return self.session.validity

    def chat(self, prompt: str | list[Json] = TALK, *, nth: int = 1, **fields: Json) -> Answer:
        """A chat completion for a user's message, or for whole messages."""
        return self.ask("chat", prompt, nth=nth, **fields)

    def ask(self, endpoint: str, prompt: Json = TALK, *, nth: int = 1, **fields: Json) -> Answer:
        """A whole answer of a generating endpoint.

        Greedy and at most 24 tokens (``tokens=``) unless the fields say otherwise.

        Raises:
            Refused: the server answered with a 4xx.
            Malfunction: it failed, or its answer is not a JSON object.
        """
        exchange = self._accepted(PATHS[endpoint], self.body(endpoint, prompt, fields), nth)
        return Answer(exchange, self._object(exchange))

    def talk(self, endpoint: str, prompt: Json = TALK, *, nth: int = 1, **fields: Json) -> Answer:
        """An answer that holds text; without any there is nothing to judge.

        Raises:
            Untested: the answer is empty.
        """
        answer = self.ask(endpoint, prompt, nth=nth, **fields)
        if not answer.text:
            spent = "the budget went into reasoning" if answer.reasoning else "it is empty"
            untested(f"the answer holds no text: {spent}")
        return answer

    def stream(self, endpoint: str, prompt: Json = TALK, *, nth: int = 1, **fields: Json) -> Stream:
        """A streamed answer of a generating endpoint; raises as `ask` does."""
        body = self.body(endpoint, prompt, {**fields, "stream": True})
        stream = Stream(self._accepted(PATHS[endpoint], body, nth))
        for chunk in stream.chunks:
            if chunk.body.get("error") and not chunk.choices:
                found = f"an error event: {chunk.body['error']}"
                raise Malfunction("the stream", "chunks to its end", found, stream.exchange)
        return stream

    def embed(self, content: Json, *, nth: int = 1, **fields: Json) -> Vectors:
        """The embeddings of an input; raises as `ask` does.

        ``encoding_format`` is float unless the fields say otherwise (`OMIT`: what SDKs send).
        """
        model = self.session.embedding_model or self.manner.model
        body = _merged({"model": model, "input": content, "encoding_format": "float"}, fields)
        exchange = self._accepted(PATHS["embeddings"], body, nth)
        return Vectors(exchange, self._object(exchange))

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        headers: Sequence[tuple[str, str]] = (),
        nth: int = 1,
    ) -> Exchange:
        """Any request, and its answer whatever the status."""
        request = Request(method, path, body, tuple(headers))
        self.sent = request
        exchange = self.session.exchanges.send(request, nth)
        self.used.append(exchange)
        return exchange

    def get(self, path: str) -> Exchange:
        """The 2xx answer of a GET; raises as `ask` does."""
        return self.accept(self.request("GET", path))

    def retrieve(self, model: str) -> Exchange:
        """The 2xx answer of ``GET /models/{model}``, by the SDK; raises as `ask` does."""
        exchange = self.session.exchanges.retrieve(model)
        self.used.append(exchange)
        return self.accept(exchange)

    @property
    def manager(self) -> Manager:
        """Makes and removes models; only where the run manages the server."""
        if self.session.manager is None:
            msg = "this run does not manage the server's models"
            raise ConformanceError(msg)
        return self.session.manager

    def manage(self, method: str, path: str, body: Json = None, tries: int = 2) -> Exchange:
        """A request to the API that manages models, never shared; its answer whatever the status.

        Raises:
            NoAnswer: no try brought a complete answer.
        """
        request = Request(method, path, body, base=self.manager.root)
        self.sent = request
        exchange = self.manager.send(request, tries)
        self.used.append(exchange)
        return exchange

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts, no other check sends anything."""
        with self.session.exchanges.turnstile.alone():
            yield

    def body(self, endpoint: str, prompt: Json, fields: Mapping[str, Json]) -> dict[str, Json]:
        """The request body the judge sends: the warm-up's manner, then the fields."""
        manner = self.manner
        wanted = dict(fields)
        tokens = wanted.pop("tokens", 24)
        base: dict[str, Json] = {"model": manner.model}
        if endpoint == "chat":
            user = [{"role": "user", "content": prompt}]
            base["messages"] = user if isinstance(prompt, str) else prompt
            base |= manner.extra
        else:
            base["prompt"] = prompt
        if not any(name in wanted for name in LIMITS):
            limit = manner.limit if endpoint == "chat" else "max_tokens"
            base[limit] = tokens + (manner.budget if endpoint == "chat" else 0)
        if manner.temperature:
            base["temperature"] = 0
        return _merged(base, wanted)

    def _accepted(self, path: str, body: dict[str, Json], nth: int) -> Exchange:
        if problems := self.errors.request(path, body):
            msg = f"the judge's own request is not valid: {problems[0]}"
            raise ConformanceError(msg)
        return self.accept(self.request("POST", path, body, nth=nth))

    def accept(self, exchange: Exchange) -> Exchange:
        """The exchange, if its status is a 2xx; raises as `ask` does."""
        if exchange.ok:
            return exchange
        kind = Malfunction if exchange.failed else Refused
        raise kind("status of the answer", "200", exchange.brief(), exchange)

    def _object(self, exchange: Exchange) -> dict[str, Json]:
        if isinstance(exchange.json, dict):
            return exchange.json
        raise Malfunction("body of the answer", "a JSON object", exchange.brief(), exchange)


def _merged(base: dict[str, Json], fields: Mapping[str, Any]) -> dict[str, Json]:
    return {key: value for key, value in {**base, **fields}.items() if value is not OMIT}


__all__ = ["LIMITS", "OMIT", "PATHS", "TALK", "Manner", "NoAnswer", "Server", "Session"]
