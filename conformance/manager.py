"""Makes and removes models through Ollama's own API, and leaves none of them behind.

Every name begins with ``conformance-`` and with letters of this run alone, so that neither the
user's models nor those of another run are touched.
"""

from __future__ import annotations

import json
import secrets
import shlex
import threading
import time
from collections.abc import Callable, Iterable

from .client import Client
from .errors import NoAnswer
from .exchange import Exchange, Json, Request
from .expect import get

PREFIX = "conformance-"
_PATIENCE_S = 5.0
"""How long the end waits for a request in flight, and for each answer of the clean-up."""
_ROUNDS = 3
_PAUSE_S = 0.3


class Manager:
    """One run's use of the API that manages models. Thread-safe; ``clean_up`` has to end it."""

    def __init__(
        self, root: str, connect: Callable[[str, float], Client], timeout_s: float
    ) -> None:
        self.root = root
        self.run = secrets.token_hex(4)
        self.begun = time.time()
        self.earlier: tuple[str, ...] = ()
        """Models that runs before this one, or beside it, have made."""
        self.missing: set[str] = set()
        """Models whose making was looked for, and that are not there."""
        self.left: tuple[str, ...] = ()
        """After the clean-up: the models that could not be removed, and why."""
        self.count: Callable[[Exchange | None], None] = lambda _: None
        """Hears of every exchange."""
        self._connect = connect
        self._timeout_s = timeout_s
        self._client = connect(root, timeout_s)
        self._lock = threading.Lock()
        self._closed = False
        self._cleaned = False
        self._used = False
        self._made: dict[str, None] = {}
        self._kept: dict[str, Exchange | NoAnswer] = {}
        self._moment = 1000

    def name(self, what: str) -> str:
        """A name for something that only this run gives."""
        return f"{PREFIX}{self.run}-{what}"

    def make(self, name: str, send: Callable[[], Exchange]) -> Exchange:
        """The answer to the first request to make this model, which the end will remove.

        Raises:
            NoAnswer: there was none, the first time.
        """
        self._made[name] = None
        return self.keep(f"make {name}", send)

    def made(self, name: str) -> Exchange:
        """The answer by which this model was made; KeyError if it was not."""
        kept = self._kept[f"make {name}"]
        if isinstance(kept, NoAnswer):
            raise kept
        return kept

    def keep(self, key: str, send: Callable[[], Exchange]) -> Exchange:
        """The answer that was given the first time under this key; raises as `make` does."""
        if key not in self._kept:
            try:
                self._kept[key] = send()
            except NoAnswer as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, NoAnswer):
            raise kept
        return kept

    def moment(self) -> int:
        """Another number each time: as ``nth`` of a request, it is never a shared one."""
        self._moment += 1
        return self._moment

    def send(self, request: Request, tries: int = 2) -> Exchange:
        """Send a request, a second time if the first brought no answer.

        Raises:
            NoAnswer: no try brought a complete answer, or the run has been stopped.
        """
        for last in (*[False] * (tries - 1), True):
            with self._lock:
                if self._closed:
                    raise NoAnswer("unreachable", "the run was stopped")
                self._used = True
                try:
                    exchange = self._client.send(request)
                except NoAnswer as error:
                    self.count(None)
                    if last or error.kind == "unreachable":
                        raise
                else:
                    self.count(exchange)
                    return exchange
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def clean_up(self) -> None:
        """Remove whatever this run has made; what stays is in ``left``. Never raises."""
        if self._cleaned:
            return
        self._cleaned = self._closed = True
        if not self._used:
            self._client.close()
            return
        self.left = tuple(
            self._hint(name, "the clean-up was interrupted") for name in list(self._made)
        )
        try:
            still = not self._lock.acquire(timeout=_PATIENCE_S)
            self._client.close()
            self.left = tuple(self._remove_all(still=still))
        except KeyboardInterrupt:
            return

    def _remove_all(self, *, still: bool) -> Iterable[str]:
        client = self._connect(self.root, min(self._timeout_s, _PATIENCE_S))
        left: dict[str, str] = {}
        for number in range(_ROUNDS):
            time.sleep(_PAUSE_S if number else 0)
            left = self._round(client)
            if not left and not still:
                break
        client.close()
        if still and not left:
            left = dict.fromkeys(list(self._made), "a request about models had not ended")
        return [self._hint(name, why) for name, why in left.items()]

    def _round(self, client: Client) -> dict[str, str]:
        """Remove all that is there; what is there after that, and why."""
        said = {}
        try:
            for name in list(self._made):
                said[name] = _removed(client, self.root, name)
            present = names(client.send(Request("GET", "/api/tags", base=self.root)))
        except NoAnswer as error:
            return {name: str(error) for name in self._made if said.get(name, "unknown")}
        if present is None:
            return {name: why for name, why in said.items() if why}
        begin = self.name("")
        ours = [one.removesuffix(":latest") for one in present if one.startswith(begin)]
        self._made |= dict.fromkeys(ours)
        return {name: said.get(name) or "it is listed still" for name in ours}

    def _hint(self, name: str, why: str) -> str:
        body = json.dumps(deletion(name))
        url = shlex.quote(f"{self.root}/api/delete")
        return (
            f"{name} may be left on the server ({why}); "
            f"remove it: curl -X DELETE {url} -d {shlex.quote(body)}"
        )


def deletion(name: str) -> Json:
    """The body of a request to remove a model; servers of old read ``name``."""
    return {"model": name, "name": name}


def _removed(client: Client, root: str, name: str) -> str:
    """Try to remove a model: nothing if it is gone now, else why it is not."""
    exchange = client.send(Request("DELETE", "/api/delete", deletion(name), base=root))
    return "" if exchange.ok or exchange.status == 404 else exchange.brief(100)  # noqa: PLR2004


def names(exchange: Exchange) -> list[str] | None:
    """The names in an answer to ``GET /api/tags``, each with its tag; None if it is no list."""
    models = get(exchange.json, "models")
    if not exchange.ok or not isinstance(models, list):
        return None
    found = [get(item, "model") or get(item, "name") for item in models]
    return [name for name in found if isinstance(name, str)]


def holds(present: Iterable[str], name: str) -> bool:
    """Whether a model is among these names; case and the tag ``latest`` make no difference."""
    wanted = {name.lower(), f"{name}:latest".lower()}
    return any(one.lower() in wanted for one in present)
