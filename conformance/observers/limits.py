"""Fields that end an answer or say how many there are."""

from __future__ import annotations

from ..check import GENERATING
from ..expect import expect, expect_that, untested
from ..fields import observes
from ..server import Server


def limit(server: Server, endpoint: str, name: str) -> None:
    """The answer ends after so many tokens, and says that it was cut."""
    tokens = 5 + (server.manner.budget if endpoint == "chat" else 0)
    answer = server.ask(endpoint, **{name: tokens})
    long = server.ask(endpoint, tokens=24)
    most = 24 + (server.manner.budget if endpoint == "chat" else 0)
    if long.finish_reason != "length" and (long.completion_tokens or 0) <= most:
        untested(f"the whole answer is shorter than 24 tokens: {long.text!r}")
    expect(
        "finish_reason of an answer cut by its limit",
        "length",
        answer.finish_reason,
        answer.exchange,
    )
    used = answer.completion_tokens
    cut = used <= tokens if used is not None else len(answer.text) < len(long.text)
    expect_that(
        cut,
        f"length of an answer with {name} {tokens}",
        f"at most {tokens} tokens",
        used,
        answer.exchange,
    )


@observes("chat.max_tokens")
def chat_max_tokens(server: Server) -> None:
    """A chat completion obeys max_tokens, which models that reason do not take."""
    promised = server.session.profile.row("chat", "max_tokens").claims
    if server.manner.limit != "max_tokens" and not promised:
        untested(f"the server wants {server.manner.limit} instead")
    limit(server, "chat", "max_tokens")


@observes("chat.max_completion_tokens")
def chat_max_completion_tokens(server: Server) -> None:
    """A chat completion obeys max_completion_tokens."""
    limit(server, "chat", "max_completion_tokens")


@observes("completions.max_tokens")
def completions_max_tokens(server: Server) -> None:
    """A text completion obeys max_tokens."""
    limit(server, "completions", "max_tokens")


@observes("n", over=GENERATING)
def n(server: Server, endpoint: str) -> None:
    """Two choices come back, numbered 0 and 1."""
    answer = server.ask(endpoint, n=2, temperature=1.0)
    indexes = sorted(str(choice.get("index")) for choice in answer.choices)
    expect("indexes of the choices with n 2", ["0", "1"], indexes, answer.exchange)


@observes("stop", over=GENERATING)
def stop(server: Server, endpoint: str) -> None:
    """The answer ends before a text of its own that is given as a stop."""
    answer = server.talk(endpoint, tokens=32)
    word = stop_text(answer.text)
    for form in (word, [word, "\x01never"]):
        stopped = server.ask(endpoint, tokens=32, stop=form)
        what = f"text with stop {form!r}"
        if word not in stopped.text and not answer.text.startswith(stopped.text.rstrip()):
            untested("the same request is answered differently with a stop, so it shows nothing")
        expect_that(word not in stopped.text, what, "without it", stopped.text, stopped.exchange)
        expect("finish_reason of a stopped answer", "stop", stopped.finish_reason, stopped.exchange)


def stop_text(text: str) -> str:
    """A stop text from the middle of an answer, cut without regard to its words."""
    if len(text) < 12:
        untested(f"the answer is too short to take a stop text from it: {text!r}")
    middle = len(text) // 2
    return text[middle : middle + 4]


@observes("stream_options", "stream_options.include_usage", over=GENERATING)
def include_usage(server: Server, endpoint: str) -> None:
    """The stream carries the usage."""
    stream = server.stream(endpoint, stream_options={"include_usage": True})
    expect_that(stream.usages, "usage objects in the stream", "one", 0, stream.exchange)
