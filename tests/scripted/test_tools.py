"""Tool calls and JSON answers of the scripted server through the official client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openai import LengthFinishReasonError
from pydantic import BaseModel, Field

from .asking import WEATHER, chat, content, joined, refused, said, stream

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

PARIS = "What is the weather in Paris?"
TWO = "What is the weather in Paris and Oslo?"


def calls(answer: ChatCompletion) -> list[Any]:
    """Name and parsed arguments of every call."""
    made = answer.choices[0].message.tool_calls or []
    return [
        (call.function.name, json.loads(call.function.arguments))
        for call in made
        if call.type == "function"
    ]


def streamed_calls(chunks: list[ChatCompletionChunk]) -> list[dict[str, Any]]:
    """The calls of a stream, put together as clients do it."""
    made: list[dict[str, Any]] = []
    for chunk in chunks:
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                assert call.function is not None
                if call.index == len(made):
                    assert call.id
                    assert call.function.name
                    made.append({"name": call.function.name, "arguments": ""})
                else:
                    assert call.id is None
                    assert call.function.name is None
                made[call.index]["arguments"] += call.function.arguments or ""
    return made


def test_a_tool_is_called_when_asked_for(client: OpenAI) -> None:
    answer = chat(client, PARIS, tools=[WEATHER])

    assert answer.choices[0].finish_reason == "tool_calls"
    assert answer.choices[0].message.content is None
    assert [(name, given["city"]) for name, given in calls(answer)] == [("get_weather", "Paris")]
    assert not calls(chat(client, "Hello!", tools=[WEATHER]))


def test_two_things_take_two_calls_unless_forbidden(client: OpenAI) -> None:
    cities = [given["city"] for _, given in calls(chat(client, TWO, tools=[WEATHER]))]

    assert cities == ["Paris", "Oslo"]
    assert len(calls(chat(client, TWO, tools=[WEATHER], parallel_tool_calls=False))) == 1


def test_tool_choice_rules(client: OpenAI) -> None:
    named = {"type": "function", "function": {"name": "get_weather"}}

    assert not calls(chat(client, PARIS, tools=[WEATHER], tool_choice="none"))
    assert calls(chat(client, "Hello!", tools=[WEATHER], tool_choice="required"))
    assert calls(chat(client, "Hello!", tools=[WEATHER], tool_choice=named))
    assert refused(lambda: chat(client, PARIS, tools=[WEATHER], tool_choice="always")) == (
        400,
        "tool_choice",
    )


@pytest.mark.parametrize("question", [PARIS, TWO, "What is the weather in Zürich?"])
def test_streamed_calls_equal_whole_ones(client: OpenAI, question: str) -> None:
    chunks = stream(client, question, tools=[WEATHER], temperature=0)
    whole = calls(chat(client, question, tools=[WEATHER], temperature=0))

    assert [
        (call["name"], json.loads(call["arguments"])) for call in streamed_calls(chunks)
    ] == whole
    assert chunks[-1].choices[0].finish_reason == "tool_calls"
    assert not joined(chunks)


def test_a_limit_cuts_a_call(client: OpenAI) -> None:
    answer = chat(client, PARIS, tools=[WEATHER], max_tokens=6)
    chunks = stream(client, PARIS, tools=[WEATHER], max_tokens=6)
    assert answer.choices[0].message.tool_calls
    arguments = answer.choices[0].message.tool_calls[0].function.arguments  # type: ignore[union-attr]

    assert answer.choices[0].finish_reason == chunks[-1].choices[0].finish_reason == "length"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(arguments)


@pytest.mark.parametrize("result", ["rain", [{"type": "text", "text": "rain"}]])
def test_a_result_is_answered_in_text(client: OpenAI, result: Any) -> None:
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "get_weather", "arguments": "{not json"},
    }
    history = [*said(PARIS), {"role": "assistant", "content": None, "tool_calls": [call]}]

    def after(given: Any) -> str:
        messages = [*history, {"role": "tool", "tool_call_id": "call_1", "content": given}]
        return content(client, messages=messages, tools=[WEATHER], temperature=0)

    assert after(result) == after("rain") != after("sun")
    orphan = [*said(PARIS), {"role": "tool", "tool_call_id": "call_1", "content": "rain"}]
    assert refused(lambda: chat(client, messages=orphan)) == (400, "messages[1].tool_call_id")


def test_deprecated_functions(client: OpenAI) -> None:
    answer = chat(client, PARIS, functions=[WEATHER["function"]])

    assert answer.choices[0].finish_reason == "function_call"
    assert answer.choices[0].message.function_call
    assert json.loads(answer.choices[0].message.function_call.arguments)["city"] == "Paris"
    assert content(client, PARIS, functions=[WEATHER["function"]], function_call="none")


class Step(BaseModel):
    text: str
    weight: float = Field(ge=1, le=2)


class Plan(BaseModel):
    title: str = Field(pattern=r"^[A-Z]{2}-\d{3}$")
    steps: list[Step] = Field(min_length=1, max_length=3)
    note: str | None


@pytest.mark.parametrize("seed", range(10))
def test_json_follows_a_schema(client: OpenAI, seed: int) -> None:
    answer = client.chat.completions.parse(
        model="toy", messages=said("Plan it."), response_format=Plan, seed=seed
    )

    assert answer.choices[0].message.parsed
    with pytest.raises(LengthFinishReasonError):
        client.chat.completions.parse(
            model="toy", messages=said("Plan it."), response_format=Plan, seed=seed, max_tokens=5
        )


def test_json_mode_gives_an_object(client: OpenAI) -> None:
    mode: Any = {"response_format": {"type": "json_object"}}
    written = (
        client.completions.create(model="toy", prompt="Go on", max_tokens=99, extra_body=mode)
        .choices[0]
        .text
    )

    assert isinstance(json.loads(content(client, "Answer in JSON.", **mode)), dict)
    assert isinstance(json.loads(written), dict)
    assert set(json.loads(content(client, 'JSON with "name" and "age"', **mode))) == {"name", "age"}
    assert refused(lambda: chat(client, "Answer.", **mode)) == (400, "messages")


def test_strict_schemas_must_be_closed(client: OpenAI) -> None:
    open_schema = {
        "name": "x",
        "strict": True,
        "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
    }
    status, param = refused(
        lambda: chat(client, response_format={"type": "json_schema", "json_schema": open_schema})
    )

    assert (status, param) == (400, "response_format.json_schema.schema")
