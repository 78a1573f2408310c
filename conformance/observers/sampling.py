"""Fields that shape which token comes next. Their effects are found by comparing answers."""

from __future__ import annotations

from collections.abc import Callable

from ..check import GENERATING
from ..exchange import Json
from ..expect import Refused, Unexpected, expect_that, show, untested
from ..fields import observes
from ..server import Server

_SEEDS = (11, 22, 33)
_ATTEMPTS = 3


def _texts(server: Server, endpoint: str, **fields: Json) -> list[str]:
    """The answers for three seeds; an empty one is an answer too.

    Raises:
        Untested: all of them are empty.
    """
    texts = [server.ask(endpoint, seed=seed, **fields).text for seed in _SEEDS]
    return texts if any(texts) else untested("the answers hold no text")


@observes("temperature", over=GENERATING)
def temperature(server: Server, endpoint: str) -> None:
    """Two greedy answers are the same, hot ones are not."""
    if not server.manner.temperature:
        _refuses_zero_alone(server, endpoint)
    hot = {server.talk(endpoint, temperature=0).text, *_texts(server, endpoint, temperature=1.9)}
    expect_that(
        len(hot) > 1,
        "the greedy answer and three at temperature 1.9",
        "not all the same",
        hot.pop(),
        server.used[-1],
    )
    _same_in_some_attempt(
        server,
        "two answers at temperature 0",
        lambda nth: server.talk(endpoint, temperature=0, nth=nth).text,
    )


def _refuses_zero_alone(server: Server, endpoint: str) -> None:
    """Models that reason may insist on the default, but no server may refuse 0 and take 0.7."""
    _accepts(server, endpoint, 0.7)
    server.ask(endpoint, temperature=0)


def _accepts(server: Server, endpoint: str, value: float) -> None:
    """Stop here if this temperature is refused and nothing but the whole contract promises it."""
    try:
        server.ask(endpoint, temperature=value)
    except Refused:
        if server.session.profile.row(endpoint, "temperature").claims:
            raise
        untested("the server refuses a temperature other than its default")


@observes("top_p", over=GENERATING)
def top_p(server: Server, endpoint: str) -> None:
    """With hardly any probability mass left the seed makes no difference."""
    if not server.manner.temperature:
        _accepts(server, endpoint, 1.9)
    free = set(_texts(server, endpoint, temperature=1.9))
    if len(free) == 1:
        untested("the answers do not vary at temperature 1.9, so there is nothing to narrow")
    narrow = _texts(server, endpoint, temperature=1.9, top_p=0.0001)
    expect_that(
        len(set(narrow)) < len(narrow),
        "answers at top_p 0.0001 for three seeds",
        "the same one more than once",
        narrow,
        server.used[-1],
    )


@observes("seed", "reproducible-outputs", over=GENERATING)
def seed(server: Server, endpoint: str) -> None:
    """One seed twice gives one text, where other seeds give others."""
    if len(set(_texts(server, endpoint, temperature=1.0))) == 1:
        untested("the answers are the same for every seed, so they show nothing")
    with server.alone():
        _same_in_some_attempt(
            server,
            "two answers for seed 11",
            lambda nth: server.talk(endpoint, seed=_SEEDS[0], temperature=1.0, nth=nth).text,
        )


def _same_in_some_attempt(server: Server, what: str, ask: Callable[[int], str]) -> None:
    """Two of up to three answers are the same.

    Batching can change the last bit of a sum and so, rarely, a token; chance can make two
    free samples of 24 tokens the same far more rarely.
    """
    seen: list[str] = []
    for nth in range(1, _ATTEMPTS + 1):
        text = ask(nth)
        if text in seen:
            return
        seen.append(text)
    raise Unexpected(what, "the same text twice", show(seen[:2]), server.used[-1])


def _penalty(name: str) -> Callable[[Server, str], None]:
    def penalty(server: Server, endpoint: str) -> None:
        """The two ends of its range give different texts."""
        heats: tuple[dict[str, Json], ...] = ({}, {"temperature": 1.0, "seed": 11})
        for heat in heats:
            low = server.talk(endpoint, tokens=48, **heat, **{name: -2})
            high = server.talk(endpoint, tokens=48, **heat, **{name: 2})
            if low.text != high.text:
                return
        expected = "another text than at -2"
        raise Unexpected(f"text at {name} 2", expected, show(high.text), high.exchange)

    return penalty


for _name in ("frequency_penalty", "presence_penalty"):
    observes(_name, over=GENERATING)(_penalty(_name))


@observes("logit_bias", over=GENERATING)
def logit_bias(server: Server, endpoint: str) -> None:
    """A token that is pushed to the top changes a greedy answer."""
    plain = server.talk(endpoint)
    biased = server.ask(endpoint, logit_bias={"300": 100})
    expect_that(
        biased.text != plain.text,
        "text with token 300 at logit_bias 100",
        "other than without it",
        biased.text,
        biased.exchange,
    )
