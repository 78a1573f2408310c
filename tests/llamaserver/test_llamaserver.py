"""A real server starts, answers through the official SDK, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("gguf")
pytest.importorskip("xllamacpp")

from openai import OpenAI

from . import LlamaServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def client() -> Iterator[OpenAI]:
    with (
        LlamaServer(embedding=True) as server,
        OpenAI(base_url=server.url, api_key="none", max_retries=0) as client,
    ):
        yield client


def test_a_chat_is_answered_in_words(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="tiny",
        messages=[{"role": "user", "content": "Say something."}],
        max_tokens=40,
        temperature=0,
    )
    content = answer.choices[0].message.content or ""

    assert len(set(content.split())) > 5
    assert answer.usage is not None
    assert answer.usage.completion_tokens <= 40


def test_texts_end_now_and_then(client: OpenAI) -> None:
    reasons = set()
    for seed in range(10):
        answer = client.completions.create(
            model="tiny", prompt=f"Number {seed}", max_tokens=60, seed=seed
        )
        reasons.add(answer.choices[0].finish_reason)

    assert reasons == {"stop", "length"}


def test_a_stream_comes_in_pieces(client: OpenAI) -> None:
    stream = client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "Go on."}], max_tokens=12, stream=True
    )
    pieces = [chunk.choices[0].delta.content for chunk in stream if chunk.choices]

    assert len([piece for piece in pieces if piece]) > 2


def test_embeddings_come_from_the_same_server(client: OpenAI) -> None:
    answer = client.embeddings.create(model="tiny", input=["one word", "two words"])

    assert [len(item.embedding) for item in answer.data] == [64, 64]


def test_embeddings_of_a_batch_are_those_of_single_inputs(client: OpenAI) -> None:
    long, short = "The weather in Paris is nice today", "Stars"
    single = client.embeddings.create(model="tiny", input=long).data[0].embedding
    batch = client.embeddings.create(model="tiny", input=[short, long]).data[1].embedding

    assert batch == pytest.approx(single, abs=1e-3)


def test_without_embeddings_it_only_writes() -> None:
    with (
        LlamaServer(parallel=1) as server,
        OpenAI(base_url=server.url, api_key="none", max_retries=0) as client,
    ):
        answer = client.completions.create(model="tiny", prompt="Once", max_tokens=3)

    assert answer.choices[0].text
