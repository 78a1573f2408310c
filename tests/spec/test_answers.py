"""Answer schemas hold what the official library relies on, and no more."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openai.types import (
    Completion,
    CompletionChoice,
    CompletionUsage,
    CreateEmbeddingResponse,
    Embedding,
    Model,
)
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionMessageFunctionToolCall,
    ChatCompletionTokenLogprob,
    chat_completion,
    chat_completion_chunk,
)
from openai_compat.spec import Json, load_api, load_schema
from pydantic import BaseModel

MESSAGE = {"role": "assistant", "content": "Hi", "refusal": None}
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop", "logprobs": None}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
CHUNK = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}],
}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("chat_completion", ChatCompletion),
        ("chat_choice", chat_completion.Choice),
        ("chat_answer", ChatCompletionMessage),
        ("function_call", ChatCompletionMessageFunctionToolCall),
        ("token_logprob", ChatCompletionTokenLogprob),
        ("chat_completion_chunk", ChatCompletionChunk),
        ("chat_chunk_choice", chat_completion_chunk.Choice),
        ("chat_delta", chat_completion_chunk.ChoiceDelta),
        ("tool_call_delta", chat_completion_chunk.ChoiceDeltaToolCall),
        ("completion", Completion),
        ("completion_choice", CompletionChoice),
        ("usage", CompletionUsage),
        ("model", Model),
        ("embedding", Embedding),
        ("embedding_list", CreateEmbeddingResponse),
    ],
)
def test_what_is_required_is_what_the_official_library_requires(
    name: str, model: type[BaseModel]
) -> None:
    schema = load_api().objects[name]

    theirs = {key for key, field in model.model_fields.items() if field.is_required()}
    assert set(schema.get("required", [])) == theirs
    assert model.model_fields.keys() >= set(schema.get("x-recommended", []))


def changed(value: Json, path: str, new: Json) -> Json:
    """A copy with one value in it replaced, or removed if ``new`` is ``...``."""
    key, _, rest = path.partition(".")
    step: Any = int(key) if key.isdecimal() else key
    copy = value.copy()
    if rest:
        copy[step] = changed(copy[step], rest, new)
    elif new is ...:
        del copy[step]
    else:
        copy[step] = new
    return copy


def valid(name: str, value: Json) -> bool:
    return Draft202012Validator(load_schema("openai", name)).is_valid(value)


def test_a_good_answer_is_valid() -> None:
    assert valid("chat.response", CHAT)
    assert valid("chat.chunk", CHUNK)
    assert valid("error", {"error": {"message": "No", "type": "x", "param": None, "code": None}})


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("id", ""),
        ("id", ...),
        ("created", "1"),
        ("created", 1.5),
        ("object", "chat.completion.chunk"),
        ("model", None),
        ("choices", None),
        ("choices", []),
        ("choices.0.index", "0"),
        ("choices.0.finish_reason", ""),
        ("choices.0.finish_reason", "load"),
        ("choices.0.finish_reason", None),
        ("choices.0.message", None),
        ("choices.0.message.role", "user"),
        ("choices.0.message.content", ["Hi"]),
        ("choices.0.message.tool_calls", [{"id": "1", "type": "function"}]),
        ("usage.total_tokens", ...),
        ("usage.prompt_tokens", -1),
    ],
)
def test_a_broken_chat_completion_is_not_valid(path: str, new: Json) -> None:
    assert not valid("chat.response", changed(CHAT, path, new))


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("usage", None),
        ("usage", ...),
        ("choices.0.logprobs", ...),
        ("choices.0.message.refusal", ...),
        ("choices.0.message.content", None),
        ("choices.0.message.tool_calls", []),
        ("system_fingerprint", None),
        ("of_another_server", {"timings": 1}),
    ],
)
def test_a_sparse_chat_completion_is_valid(path: str, new: Json) -> None:
    assert valid("chat.response", changed(CHAT, path, new))


def test_arguments_of_a_tool_call_are_a_string() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}

    assert valid("chat.response", changed(CHAT, "choices.0.message.tool_calls", [call]))

    call["function"] = {"name": "f", "arguments": {}}
    assert not valid("chat.response", changed(CHAT, "choices.0.message.tool_calls", [call]))


@pytest.mark.parametrize(
    ("path", "new", "good"),
    [
        ("choices", [], True),
        ("usage", None, True),
        ("choices.0.finish_reason", "stop", True),
        ("choices.0.finish_reason", "eos", False),
        ("choices.0.delta", {}, True),
        ("choices.0.delta", ..., False),
        ("choices.0.delta.role", "bot", False),
        ("choices.0.delta.tool_calls", [{"index": 0}], True),
        ("choices.0.delta.tool_calls", [{"id": "1"}], False),
        ("object", "chat.completion", False),
    ],
)
def test_a_chunk_is_a_chunk(path: str, new: Json, good: bool) -> None:  # noqa: FBT001 - a column of the table
    assert valid("chat.chunk", changed(CHUNK, path, new)) is good


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("models.response", {"object": "list", "data": []}, True),
        ("models.response", {"object": "list", "data": None}, False),
        ("model.response", {"id": "m", "object": "model", "created": 1}, False),
        ("error", {"error": "no such model"}, False),
        ("error", {"detail": "no such model"}, False),
        ("error", {"error": {"message": "No", "type": "x", "code": 404}}, False),
        ("error", {"error": {"message": "No", "type": "x"}}, True),
    ],
)
def test_other_answers(name: str, value: Json, good: bool) -> None:  # noqa: FBT001 - a column of the table
    assert valid(name, value) is good


@pytest.mark.parametrize(
    ("vector", "good"),
    [([0.5, -1], True), ("AAAAPw==", True), ([], False), ("", False), (["0.5"], False)],
)
def test_a_vector_is_a_list_of_numbers_or_base64(vector: Json, good: bool) -> None:  # noqa: FBT001 - a column of the table
    item = {"object": "embedding", "index": 0, "embedding": vector}
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = {"object": "list", "data": [item], "model": "m", "usage": usage}

    assert valid("embeddings.response", answer) is good
