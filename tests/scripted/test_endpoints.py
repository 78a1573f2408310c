"""Images, completions, embeddings and models of the scripted server."""

from __future__ import annotations

import math
import struct
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from .asking import chat, content, raw, refused
from .pictures import encoded, png, shown

if TYPE_CHECKING:
    from openai import OpenAI

    from . import Scripted


def test_images_matter_however_they_are_given(client: OpenAI) -> None:
    red = encoded(png(255))
    spellings = [
        red,
        {"url": red},
        f"data:image/png;base64,{red}",
        {"url": f"data:;base64,{red}", "detail": "low"},
    ]
    texts = {content(client, shown(one), temperature=0) for one in spellings}

    assert len(texts) == 1
    assert content(client, shown(encoded(png(9))), temperature=0) not in texts


@pytest.mark.parametrize(
    "bad",
    [
        png(1)[:-9],
        b"no picture",
        b"\xff\xd8\xff\xe0" + bytes(40),
        b"RIFF\xff\x00\x00\x00WEBP",
        b"GIF89a",
    ],
)
def test_broken_images_are_refused(client: OpenAI, bad: bytes) -> None:
    assert refused(lambda: chat(client, shown({"url": encoded(bad)}))) == (
        400,
        "messages[0].content[1].image_url.url",
    )


def test_webp_is_an_image(client: OpenAI) -> None:
    webp = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8 " + bytes(12)

    assert content(client, shown(f"data:image/webp;base64,{encoded(webp)}"))


def test_completions_go_on(client: OpenAI) -> None:
    def text(**fields: Any) -> str:
        answer = client.completions.create(
            **{"model": "toy", "prompt": "Once", "temperature": 0, **fields}
        )
        return str(answer.choices[0].text)

    assert len(text().split()) > 8
    assert text() == text(prompt=["Once"])
    assert text(echo=True) == "Once" + text()
    assert text(suffix="the end") != text()
    assert text(max_tokens=0, echo=True) == "Once"
    assert text(prompt=[3, 4]) == text(prompt=[[3, 4]]) == text(prompt=" to and")


def test_a_batch_of_prompts_keeps_its_order(client: OpenAI) -> None:
    answer = client.completions.create(model="toy", prompt=["One", "Two"], n=2, seed=3, echo=True)
    single = client.completions.create(model="toy", prompt="Two", n=2, seed=3, echo=True)

    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert [choice.text for choice in answer.choices[2:]] == [
        choice.text for choice in single.choices
    ]


def test_best_of_is_billed_and_keeps_the_best(client: OpenAI) -> None:
    answer = client.completions.create(
        model="toy", prompt="One", n=1, best_of=4, max_tokens=5, logprobs=0
    )

    assert len(answer.choices) == 1
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 20
    assert refused(
        lambda: client.completions.create(model="toy", prompt="One", n=2, best_of=1)
    ) == (400, "best_of")


def test_legacy_logprobs_cover_an_echo(client: OpenAI) -> None:
    answer = client.completions.create(
        model="toy", prompt="Once é", echo=True, logprobs=2, max_tokens=4, temperature=0
    )
    chunks = client.completions.create(
        model="toy",
        prompt="Once é",
        echo=True,
        logprobs=2,
        max_tokens=4,
        temperature=0,
        stream=True,
    )
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    parts = [choice.logprobs for chunk in chunks for choice in chunk.choices if choice.logprobs]

    assert logprobs.model_dump()["token_logprobs"][0] is None
    assert logprobs.tokens is not None
    assert logprobs.text_offset is not None
    for token, offset in zip(logprobs.tokens, logprobs.text_offset, strict=True):
        assert token.startswith("bytes:") or answer.choices[0].text[offset:].startswith(token)
    for name in ("tokens", "token_logprobs", "text_offset", "top_logprobs"):
        assert list(chain(*(getattr(part, name) for part in parts))) == getattr(logprobs, name)


def test_embeddings(client: OpenAI) -> None:
    def embed(given: Any, **fields: Any) -> list[Any]:
        answer = client.embeddings.create(**{"model": "toy-embed", "input": given, **fields})
        return [item.embedding for item in answer.data]

    cat, dog, sun = embed(["a cat sat here", "a dog sat here", "stars burn"])
    near, far = (sum(a * b for a, b in zip(cat, other, strict=True)) for other in (dog, sun))
    short = embed("a cat sat here", dimensions=8)[0]

    assert math.isclose(sum(value * value for value in cat), 1, rel_tol=1e-6)
    assert math.isclose(sum(value * value for value in short), 1, rel_tol=1e-6)
    assert near > far
    assert short[1] / short[0] == pytest.approx(cat[1] / cat[0], rel=1e-5)
    assert embed("a cat sat here") == embed(["a cat sat here"], encoding_format="float") == [cat]
    assert embed([3, 4]) == embed([[3, 4]]) == embed(" to and")
    inputs: list[Any] = ["", [], ["a", ""], [["a"]], [[]], [-1], None]
    for bad in inputs:
        assert refused(partial(embed, bad, encoding_format="float")) == (400, "input")


def test_models_are_listed_and_found(client: OpenAI, server: Scripted) -> None:
    listed = {model.id: model for model in client.models.list()}

    assert list(listed) == ["toy:latest", "toy-embed:latest", "org/toy:latest"]
    assert client.models.retrieve("org/toy:latest") == listed["org/toy:latest"]
    assert client.models.retrieve("toy").created == listed["toy:latest"].created
    assert (
        raw(server, "GET", "/v1/models/org/toy:latest")[0]
        == raw(server, "GET", "/v1/models/")[0]
        == 200
    )
    assert refused(lambda: client.models.retrieve("nobody")) == (404, "model")
