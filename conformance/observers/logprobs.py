"""Log probabilities, in the shape of each endpoint."""

from __future__ import annotations

from ..expect import expect, expect_that, get
from ..fields import observes
from ..server import Server


@observes("chat.logprobs")
def chat_logprobs(server: Server) -> None:
    """Every token of the answer comes with its log probability."""
    answer = server.talk("chat", logprobs=True)
    content = get(answer.choice(), "logprobs", "content")
    expect_that(
        isinstance(content, list) and content,
        "choices[0].logprobs.content",
        "an entry for each token",
        get(answer.choice(), "logprobs"),
        answer.exchange,
    )
    # Tokens of a model's thoughts are counted, and have no entries.
    tokens = None if server.manner.thinks else answer.completion_tokens
    expect_that(
        all(
            isinstance(get(item, "logprob"), (int, float)) and item["logprob"] <= 0
            for item in content
        )
        and (tokens is None or abs(len(content) - tokens) <= 1),
        "entries of choices[0].logprobs.content",
        f"one for each of the {tokens} tokens, with a logprob of at most 0",
        content[:2],
        answer.exchange,
    )


@observes("chat.top_logprobs")
def top_logprobs(server: Server) -> None:
    """Every entry lists the two most likely tokens, the likelier first."""
    answer = server.talk("chat", logprobs=True, top_logprobs=2)
    first = get(answer.choice(), "logprobs", "content", 0, "top_logprobs")
    expect_that(
        isinstance(first, list)
        and len(first) == 2
        and get(first, 0, "logprob") >= get(first, 1, "logprob"),
        "choices[0].logprobs.content[0].top_logprobs with top_logprobs 2",
        "two tokens, the likelier first",
        first,
        answer.exchange,
    )


@observes("completions.logprobs")
def completions_logprobs(server: Server) -> None:
    """The four parallel lists of the older shape come back, as long as each other."""
    answer = server.talk("completions", logprobs=1)
    found = get(answer.choice(), "logprobs")
    names = ("tokens", "token_logprobs", "top_logprobs", "text_offset")
    lengths = [
        len(value) if isinstance(value := get(found, name), list) else None for name in names
    ]
    expect_that(
        None not in lengths and len(set(lengths)) == 1 and lengths[0],
        "choices[0].logprobs with logprobs 1",
        f"{', '.join(names)}: four lists of one length",
        found,
        answer.exchange,
    )
    joined = "".join(map(str, found["tokens"]))
    parts = "\ufffd" in joined or "bytes:" in joined  # of a character, as OpenAI writes them
    if not parts:
        expect("tokens of choices[0].logprobs, joined", answer.text, joined, answer.exchange)
