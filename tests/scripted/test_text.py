"""Plain answers of the scripted server, whole and streamed, through the official client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .asking import chat, content, joined, stream

if TYPE_CHECKING:
    from openai import OpenAI


def test_greedy_answers_are_a_function_of_the_request(client: OpenAI) -> None:
    assert (
        content(client, temperature=0) == content(client, temperature=0) == content(client, top_p=0)
    )
    assert (
        content(client, temperature=0)
        == content(client, top_p=1e-6)
        == content(client, [{"type": "text", "text": "Tell me a story."}], temperature=0)
    )
    assert content(client, temperature=0) != content(client, "Tell me another.", temperature=0)


@pytest.mark.parametrize("number", range(20))
def test_answers_end_by_themselves(client: OpenAI, number: int) -> None:
    answer = chat(client, f"Question {number}?", temperature=0)

    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert 29 < answer.usage.completion_tokens < 62


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_the_limit_is_exact_and_cuts_no_character(client: OpenAI, field: str, limit: int) -> None:
    whole = content(client, "Only emoji 😀", temperature=0)
    answer = chat(client, "Only emoji 😀", temperature=0, **{field: limit})
    text = answer.choices[0].message.content or ""

    assert whole.startswith(text)
    assert "\ufffd" not in whole
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == limit


def test_some_limits_fall_inside_a_character(client: OpenAI) -> None:
    lengths = {
        len(content(client, "Only emoji 😀", temperature=0, max_tokens=limit)) for limit in (1, 2)
    }

    assert 0 in lengths


def test_seeds_fix_chance_and_temperature_widens_it(client: OpenAI) -> None:
    assert content(client, seed=7) == content(client, seed=7) != content(client, seed=8)
    assert content(client) != content(client)
    assert (
        len({content(client, max_tokens=4, temperature=0.1, seed=seed) for seed in range(12)}) < 4
    )
    assert len({content(client, max_tokens=4, temperature=2, seed=seed) for seed in range(12)}) > 8


@pytest.mark.parametrize("penalty", ["frequency_penalty", "presence_penalty"])
def test_penalties_change_how_often_words_repeat(client: OpenAI, penalty: str) -> None:
    def variety(value: float) -> float:
        words = content(client, temperature=0, max_tokens=40, **{penalty: value}).split()
        return len(set(words)) / len(words)

    assert variety(-2) < variety(0) < variety(2)


def test_logit_bias_bans_and_forces(client: OpenAI) -> None:
    assert content(client, temperature=0, max_tokens=3, logit_bias={"5": 100}) == " in in in"
    usual = content(client, temperature=0).split()
    assert "the" in usual
    assert "the" not in content(client, temperature=0, logit_bias={"0": -100}).split()


def test_choices_differ_unless_greedy(client: OpenAI) -> None:
    answer = chat(client, n=3, seed=1)
    texts = [choice.message.content for choice in answer.choices]

    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert len(set(texts)) == 3
    assert texts[0] == content(client, seed=1)


@pytest.mark.parametrize("cut", range(1, 30, 3))
def test_stop_strings_are_found_anywhere_and_never_leak(client: OpenAI, cut: int) -> None:
    whole = content(client, temperature=0)
    stop = whole[cut : cut + 6]
    expected = whole[: whole.index(stop)]
    answer = chat(client, temperature=0, stop=[stop, "never said"])
    chunks = stream(client, temperature=0, stop=stop)

    assert answer.choices[0].message.content == expected == joined(chunks)
    assert answer.choices[0].finish_reason == chunks[-1].choices[0].finish_reason == "stop"


def test_a_begun_stop_string_is_released_if_it_does_not_come(client: OpenAI) -> None:
    whole = content(client, temperature=0)

    assert joined(stream(client, temperature=0, stop=whole[-1] + "and more")) == whole


def test_a_stream_has_the_order_of_openai(client: OpenAI) -> None:
    chunks = stream(client, temperature=0, n=2, stream_options={"include_usage": True})
    usage = chat(client, temperature=0, n=2).usage

    assert joined(chunks, 0) == joined(chunks, 1) == content(client, temperature=0)
    assert [chunk.choices[0].delta.role for chunk in chunks[:3]] == ["assistant", "assistant", None]
    assert len({(chunk.id, chunk.created) for chunk in chunks}) == 1
    assert chunks[-1].choices == []
    assert chunks[-1].usage == usage
    assert all("usage" in chunk.model_fields_set and chunk.usage is None for chunk in chunks[:-1])
    ends = [chunk for chunk in chunks[:-1] if chunk.choices[0].finish_reason]
    assert [
        choice.delta.model_dump(exclude_unset=True) for chunk in ends for choice in chunk.choices
    ] == [{}, {}]


def test_without_include_usage_chunks_have_no_usage(client: OpenAI) -> None:
    assert all("usage" not in chunk.model_fields_set for chunk in stream(client, stream_options={}))


def test_chat_logprobs_spell_the_answer(client: OpenAI) -> None:
    answer = chat(client, "Only emoji 😀", temperature=0, logprobs=True, top_logprobs=3)
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content is not None
    spelt = b"".join(bytes(token.bytes or []) for token in logprobs.content)
    streamed = [
        token
        for chunk in stream(client, "Only emoji 😀", temperature=0, logprobs=True, top_logprobs=3)
        for choice in chunk.choices
        for token in (choice.logprobs.content or [] if choice.logprobs else [])
    ]

    assert spelt.decode() == answer.choices[0].message.content
    assert [token.top_logprobs[0].logprob for token in logprobs.content] == [
        one.logprob for one in logprobs.content
    ]
    assert {len(token.top_logprobs) for token in logprobs.content} == {3}
    assert streamed == logprobs.content


def test_every_message_and_its_role_matter(client: OpenAI) -> None:
    user = {"role": "user", "content": "Hello"}
    histories = [
        [user],
        [{"role": "system", "content": "Be brief"}, user],
        [{"role": "user", "content": "Be brief"}, user],
        [user, {"role": "assistant", "content": "Hi"}, user],
        [user, {"role": "assistant", "content": ""}, user],
    ]
    texts = [content(client, messages=messages, temperature=0) for messages in histories]
    developer = [{"role": "developer", "content": "Be brief"}, user]

    assert len(set(texts)) == len(histories)
    assert content(client, messages=developer, temperature=0) == texts[1]


def test_longer_prompts_cost_more(client: OpenAI) -> None:
    costs = [chat(client, "word " * size, max_tokens=1).usage for size in (1, 10, 100)]
    tokens = [usage.prompt_tokens for usage in costs if usage]

    assert tokens == sorted(set(tokens))
