"""Whole answers and streams, by the official client and by their schemas."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from jsonschema import Draft202012Validator
from openai_compat.spec import load_schema

from .running import Running

ENDLESS = {"logit_bias": {"2": -100}}
COLOURS = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer", "maximum": 9}},
    "required": ["colour", "count"],
    "additionalProperties": False,
}


def fits(name: str, value: Any) -> None:
    """Hold an answer against its generated schema."""
    Draft202012Validator(dict(load_schema("ollama", name))).validate(value)


def text_of(events: list[Any]) -> str:
    """The content of a stream's first choice."""
    return "".join(
        event["choices"][0]["delta"].get("content") or "" for event in events if event["choices"]
    )


def test_a_chat_answer_fits_its_schema(server: Running) -> None:
    """With usage that adds up, and the model's name as it was sent."""
    answer = server.chat(max_tokens=9, seed=1).json

    fits("chat.response", answer)
    assert answer["model"] == "llama3.2"
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + 9
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["choices"][0]["message"]["refusal"] is None


def test_a_stream_has_openais_order(server: Running) -> None:
    """Role, content, finish with an empty delta, usage, [DONE]; one id, one created."""
    options = {"include_usage": True}
    events = server.chat(max_tokens=9, seed=1, stream=True, stream_options=options).events

    for event in events:
        fits("chat.chunk", event)
    assert len({(event["id"], event["created"], event["model"]) for event in events}) == 1
    deltas = [event["choices"][0]["delta"] for event in events[:-1]]
    assert deltas[0]["role"] == "assistant"
    assert all("role" not in delta for delta in deltas[1:])
    assert deltas[-1] == {}
    assert events[-2]["choices"][0]["finish_reason"] == "length"
    assert events[-1]["choices"] == []
    assert events[-1]["usage"]["completion_tokens"] == 9
    assert all(event["usage"] is None for event in events[:-1])


def test_a_stream_without_options_has_no_usage(server: Running) -> None:
    """Neither a key nor a chunk without choices."""
    events = server.chat(max_tokens=3, stream=True).events

    assert all("usage" not in event and event["choices"] for event in events)


def test_a_stream_is_the_whole_answer(server: Running) -> None:
    """For the same seed."""
    whole = server.chat(max_tokens=30, seed=4).json["choices"][0]["message"]["content"]
    streamed = text_of(server.chat(max_tokens=30, seed=4, stream=True).events)

    assert streamed == whole


def test_completions_in_both_ways(server: Running) -> None:
    """A text, a stream of it, and JSON mode."""
    body = {"model": "llama3.2", "prompt": "Once", "max_tokens": 12, "seed": 3}
    whole = server.send("POST", "/v1/completions", body)
    events = server.send("POST", "/v1/completions", {**body, "stream": True}).events
    form = {"response_format": {"type": "json_object"}}
    json_mode = server.send("POST", "/v1/completions", {**body, **form})

    fits("completions.response", whole.json)
    for event in events:
        fits("completions.chunk", event)
    assert "".join(e["choices"][0]["text"] for e in events) == whole.json["choices"][0]["text"]
    assert json_mode.json["choices"][0]["text"].lstrip().startswith("{")


def test_suffix_fills_the_gap(server: Running) -> None:
    """The suffix is part of the prompt, behind the model's own tokens."""
    body = {"model": "llama3.2", "prompt": "tea = 7\nprint(", "temperature": 0}
    without = server.send("POST", "/v1/completions", body).json
    filled = server.send("POST", "/v1/completions", {**body, "suffix": ")\n"}).json

    assert filled["usage"]["prompt_tokens"] == without["usage"]["prompt_tokens"] + 3 + 2
    assert filled["choices"][0]["text"] == "tea"


def test_a_schema_is_followed(client: openai.OpenAI) -> None:
    """Every answer parses and validates, at a high temperature."""
    form: Any = {"type": "json_schema", "json_schema": {"name": "colours", "schema": COLOURS}}
    for seed in range(5):
        answer = client.chat.completions.create(
            model="llama3.2",
            messages=[{"role": "user", "content": "colours?"}],
            response_format=form,
            temperature=2,
            seed=seed,
        )
        Draft202012Validator(COLOURS).validate(json.loads(answer.choices[0].message.content or ""))


def test_ignored_fields_are_named(server: Running) -> None:
    """Those that were used with effect elsewhere, and those that nobody knows."""
    answer = server.chat(max_tokens=1, n=3, user="me", logprobs=False, banana=1, temperature=None)

    assert answer.headers["openai-compat-ignored"] == "n, user, banana"
    assert len(answer.json["choices"]) == 1


def test_neutral_and_null_values_change_nothing(server: Running) -> None:
    """The same text, and no header."""
    plain = server.chat(max_tokens=8, seed=1)
    neutral = server.chat(
        max_tokens=8, seed=1, n=1, logit_bias={}, top_p=1, stop=None, tools=None or []
    )

    assert (
        plain.json["choices"][0]["message"]["content"]
        == (neutral.json["choices"][0]["message"]["content"])
    )
    assert "openai-compat-ignored" not in plain.headers


def test_an_integer_may_be_written_with_a_point(server: Running) -> None:
    """JSON has only one kind of number."""
    body = b'{"model":"tiny","prompt":"x","max_tokens":2.0,"seed":-5.0,"temperature":1}'
    answer = server.send("POST", "/v1/completions", body)

    assert answer.json["usage"]["completion_tokens"] == 2


def test_embeddings_of_one_and_several(client: openai.OpenAI) -> None:
    """In order, the same alone and among others, each of length 1."""
    texts = ["why is the sky blue?", "why is the grass green?"]
    both = client.embeddings.create(model="all-minilm", input=texts)
    first = client.embeddings.create(model="all-minilm", input=texts[0])

    assert [item.index for item in both.data] == [0, 1]
    assert both.data[0].embedding == pytest.approx(first.data[0].embedding, abs=1e-6)
    assert both.data[0].embedding != both.data[1].embedding
    assert sum(value**2 for value in first.data[0].embedding) == pytest.approx(1, abs=1e-4)
    assert both.usage.prompt_tokens == both.usage.total_tokens > first.usage.prompt_tokens


def test_models_are_listed_and_retrieved(client: openai.OpenAI) -> None:
    """Listed with the tag, retrieved under the name that was asked for; names with a slash too."""
    listed = {model.id: model for model in client.models.list()}
    one = client.models.retrieve("llama3.2")
    own = client.models.retrieve("user/own:v1")

    assert {"tiny:latest", "llama3.2:latest", "llava:latest", "all-minilm:latest"} <= set(listed)
    assert one.id == "llama3.2"
    assert (one.created, one.owned_by) == (listed["llama3.2:latest"].created, "library")
    assert own == listed["user/own:v1"]
    assert own.owned_by == "user"
