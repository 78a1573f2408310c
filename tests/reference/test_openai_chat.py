"""Chat under the profile ``openai``: functions of old, who may be called, what is not here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from .running import Running


def function(name: str) -> dict[str, Any]:
    """A function with one text parameter."""
    text = {"type": "string"}
    schema = {"type": "object", "properties": {"city": text}, "required": ["city"]}
    return {"name": name, "description": name.replace("_", " "), "parameters": schema}


FUNCTIONS = [function("get_weather"), function("get_time")]
TOOLS = [{"type": "function", "function": one} for one in FUNCTIONS]
ASK = {"model": "tiny", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}
STREAM = {"stream": True, "stream_options": {"include_usage": True}}


def test_functions_are_called_as_before_there_were_tools(openai_server: Running) -> None:
    """In ``function_call``, with the finish_reason of the same name."""
    fields = {**ASK, "functions": FUNCTIONS, "function_call": {"name": "get_time"}}
    choice = openai_server.chat(**fields).json["choices"][0]
    deltas = [event["choices"][0] for event in openai_server.chat(**fields, **STREAM).events[:-1]]
    calls = [one["delta"]["function_call"] for one in deltas if "function_call" in one["delta"]]

    assert choice["message"]["function_call"]["name"] == "get_time"
    assert set(json.loads(choice["message"]["function_call"]["arguments"])) == {"city"}
    assert choice["message"]["content"] is None
    assert "tool_calls" not in choice["message"]
    assert choice["finish_reason"] == deltas[-1]["finish_reason"] == "function_call"
    assert calls[0]["name"] == "get_time"
    assert json.loads("".join(call["arguments"] for call in calls))


def test_functions_can_be_left_alone(openai_server: Running) -> None:
    """With ``none`` the model does not even see them."""
    fields = {**ASK, "functions": FUNCTIONS, "function_call": "none", "max_tokens": 5}
    with_none = openai_server.chat(**fields).json
    plain = openai_server.chat(**ASK, max_tokens=5).json

    assert with_none["usage"]["prompt_tokens"] == plain["usage"]["prompt_tokens"]


def test_the_result_of_a_function_is_read(openai_server: Running) -> None:
    """The past of functions is the same prompt as that of tools."""
    call = {"name": "get_weather", "arguments": '{"city": "Rome"}'}
    older = [
        *ASK["messages"],
        {"role": "assistant", "content": None, "function_call": call},
        {"role": "function", "name": "get_weather", "content": "sunny"},
    ]
    newer = [
        *ASK["messages"],
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "sunny"},
    ]
    fields = {"model": "tiny", "temperature": 0, "max_tokens": 20}
    one = openai_server.chat(**fields, messages=older, functions=FUNCTIONS).json
    two = openai_server.chat(**fields, messages=newer, tools=TOOLS).json

    assert one["choices"][0]["message"]["content"] == two["choices"][0]["message"]["content"]
    assert one["usage"]["prompt_tokens"] == two["usage"]["prompt_tokens"]
    assert "sunny" in one["choices"][0]["message"]["content"]


@pytest.mark.parametrize("name", ["get_weather", "get_time"])
def test_only_an_allowed_tool_is_called(openai_server: Running, name: str) -> None:
    """All are in the prompt, and only those that are allowed can be called."""
    allowed = [{"type": "function", "function": {"name": name}}]
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": allowed}}
    answer = openai_server.chat(**ASK, tools=TOOLS, tool_choice=choice).json
    usual = openai_server.chat(**ASK, tools=TOOLS).json

    calls = answer["choices"][0]["message"]["tool_calls"]
    assert {call["function"]["name"] for call in calls} == {name}
    assert answer["usage"]["prompt_tokens"] == usual["usage"]["prompt_tokens"]


@pytest.mark.parametrize("seed", range(4))
def test_no_second_call_without_parallel_ones(openai_server: Running, seed: int) -> None:
    """However hot the sampling is."""
    fields = {**ASK, "tools": TOOLS, "tool_choice": "required", "temperature": 2, "seed": seed}
    answer = openai_server.chat(**fields, parallel_tool_calls=False, max_tokens=400).json
    choice = answer["choices"][0]

    assert len(choice["message"].get("tool_calls") or ()) <= 1
    assert choice["finish_reason"] == "length" or choice["message"]["tool_calls"]


def test_what_has_no_effect_is_named(openai_server: Running) -> None:
    """In a header, while the answer names the only tier there is."""
    fields = {"metadata": {"a": "b"}, "verbosity": "low", "service_tier": "flex", "store": True}
    answer = openai_server.chat(**ASK, max_tokens=3, **fields)
    events = openai_server.chat(**ASK, max_tokens=3, service_tier="auto", stream=True).events

    named = answer.headers["openai-compat-ignored"].split(", ")
    assert sorted(named) == ["metadata", "store", "verbosity"]
    assert answer.json["service_tier"] == "default"
    assert {event["service_tier"] for event in events} == {"default"}


def test_several_choices_share_a_seed_and_differ(openai_server: Running) -> None:
    """The first is what the seed gives alone."""
    fields = {**ASK, "seed": 3, "temperature": 2, "max_tokens": 12}
    three = openai_server.chat(**fields, n=3).json["choices"]
    alone = openai_server.chat(**fields).json["choices"][0]

    texts = [choice["message"]["content"] for choice in three]
    assert len(set(texts)) > 1
    assert texts[0] == alone["message"]["content"]


def part(value: dict[str, Any]) -> dict[str, Any]:
    """Fields with one message of one part."""
    return {"messages": [{"role": "user", "content": [value]}]}


def schema(**keywords: Any) -> dict[str, Any]:
    """Fields with a strict schema: an object of one text, but for the keywords."""
    usual = {
        "type": "object",
        "properties": {"a": {"type": "string", "maxLength": 5}},
        "required": ["a"],
        "additionalProperties": False,
    }
    named = {"name": "x", "strict": True, "schema": usual | keywords}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def test_a_strict_schema_is_followed(openai_server: Running) -> None:
    """With definitions that name themselves, at any temperature; cut ones say so."""
    node = {
        "type": "object",
        "properties": {
            "v": {"enum": [1, 2]},
            "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        },
        "required": ["v", "next"],
        "additionalProperties": False,
    }
    fields = schema(properties={"a": {"$ref": "#/$defs/node"}}, **{"$defs": {"node": node}})
    wanted = fields["response_format"]["json_schema"]["schema"]
    for seed in range(5):
        choice = openai_server.chat(
            **ASK, **fields, temperature=1.5, seed=seed, max_tokens=200
        ).json["choices"][0]
        if choice["finish_reason"] == "stop":
            Draft202012Validator(wanted).validate(json.loads(choice["message"]["content"]))
        else:
            assert choice["finish_reason"] == "length"


CUSTOM = {"type": "custom", "custom": {"name": "shell"}}
MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "open object": (
        schema(additionalProperties=True),
        "response_format.json_schema.schema",
        "'additionalProperties' has to be false",
    ),
    "optional key": (
        schema(properties={"a": {"type": "object", "properties": {"b": {}}}}),
        "response_format.json_schema.schema",
        "'properties.a'",
    ),
    "other keyword": (
        schema(properties={"a": {"oneOf": [{"type": "string"}]}}),
        "response_format.json_schema.schema",
        "'oneOf' is not permitted",
    ),
    "strict function": (
        {
            "tools": [
                {"type": "function", "function": {**FUNCTIONS[0], "strict": True}},
            ]
        },
        "tools[0].function.parameters",
        "'additionalProperties'",
    ),
    "unknown keyword": (
        schema(properties={"a": {"type": "array", "uniqueItems": True}}),
        "response_format",
        "uniqueItems",
    ),
    "sound": (
        part({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}),
        "messages[0].content[0].type",
        "text part",
    ),
    "file": (part({"type": "file", "file": {}}), "messages[0].content[0].type", "text part"),
    "address": (
        part({"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}),
        "messages[0].content[0].image_url",
        "base64",
    ),
    "custom tool": ({"tools": [CUSTOM]}, "tools[0].type", "a function"),
    "custom choice": ({"tools": TOOLS, "tool_choice": CUSTOM}, "tool_choice.type", "a function"),
    "unknown choice": (
        {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "x"}}},
        "tool_choice.function.name",
        "'x'",
    ),
    "unknown function": (
        {"functions": FUNCTIONS, "function_call": {"name": "x"}},
        "function_call.name",
        "'x'",
    ),
    "bad function": (
        {"functions": [{"name": "f", "parameters": {"type": 7}}]},
        "functions[0].parameters",
        "JSON Schema",
    ),
    "unknown allowed": (
        {
            "tools": TOOLS,
            "tool_choice": {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "auto",
                    "tools": [{"type": "function", "function": {"name": "x"}}],
                },
            },
        },
        "tool_choice.allowed_tools.tools",
        "'x'",
    ),
    "nothing allowed": (
        {
            "tools": TOOLS,
            "tool_choice": {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": []},
            },
        },
        "tool_choice.allowed_tools.tools",
        "'none'",
    ),
    "nameless allowed": (
        {
            "tools": TOOLS,
            "tool_choice": {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function"}]},
            },
        },
        "tool_choice.allowed_tools.tools[0]",
        '"function": {"name": …}',
    ),
    "broken strict schema": (
        schema(required=5),
        "response_format.json_schema.schema",
        "is not a JSON Schema: 5",
    ),
    "broken strict properties": (
        schema(properties=7),
        "response_format.json_schema.schema",
        "is not a JSON Schema: 7",
    ),
    "choice alone": ({"tool_choice": "auto"}, "tool_choice", "'tools'"),
    "parallel alone": ({"parallel_tool_calls": False}, "parallel_tool_calls", "'tools'"),
    "call alone": ({"function_call": "auto"}, "function_call", "'functions'"),
    "old and new": ({"tools": TOOLS, "functions": FUNCTIONS}, "functions", "'tools' only"),
    "top alone": ({"top_logprobs": 2}, "top_logprobs", "'logprobs' to true"),
    "options alone": ({"stream_options": {}}, "stream_options", "'stream'"),
    "speech": ({"modalities": ["text", "audio"]}, "modalities[1]", "text"),
    "voice": ({"audio": {"voice": "x", "format": "wav"}}, "audio", "text"),
    "search": ({"web_search_options": {}}, "web_search_options", "network"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_does_not_fit_or_is_not_here_is_refused(openai_server: Running, case: str) -> None:
    """With the exact path, and a message that says what would be right."""
    fields, param, words = MISTAKES[case]
    answer = openai_server.chat(**{**ASK, **fields})

    assert answer.status == 400, answer.body
    assert answer.error["param"] == param
    assert words in answer.error["message"]
