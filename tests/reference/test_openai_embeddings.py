"""Embeddings under the profile ``openai``: forms of the input, encodings, shortened vectors."""

from __future__ import annotations

import base64
import math
import struct
from typing import Any

import pytest

from .running import Answer, Running

TEXT = "A cat sleeps."


def embed(server: Running, **fields: Any) -> Answer:
    """Vectors of a text, unless the fields say otherwise."""
    return server.send("POST", "/v1/embeddings", {"model": "tiny-embed", "input": TEXT, **fields})


def test_base64_is_the_same_vector(openai_server: Running) -> None:
    """Little-endian floats of 32 bits."""
    plain = embed(openai_server).json["data"][0]["embedding"]
    coded = embed(openai_server, encoding_format="base64").json["data"][0]["embedding"]
    data = base64.b64decode(coded, validate=True)

    assert struct.unpack(f"<{len(plain)}f", data) == pytest.approx(plain, abs=1e-7)


def test_a_shorter_vector_has_length_one_again(openai_server: Running) -> None:
    """It is the beginning of the whole one."""
    whole = embed(openai_server).json["data"][0]["embedding"]
    short = embed(openai_server, dimensions=10).json["data"][0]["embedding"]
    same = embed(openai_server, dimensions=len(whole)).json["data"][0]["embedding"]

    assert len(short) == 10
    assert math.hypot(*short) == pytest.approx(1, abs=1e-5)
    length = math.hypot(*whole[:10])
    assert short == pytest.approx([value / length for value in whole[:10]], abs=1e-5)
    assert same == whole


def test_tokens_are_inputs_too(openai_server: Running) -> None:
    """One array is one input, an array of arrays are several."""
    one = embed(openai_server, input=[300, 301]).json
    two = embed(openai_server, input=[[300, 301], [302]]).json

    assert [len(one["data"]), len(two["data"])] == [1, 2]
    assert two["data"][0]["embedding"] == pytest.approx(one["data"][0]["embedding"], abs=1e-6)
    assert [item["index"] for item in two["data"]] == [0, 1]
    assert two["usage"]["prompt_tokens"] > one["usage"]["prompt_tokens"]


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"input": ["a", "b", "x " * 3000]}, "input[2]", "takes 2048 at most"),
        ({"input": "x " * 3000}, "input", "index 0"),
        ({"input": ""}, "input", "at least 1"),
        ({"input": []}, "input", "at least 1"),
        ({"input": ["a", ""]}, "input[1]", "at least 1"),
        ({"input": ["a"] * 2049}, "input", "at most 2048"),
        ({"input": [10**6]}, "input", "not a token"),
        ({"dimensions": 4000}, "dimensions", "have 128"),
        ({"dimensions": 0}, "dimensions", "at least 1"),
        ({"encoding_format": "hex"}, "encoding_format", '"base64"'),
        ({"model": "nope"}, "model", "does not exist"),
    ],
)
def test_mistakes_name_their_place(
    openai_server: Running, fields: dict[str, Any], param: str, words: str
) -> None:
    """With what would be right."""
    answer = embed(openai_server, **fields)

    assert answer.status == (404 if param == "model" else 400)
    assert answer.error["param"] == param
    assert words in answer.error["message"]
