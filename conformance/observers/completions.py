"""What only text completions have: prompts of four forms, suffix, echo, best_of."""

from __future__ import annotations

from typing import Any

from ..answer import expect_read
from ..expect import expect, expect_that, get, untested
from ..fields import observes
from ..server import Server

_PROMPT = "The capital of France is"


@observes("completions.prompt", "completions.prompt.string")
def prompt(server: Server) -> None:
    """Two prompts are continued differently."""
    one = server.ask("completions", _PROMPT)
    two = server.ask("completions", "One two three four five six")
    expect_read("another prompt", one, two)


@observes("completions.prompt.strings")
def prompt_strings(server: Server) -> None:
    """Each of two prompts has a choice, in their order."""
    _numbered(server, [_PROMPT, "One two three"], 2)


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
    """Two suffixes lead to different texts, or at least cost tokens."""
    plain = server.ask("completions", _PROMPT)
    filled = server.ask("completions", _PROMPT, suffix=" and it lies on the river Seine.")
    expect_read("a suffix", plain, filled)


@observes("completions.echo")
def echo(server: Server) -> None:
    """The text begins with the prompt."""
    answer = server.ask("completions", _PROMPT, echo=True)
    expect_that(
        answer.text.startswith(_PROMPT),
        "text with echo",
        f"begins with {_PROMPT!r}",
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
