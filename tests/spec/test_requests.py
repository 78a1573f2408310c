"""Request schemas accept what a profile allows, refuse the rest, and point at what is wrong."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from openai_compat.spec import Json, load_schema

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4"
    "z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
PLACE = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


def wrong(profile: str, endpoint: str, body: Json) -> str | None:
    """The path of what is wrong with a body, or None."""
    schema = load_schema(profile, f"{endpoint}.request")
    error = best_match(Draft202012Validator(schema).iter_errors(body))
    return None if error is None else error.json_path


def chat(*messages: Json, **more: Json) -> Json:
    return {"model": "llama3.2", "messages": list(messages), **more}


def user(content: Json) -> Json:
    return {"role": "user", "content": content}


def picture(image_url: Json) -> Json:
    text = {"type": "text", "text": "What's in this image?"}
    return chat(user([text, {"type": "image_url", "image_url": image_url}]))


# The bodies of the Ollama page: C6, C7, C13, C20, C21, C22, C25, with a smaller picture.
OF_THE_PAGE: list[tuple[str, Json]] = [
    ("chat", chat(user("Say this is a test"))),
    ("chat", picture(PNG) | {"model": "llava", "max_tokens": 300}),
    ("chat", picture({"url": PNG}) | {"model": "llava", "max_tokens": 300}),
    ("chat", chat({"role": "system", "content": "You are helpful."}, user("Hello!"))),
    ("completions", {"model": "llama3.2", "prompt": "Say this is a test"}),
    ("embeddings", {"model": "all-minilm", "input": ["why is the sky blue?", "and the grass?"]}),
]


@pytest.mark.parametrize(("endpoint", "body"), OF_THE_PAGE)
def test_the_requests_of_the_page_are_valid_under_ollama(endpoint: str, body: Json) -> None:
    assert wrong("ollama", endpoint, body) is None


GOOD: list[tuple[str, Json]] = [
    ("chat", picture({"url": f"data:image/png;base64,{PNG}", "detail": "low"})),
    ("chat", chat({"role": "developer", "content": "Be brief."}, user("Hello!"))),
    ("chat", chat({"role": "assistant", "content": ""}, user("Go on."))),
    ("chat", chat({"role": "assistant", "content": None, "tool_calls": [CALL]})),
    ("chat", chat({"role": "assistant", "tool_calls": [CALL]})),
    ("chat", chat({"role": "assistant", "content": "Hi", "tool_calls": None, "refusal": None})),
    ("chat", chat({"role": "tool", "tool_call_id": "call_1", "content": "12 degrees"})),
    ("chat", chat(user("Hi"), temperature=None, n=1, stream=False, stop=None, logit_bias=None)),
    (
        "chat",
        chat(user("Hi"), stop="."),
    ),
    (
        "chat",
        chat(user("Hi"), stop=[".", "!"], stream=True, stream_options={"include_usage": True}),
    ),
    ("chat", chat(user("Hi"), response_format={"type": "json_object"})),
    ("chat", chat(user("Hi"), tools=[{"type": "function", "function": {"name": "weather"}}])),
    ("chat", chat(user("Hi"), field_of_another_server=1)),
    ("completions", {"model": "m", "prompt": None, "suffix": "end", "max_tokens": 0}),
    ("embeddings", {"model": "m", "input": "a", "encoding_format": "base64"}),
]


@pytest.mark.parametrize(("endpoint", "body"), GOOD)
@pytest.mark.parametrize("profile", ["ollama", "openai"])
def test_a_good_request_is_valid(profile: str, endpoint: str, body: Json) -> None:
    assert wrong(profile, endpoint, body) is None


BAD: list[tuple[str, Json, str]] = [
    ("chat", 5, "$"),
    ("chat", {"messages": [user("Hi")]}, "$"),
    ("chat", chat(), "$.messages"),
    ("chat", chat({"content": "Hi"}), "$.messages[0]"),
    ("chat", chat(user("Hi"), {"role": "robot", "content": "Hi"}), "$.messages[1].role"),
    ("chat", chat(user(5)), "$.messages[0].content"),
    ("chat", chat(user([])), "$.messages[0].content"),
    ("chat", chat(user([{"type": "text", "text": 4}])), "$.messages[0].content[0].text"),
    ("chat", chat(user([{"type": "video"}])), "$.messages[0].content[0].type"),
    ("chat", picture({"url": 5}), "$.messages[0].content[1].image_url.url"),
    ("chat", chat({"role": "assistant", "content": None}), "$.messages[0].content"),
    ("chat", chat({"role": "assistant"}), "$.messages[0]"),
    ("chat", chat({"role": "assistant", "tool_calls": []}), "$.messages[0]"),
    (
        "chat",
        chat(
            {
                "role": "assistant",
                "tool_calls": [CALL | {"function": {"name": "f", "arguments": {}}}],
            }
        ),
        "$.messages[0].tool_calls[0].function.arguments",
    ),
    ("chat", chat({"role": "tool", "content": "12"}), "$.messages[0]"),
    ("chat", chat(user("Hi"), temperature=2.1), "$.temperature"),
    ("chat", chat(user("Hi"), temperature="hot"), "$.temperature"),
    ("chat", chat(user("Hi"), top_p=-0.1), "$.top_p"),
    ("chat", chat(user("Hi"), presence_penalty=3), "$.presence_penalty"),
    ("chat", chat(user("Hi"), max_tokens=0), "$.max_tokens"),
    ("chat", chat(user("Hi"), max_tokens=True), "$.max_tokens"),
    ("chat", chat(user("Hi"), max_completion_tokens=1.5), "$.max_completion_tokens"),
    ("chat", chat(user("Hi"), seed=2**63), "$.seed"),
    ("chat", chat(user("Hi"), stream="yes"), "$.stream"),
    ("chat", chat(user("Hi"), stop=["a"] * 5), "$.stop"),
    ("chat", chat(user("Hi"), stop=[1]), "$.stop[0]"),
    (
        "chat",
        chat(user("Hi"), stream_options={"include_usage": 1}),
        "$.stream_options.include_usage",
    ),
    ("chat", chat(user("Hi"), response_format={"type": "xml"}), "$.response_format.type"),
    ("chat", chat(user("Hi"), response_format={"type": "json_schema"}), "$.response_format"),
    (
        "chat",
        chat(user("Hi"), response_format={"type": "json_schema", "json_schema": {"name": "a b"}}),
        "$.response_format.json_schema.name",
    ),
    ("chat", chat(user("Hi"), tools=[{"type": "function"}]), "$.tools[0]"),
    (
        "chat",
        chat(user("Hi"), tools=[{"type": "function", "function": {"name": "a" * 65}}]),
        "$.tools[0].function.name",
    ),
    ("completions", {"model": "m"}, "$"),
    ("completions", {"model": "m", "prompt": {"text": "Hi"}}, "$.prompt"),
    ("completions", {"model": "m", "prompt": "Hi", "max_tokens": -1}, "$.max_tokens"),
    ("embeddings", {"model": "m", "input": []}, "$.input"),
    ("embeddings", {"model": "m", "input": ""}, "$.input"),
    ("embeddings", {"model": "m", "input": None}, "$.input"),
    ("embeddings", {"model": "", "input": "a"}, "$.model"),
]


@pytest.mark.parametrize(("endpoint", "body", "path"), BAD)
@pytest.mark.parametrize("profile", ["ollama", "openai"])
def test_what_is_wrong_is_pointed_at(profile: str, endpoint: str, body: Json, path: str) -> None:
    assert wrong(profile, endpoint, body) == path


# What one profile accepts and the other refuses: the path where ollama and openai refuse it.
DIFFERENT: list[tuple[str, Json, str | None, str | None]] = [
    ("chat", picture(PNG), None, "$.messages[0].content[1].image_url"),
    ("chat", picture({"url": PNG}), None, "$.messages[0].content[1].image_url.url"),
    (
        "chat",
        picture({"url": "https://example.com/a.png"}),
        "$.messages[0].content[1].image_url.url",
        None,
    ),
    (
        "chat",
        chat(user([{"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}])),
        "$.messages[0].content[0].type",
        None,
    ),
    ("chat", chat(user("Hi"), n=0), None, "$.n"),
    ("chat", chat(user("Hi"), tool_choice="maybe"), None, "$.tool_choice"),
    ("chat", chat(user("Hi"), logit_bias={"1": 101}), None, "$.logit_bias['1']"),
    ("chat", chat(user("Hi"), top_logprobs=21), None, "$.top_logprobs"),
    ("chat", chat(user("Hi"), metadata={"a": 1}), None, "$.metadata.a"),
    ("chat", chat(user("Hi"), tools=[{"type": "custom"}]), None, "$.tools[0]"),
    ("completions", {"model": "m", "prompt": ["a", "b"]}, "$.prompt", None),
    ("completions", {"model": "m", "prompt": [1, 2]}, "$.prompt", None),
    ("completions", {"model": "m", "prompt": [[1], [2]]}, "$.prompt", None),
    ("completions", {"model": "m", "prompt": "a", "best_of": 21}, None, "$.best_of"),
    ("completions", {"model": "m", "prompt": "a", "logprobs": 6}, None, "$.logprobs"),
    (
        "completions",
        {"model": "m", "prompt": "a", "response_format": {"type": "xml"}},
        "$.response_format.type",
        None,
    ),
    ("embeddings", {"model": "m", "input": [1, 2]}, "$.input[0]", None),
    ("embeddings", {"model": "m", "input": [[1], [2]]}, "$.input[0]", None),
    (
        "embeddings",
        {"model": "m", "input": "a", "encoding_format": "hex"},
        None,
        "$.encoding_format",
    ),
    ("embeddings", {"model": "m", "input": "a", "dimensions": 0}, None, "$.dimensions"),
    ("embeddings", {"model": "m", "input": "a", "inputs": "a"}, None, "$"),
]


@pytest.mark.parametrize(("endpoint", "body", "ollama", "openai"), DIFFERENT)
def test_profiles_differ_where_their_documents_do(
    endpoint: str, body: Json, ollama: str | None, openai: str | None
) -> None:
    assert wrong("ollama", endpoint, body) == ollama
    assert wrong("openai", endpoint, body) == openai


def alternatives(schema: Any) -> list[str]:
    return [option["title"] for option in schema["anyOf"]]


def test_titles_say_which_forms_a_profile_takes() -> None:
    ollama = load_schema("ollama", "chat.request")["$defs"]["image_source"]
    openai = load_schema("openai", "chat.request")["$defs"]["image_source"]

    assert alternatives(ollama) == ["a data URI with base64", "base64 without a prefix"]
    assert alternatives(openai) == ["a data URI with base64", "an http or https address"]
