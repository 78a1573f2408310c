"""Completions under the profile ``openai``: echo, log-probabilities, the best of several."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from .running import Answer, Running

PROMPT = "Say café, 日本 and 😀 now"
ENDLESS = {"logit_bias": {"2": -100}}


def complete(server: Running, **fields: Any) -> Answer:
    """A completion of the prompt, unless the fields say otherwise."""
    body = {"model": "tiny", "prompt": PROMPT, "temperature": 0, "max_tokens": 6, **fields}
    return server.send("POST", "/v1/completions", body)


def spoken(tokens: list[str]) -> str:
    """Tokens as one text, those too that are spelled as bytes."""
    data = b"".join(
        bytes.fromhex(token.removeprefix("bytes:").replace("\\x", ""))
        if token.startswith("bytes:")
        else token.encode()
        for token in tokens
    )
    return data.decode()


@pytest.mark.parametrize("stream", [False, True])
def test_an_echo_is_the_beginning_of_the_text(openai_server: Running, *, stream: bool) -> None:
    """The rest is what comes without it; also for tokens and for several prompts."""
    plain = complete(openai_server).json["choices"][0]["text"]
    answer = complete(openai_server, echo=True, stream=stream)
    texts = (
        [event["choices"][0]["text"] for event in answer.events]
        if stream
        else [answer.json["choices"][0]["text"]]
    )
    both = complete(openai_server, prompt=["One", "Two"], echo=True, n=2).json["choices"]

    assert "".join(texts) == PROMPT + plain
    assert [one["text"][:3] for one in both] == ["One", "One", "Two", "Two"]


def test_an_echo_of_tokens_is_their_text(openai_server: Running) -> None:
    """A control token is shown, as it stands in the vocabulary."""
    answer = complete(openai_server, prompt=[[300, 301], [2]], echo=True, max_tokens=0).json
    one, two = (choice["text"] for choice in answer["choices"])

    assert len(one) >= 2
    assert two == "<|im_end|>"
    assert answer["usage"]["completion_tokens"] == 0


def test_log_probabilities_have_the_older_shape(openai_server: Running) -> None:
    """Four lists of one length; the tokens are the text, the offsets are their places in it."""
    choice = complete(openai_server, logprobs=3).json["choices"][0]
    found = choice["logprobs"]

    assert len({len(found[name]) for name in found}) == 1
    assert spoken(found["tokens"]) == choice["text"]
    for token, logprob, top, offset in zip(*found.values(), strict=True):
        assert 3 <= len(top) <= 4
        assert top[token] == logprob == max(top.values()) <= 0  # greedy: the likeliest
        if not token.startswith("bytes:"):
            assert (PROMPT + choice["text"])[offset:].startswith(token)


def test_offsets_count_from_the_beginning_of_the_prompt(openai_server: Running) -> None:
    """Of each prompt its own, also where it came as tokens."""
    fields = {"logprobs": 0, "n": 2, "max_tokens": 1, **ENDLESS}
    texts = complete(openai_server, prompt=["Say", "Once more"], **fields).json["choices"]
    tokens = complete(openai_server, prompt=[300, 301], **fields).json["choices"]
    shown = complete(openai_server, prompt=[300, 301], echo=True, max_tokens=0).json["choices"]

    assert [one["logprobs"]["text_offset"][0] for one in texts] == [3, 3, 9, 9]
    assert tokens[0]["logprobs"]["text_offset"][0] == len(shown[0]["text"])


def test_a_prompt_is_scored(openai_server: Running) -> None:
    """Without a single new token, as those do who compare models; the first token has no score."""
    answer = complete(openai_server, echo=True, logprobs=1, max_tokens=0).json
    choice = answer["choices"][0]
    found = choice["logprobs"]

    assert choice["text"] == PROMPT
    assert choice["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 0
    assert spoken(found["tokens"]) == PROMPT
    assert found["token_logprobs"][0] is found["top_logprobs"][0] is None
    assert all(value <= 0 for value in found["token_logprobs"][1:])
    assert found["text_offset"][0] == 0


def test_the_scores_of_a_prompt_are_those_of_a_generation(openai_server: Running) -> None:
    """What was generated greedily has the same log-probabilities when it is read as a prompt.

    Also across a prompt that is longer than what is evaluated at once, in a stream, and after
    the same prompt was evaluated without scores.
    """
    start = "One two three. " * 30
    first = complete(openai_server, prompt=start, logprobs=0, max_tokens=20, **ENDLESS).json
    written = first["choices"][0]
    again = {"prompt": start + written["text"], "echo": True, "logprobs": 0, "max_tokens": 0}
    read = complete(openai_server, **again).json["choices"][0]["logprobs"]
    events = complete(openai_server, **again, stream=True).events
    streamed = [
        value
        for event in events
        if event["choices"][0]["logprobs"]
        for value in event["choices"][0]["logprobs"]["token_logprobs"]
    ]
    count = len(written["logprobs"]["tokens"])

    assert read["top_logprobs"] is None
    assert read["tokens"][-count:] == written["logprobs"]["tokens"]
    for one, two in zip(
        read["token_logprobs"][-count:], written["logprobs"]["token_logprobs"], strict=True
    ):
        assert math.isclose(one, two, abs_tol=0.02)
    assert streamed == read["token_logprobs"]


def test_offsets_count_on_from_chunk_to_chunk(openai_server: Running) -> None:
    """They are places in the whole text."""
    fields = {"logprobs": 1, "echo": True}
    whole = complete(openai_server, **fields).json["choices"][0]["logprobs"]
    events = complete(openai_server, **fields, stream=True).events
    parts = [event["choices"][0]["logprobs"] for event in events]
    joined = {
        name: list(itertools.chain.from_iterable(part[name] for part in parts if part))
        for name in whole
    }

    assert joined == whole


def test_the_best_of_several_is_the_likeliest(openai_server: Running) -> None:
    """Of the same texts that n would give, those with the highest mean; all are counted."""
    fields = {"temperature": 1, "seed": 5, "logprobs": 0, "prompt": "Once", **ENDLESS}
    several = complete(openai_server, **fields, n=5).json
    best = complete(openai_server, **fields, best_of=5, n=2).json

    def mean(choice: Any) -> float:
        values = choice["logprobs"]["token_logprobs"]
        return float(sum(values) / len(values))

    ranked = sorted(several["choices"], key=mean, reverse=True)
    assert len({choice["text"] for choice in several["choices"]}) > 1
    assert [one["text"] for one in best["choices"]] == [one["text"] for one in ranked[:2]]
    assert [one["index"] for one in best["choices"]] == [0, 1]
    assert best["usage"] == {**several["usage"], **_cached(best)}


def _cached(answer: Any) -> dict[str, Any]:
    return {"prompt_tokens_details": answer["usage"]["prompt_tokens_details"]}


def test_nobody_who_did_not_ask_gets_log_probabilities(openai_server: Running) -> None:
    """Though the best of several needs them."""
    answer = complete(openai_server, best_of=3, temperature=1, echo=True).json

    assert answer["choices"][0]["logprobs"] is None
    assert answer["choices"][0]["text"].startswith(PROMPT)


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"best_of": 1, "n": 2}, "best_of", "at least 'n', which is 2"),
        ({"best_of": 2, "stream": True}, "best_of", "cannot be streamed"),
        ({"echo": True, "suffix": " x"}, "echo", "exclude each other"),
        ({"stream_options": {"include_usage": True}}, "stream_options", "'stream'"),
        ({"logprobs": 6}, "logprobs", "at most 5"),
    ],
)
def test_fields_that_do_not_fit_together(
    openai_server: Running, fields: dict[str, Any], param: str, words: str
) -> None:
    """Each is a 400 that says what would be right."""
    answer = complete(openai_server, **fields)

    assert answer.status == 400
    assert answer.error["param"] == param
    assert words in answer.error["message"]
