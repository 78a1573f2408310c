"""What the official libraries build on the API: parsed answers, event streams, tool loops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
from pydantic import BaseModel

from .node import node
from .running import Running

ASK: Any = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
    "temperature": 0,
}


class Ball(BaseModel):
    """An answer of a few possible values, so that no weak model writes for ever."""

    colour: Literal["red", "blue"]
    count: Literal[1, 2, 3]


class GetWeather(BaseModel):
    """Get the weather in a city."""

    city: Literal["Paris", "Rome"]


@pytest.fixture
def sdk(openai_server: Running) -> Iterator[openai.OpenAI]:
    """The official client, without retries."""
    url = f"{openai_server.url}/v1"
    with openai.OpenAI(base_url=url, api_key="any", max_retries=0) as made:
        yield made


def test_an_answer_is_parsed_into_a_model(sdk: openai.OpenAI) -> None:
    """By the schema that Pydantic makes, with ``strict``."""
    parsed = sdk.chat.completions.parse(**ASK, response_format=Ball)

    assert isinstance(parsed.choices[0].message.parsed, Ball)


def test_a_cut_answer_is_not_parsed(sdk: openai.OpenAI) -> None:
    """The library says so by the finish_reason."""
    with pytest.raises(openai.LengthFinishReasonError):
        sdk.chat.completions.parse(**ASK, response_format=Ball, max_tokens=3)


def test_arguments_are_parsed_into_a_model(sdk: openai.OpenAI) -> None:
    """The function is made from the model, and has to be called."""
    tool = openai.pydantic_function_tool(GetWeather)
    parsed = sdk.chat.completions.parse(**ASK, tools=[tool], tool_choice="required")
    calls = parsed.choices[0].message.tool_calls

    assert calls
    assert isinstance(calls[0].function.parsed_arguments, GetWeather)


def test_a_stream_has_events(sdk: openai.OpenAI) -> None:
    """Content as it comes, then whole and parsed; then the whole completion."""
    seen = []
    with sdk.chat.completions.stream(**ASK, response_format=Ball) as stream:
        for event in stream:
            seen.append(event.type)
            if event.type == "content.done":
                assert isinstance(event.parsed, Ball)
        final = stream.get_final_completion()

    assert {"chunk", "content.delta", "content.done"} <= set(seen)
    assert isinstance(final.choices[0].message.parsed, Ball)


def test_a_stream_has_events_of_tool_calls(sdk: openai.OpenAI) -> None:
    """Arguments as they come, then whole and parsed; log-probabilities on their own."""
    tool = openai.pydantic_function_tool(GetWeather)
    seen: dict[str, Any] = {}
    with sdk.chat.completions.stream(**ASK, tools=[tool], tool_choice="required") as stream:
        for event in stream:
            seen[event.type] = event
    with sdk.chat.completions.stream(**ASK, logprobs=True, max_tokens=4) as stream:
        kinds = {event.type for event in stream}

    done = seen["tool_calls.function.arguments.done"]
    assert "tool_calls.function.arguments.delta" in seen
    assert json.loads(done.arguments)["city"] in {"Paris", "Rome"}
    assert isinstance(done.parsed_arguments, GetWeather)
    assert {"logprobs.content.delta", "logprobs.content.done"} <= kinds


def test_several_asynchronous_requests(openai_server: Running) -> None:
    """At the same time, streamed and not, with equal answers."""

    async def ask() -> list[str]:
        url = f"{openai_server.url}/v1"
        async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as made:

            async def whole() -> str:
                answer = await made.chat.completions.create(**ASK, max_tokens=20)
                return answer.choices[0].message.content or ""

            async def streamed() -> str:
                text = ""
                async for chunk in await made.chat.completions.create(
                    **ASK, max_tokens=20, stream=True
                ):
                    text += chunk.choices[0].delta.content or ""
                return text

            return list(await asyncio.gather(whole(), streamed(), whole(), streamed()))

    assert len(set(asyncio.run(ask()))) == 1


def test_raw_responses(sdk: openai.OpenAI) -> None:
    """The headers beside the parsed answer, whole and streamed."""
    raw = sdk.chat.completions.with_raw_response.create(**ASK, max_tokens=3)
    with sdk.chat.completions.with_streaming_response.create(
        **ASK, max_tokens=3, stream=True
    ) as streaming:
        lines = list(streaming.iter_lines())

    assert raw.headers["x-request-id"]
    assert raw.parse().choices[0].message.content
    assert lines[-2:] == ["data: [DONE]", ""] or lines[-1] == "data: [DONE]"


def test_the_helpers_of_the_javascript_library(openai_server: Running) -> None:
    """A loop over tools, a stream, and an answer by a schema of Zod."""
    script = Path(__file__).with_name("examples") / "helpers.mjs.txt"
    source = script.read_text(encoding="utf-8").replace("ADDRESS", openai_server.url)
    done = node(source)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["asked"] == ["Paris"]
    assert "sunny" in found["final"]
    assert found["roles"] == ["user", "assistant", "tool", "assistant"]
    assert found["streamed"] == found["whole"] != ""
    assert found["parsed"]["colour"] in {"red", "blue"}
