"""Runs checks beside each other and turns what they raise into results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from ..spec import Documented, Field, Level, Requirement
from .capability import PROBES, Capabilities
from .check import Check
from .errors import ConformanceError, NoAnswer
from .exchange import Exchange
from .expect import Unexpected, Untested
from .fields import Accepted, Observation, check_id, finding
from .server import Server, Session
from .verdict import Observed, Result, Support, Verdict

_FAILS = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.PASS}
"""What breaking a sentence of each level means: the one place that decides it."""


@dataclass(frozen=True)
class Outcome:
    """A result, with what pytest wants to know beside it."""

    result: Result
    started: float
    """Seconds since the epoch."""
    support: Support | None = None
    error: BaseException | None = None
    """What the check raised, with its traceback."""


class Judge:
    """Runs the checks it is given, ``jobs`` at a time, in daemon threads."""

    def __init__(
        self,
        session: Session,
        capabilities: Capabilities,
        sentences: Mapping[str, Requirement | Field],
        claims: Mapping[str, tuple[int, ...]],
    ) -> None:
        self.session = session
        self.capabilities = capabilities
        self._sentences = sentences
        self._claims = claims
        self._queue: SimpleQueue[Check] = SimpleQueue()
        self._managing: SimpleQueue[Check] = SimpleQueue()
        self._outcomes: dict[str, Future[Outcome]] = {}
        self._stopped = threading.Event()
        self._done: Callable[[Outcome], None] | None = None

    def start(self, checks: Sequence[Check], done: Callable[[Outcome], None] | None = None) -> None:
        """Begin with these checks, those that want to be alone last; ``done`` hears of each.

        Checks that manage models come one by one when all others are done: what is made for
        them would be in every list.
        """
        self._done = done
        for check in sorted(checks, key=lambda check: check.alone):
            self._outcomes[check.id] = Future()
            (self._managing if check.manages else self._queue).put(check)
        jobs = range(min(self.session.config.jobs, len(checks)))
        workers = [_thread(self._work, self._queue) for _ in jobs]
        if not self._managing.empty():
            _thread(self._manage, workers)

    def outcome(self, check: Check) -> Future[Outcome]:
        """The outcome of a check that was started."""
        return self._outcomes[check.id]

    def stop(self) -> None:
        """Start nothing new and close the connections in use."""
        self._stopped.set()
        self.session.exchanges.stop()
        for queue in (self._queue, self._managing):
            with suppress(Empty):
                while True:
                    self._outcomes[queue.get_nowait().id].cancel()

    def _manage(self, workers: Sequence[threading.Thread]) -> None:
        for worker in workers:
            worker.join()
        self._work(self._managing)

    def _work(self, queue: SimpleQueue[Check]) -> None:
        while not self._stopped.is_set():
            try:
                check = queue.get_nowait()
            except Empty:
                return
            future = self._outcomes[check.id]
            try:
                outcome = self.judge(check)
                future.set_result(outcome)
                if self._done is not None:
                    self._done(outcome)
            except BaseException as error:  # noqa: BLE001 - the waiting item re-raises it
                future.set_exception(error)

    def judge(self, check: Check) -> Outcome:
        """Run one check in this thread."""
        server = Server(self.session)
        error: BaseException | None = None
        started, begun = time.time(), time.perf_counter()
        try:
            self._gate(check)
            with server.alone() if check.alone else nullcontext():
                if check.alone:  # it waited for the others, which is none of its own time
                    started, begun = time.time(), time.perf_counter()
                check.run(server)
        except Exception as raised:  # noqa: BLE001 - every way to end is a verdict
            error = raised
        sentence = self._sentences[check.requirement]
        support = None
        if isinstance(sentence, Field):
            error, support = self._row(sentence, error)
        result = Result(
            id=check.id,
            title=check.title,
            endpoint=check.endpoint,
            level=sentence.level,
            requirement=check.requirement,
            says=sentence.requires if isinstance(sentence, Field) else sentence.says,
            claims=self._claims.get(check.id, ()),
            verdict=Verdict.PASS,
            duration_s=round(time.perf_counter() - begun, 4),
        )
        result = self._with_error(result, error, server)
        return Outcome(result, started, support, error=error)

    def _gate(self, check: Check) -> None:
        for name in check.needs:
            capability = self.capabilities.get(name)
            if capability.state == "present":
                continue
            shown_by = PROBES[name].shown_by
            see = PROBES[name].see or self._check_id(shown_by[0])
            if capability.state == "broken":
                if check.requirement in shown_by and capability.error is not None:
                    raise capability.error
                msg = f"{name}: its probe failed, see {see}"
                raise Untested(msg)
            if name in self.session.config.declare:
                what = f"{name}, which is declared"
                raise Unexpected(
                    what, "works", f"not testable: {capability.why}", _of(capability.error)
                )
            if capability.state == "absent" and name == "completions":
                if check.requirement in shown_by and capability.error is not None:
                    raise capability.error
                msg = f"there is no /completions, see {see}"
                raise Untested(msg)
            msg = f"{name}: {capability.state}" + (
                f", by the answer {capability.why}" if capability.state == "absent" else ""
            )
            raise Untested(msg)

    def _check_id(self, field_id: str) -> str:
        field = self._sentences.get(field_id)
        return check_id(field) if isinstance(field, Field) else field_id

    def _with_error(self, result: Result, error: BaseException | None, server: Server) -> Result:
        if error is None:
            return result
        if isinstance(error, Untested):
            return replace(result, verdict=Verdict.SKIP, message=str(error))
        curl = self._curl(error, server)
        if isinstance(error, Unexpected):
            verdict = _FAILS[error.level or result.level]
            return replace(
                result, verdict=verdict, message=str(error), curl=curl,
                level=error.level or result.level,
                what=error.what, expected=error.expected, actual=error.actual,
            )  # fmt: skip
        if isinstance(error, NoAnswer) and error.kind != "unreachable":
            return replace(
                result, verdict=Verdict.FAIL, message=str(error), curl=curl,
                what="the answer", expected="complete and in time", actual=str(error),
            )  # fmt: skip
        name = "" if isinstance(error, ConformanceError) else f"{type(error).__name__}: "
        return replace(result, verdict=Verdict.ERROR, message=f"{name}{error}", curl=curl)

    def _curl(self, error: BaseException, server: Server) -> str:
        exchange = _of(error) or (server.used[-1] if server.used else None)
        request = exchange.request if exchange is not None else server.sent
        if isinstance(error, NoAnswer) and server.sent is not None:
            request = server.sent
        return request.curl(self.session.exchanges.client.base_url) if request is not None else ""

    def _row(
        self, field: Field, error: BaseException | None
    ) -> tuple[BaseException | None, Support]:
        row = self.session.profile.row(field.endpoint, field.name)
        observation = Observation.of(error)
        if isinstance(error, Accepted) and row.documented is not Documented.SUPPORTED:
            observation = Observation(Observed.IGNORED, str(error))
        support = Support(
            field.endpoint, field.name, row.documented, observation.observed, observation.note
        )
        return None if isinstance(error, Accepted) else finding(row, observation, error), support


def _thread(work: Callable[..., None], *given: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, name="check", daemon=True)
    thread.start()
    return thread


def _of(error: BaseException | None) -> Exchange | None:
    return error.exchange if isinstance(error, Unexpected) else None
