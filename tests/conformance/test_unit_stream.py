"""A stream is put together as a client does it, whatever a server sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai_compat.conformance.exchange import Exchange, Request
from openai_compat.conformance.stream import Stream

Json = dict[str, Any]


def stream(*items: Json | str, **body: Any) -> Stream:
    """A stream of these chunks, or of data as it is; each arrives a second after the last."""
    texts = [item if isinstance(item, str) else json.dumps(item) for item in items]
    segments = tuple((float(at), f"data: {text}\n\n".encode()) for at, text in enumerate(texts))
    request = Request("POST", "/chat/completions", {"stream": True, **body})
    return Stream(Exchange(request, 200, {}, segments, float(len(texts))))


def chunk(index: int = 0, reason: str | None = None, **delta: Any) -> Json:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": reason}]}


def test_text_is_gathered_in_order() -> None:
    found = stream(chunk(role="assistant"), chunk(content="Hel"), chunk(content="lo"), "[DONE]")

    assert found.text == "Hello"
    assert [one.at for one in found.chunks] == [0, 1, 2]


def test_text_of_completions_is_gathered_too() -> None:
    found = stream({"choices": [{"text": "Hel"}]}, {"choices": [{"text": "lo"}]})

    assert found.text == "Hello"


def test_only_the_first_choice_counts_unless_there_is_one() -> None:
    chunks = (chunk(0, content="a"), chunk(1, content="b"), chunk(0, content="c"))

    assert stream(*chunks, n=2).text == "ac"
    assert stream(*chunks).text == "abc"


def test_nothing_after_the_sentinel_is_a_chunk() -> None:
    found = stream(chunk(content="a"), "[DONE]", chunk(content="b"))

    assert found.text == "a"
    assert len(found.events) == 3


@pytest.mark.parametrize(
    "junk", ["", "not JSON", "[1]", "7", "null", '{"choices": 1}', "{}", "[" * 9999]
)
def test_junk_between_chunks_is_passed_over(junk: str) -> None:
    found = stream(chunk(content="a"), junk, chunk(content="b"))

    assert found.text == "ab"
    assert found.finish_reasons == []
    assert found.tool_calls == []


@pytest.mark.parametrize(
    "choices", [None, "x", [], [None], [{}], [{"delta": None}], [{"delta": {"content": 7}}]]
)
def test_odd_choices_have_no_text(choices: object) -> None:
    found = stream({"choices": choices})

    assert found.text == ""
    assert found.chunks[0].tool_deltas == []
    assert found.chunks[0].finish_reason is None


def test_finish_reasons_and_usage_are_those_that_are_not_null() -> None:
    last = {"choices": [], "usage": {"total_tokens": 3}}
    found = stream({**chunk(content="a"), "usage": None}, chunk(reason="stop"), last, "[DONE]")

    assert found.finish_reasons == ["stop"]
    assert found.usages == [{"total_tokens": 3}]
    assert found.whole.text == "a"
    assert found.whole.finish_reason == "stop"


def test_tool_calls_are_gathered_by_index() -> None:
    def call(index: int | None, **function: str) -> Json:
        return {"index": index, "function": function}

    found = stream(
        chunk(tool_calls=[{**call(0, name="weather", arguments=""), "id": "call_1"}]),
        chunk(tool_calls=[call(0, arguments='{"ci')]),
        chunk(tool_calls=[{**call(1, name="time", arguments="{}"), "id": "call_2"}]),
        chunk(tool_calls=[call(0, arguments='ty": 1}')]),
        chunk(tool_calls="junk"),
        chunk(tool_calls=[None, {"index": 1, "function": None}]),
    )

    assert found.tool_calls == [
        {"id": "call_1", "name": "weather", "arguments": '{"city": 1}'},
        {"id": "call_2", "name": "time", "arguments": "{}"},
    ]


def test_comments_and_blocks_without_data_are_no_events() -> None:
    request = Request("POST", "/x", {"stream": True})
    body = b": ping\n\nid: 1\n\ndata: {}\n\n"
    found = Stream(Exchange(request, 200, {}, ((0.0, body),), 1.0))

    assert [event.data for event in found.events] == ["{}"]
