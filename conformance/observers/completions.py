"""What only text completions have: prompts of four forms, suffix, echo, best_of."""

from __future__ import annotations

from typing import Any

from ..answer import expect_filled, expect_read
from ..expect import expect, expect_that, get, untested
from ..fields import observes
from ..server import Server
from ..texts import FACT, FACT_SUFFIX


@observes("completions.prompt", "completions.prompt.string")
def prompt(server: Server) -> None:
    """Two prompts are continued differently."""
    one = server.ask("completions", FACT)
    two = server.ask("completions", "One two three four five six")
    expect_read("another prompt", one, two)


@observes("completions.prompt.strings")
def prompt_strings(server: Server) -> None:
    """Each of two prompts has a choice, in their order."""
    _numbered(server, [FACT, "One two three"], 2)


@observes("completions.prompt.tokens")
def prompt_tokens(server: Server) -> None:
    """An array of token ids is one prompt."""
    answer = _numbered(server, [10, 11, 12], 1)
    tokens = get(answer, "usage", "prompt_tokens")
    expect_that(
        tokens in {None, 3, 4},
        "prompt tokens of [10, 11, 12]",
        "3, or 4 with one that begins a text",
        tokens,
    )


@observes("completions.prompt.token-arrays")
def prompt_token_arrays(server: Server) -> None:
    """Each of two arrays of token ids has a choice."""
    _numbered(server, [[10, 11, 12], [20, 21]], 2)


def _numbered(server: Server, value: Any, count: int) -> Any:
    answer = server.ask("completions", value, tokens=8)
    indexes = [choice.get("index") for choice in answer.choices]
    expect("indexes of the choices", list(range(count)), indexes, answer.exchange)
    return answer.body


@observes("completions.suffix")
def suffix(server: Server) -> None:
    """With a suffix the text is another, or at least costs tokens."""
    plain = server.ask("completions", FACT)
    expect_filled(FACT_SUFFIX, plain, server.ask("completions", FACT, suffix=FACT_SUFFIX))


@observes("completions.echo")
def echo(server: Server) -> None:
    """The text begins with the prompt."""
    answer = server.ask("completions", FACT, echo=True)
    expect_that(
        answer.text.startswith(FACT),
        "text with echo",
        f"begins with {FACT!r}",
        answer.text,
        answer.exchange,
    )


@observes("completions.best_of")
def best_of(server: Server) -> None:
    """The best of two costs more tokens than one may have."""
    one = server.ask("completions", temperature=1.0, seed=11)
    best = server.ask("completions", temperature=1.0, seed=11, best_of=2)
    expect("number of choices with best_of 2", 1, len(best.choices), best.exchange)
    if one.finish_reason != "length" or best.completion_tokens is None:
        untested("one answer is shorter than its limit, or its tokens are not counted")

    limit = get(best.exchange.request.body, "max_tokens")
    expect_that(
        best.completion_tokens > limit,
        "completion tokens with best_of 2",
        f"more than the {limit} of one answer",
        best.completion_tokens,
        best.exchange,
    )
