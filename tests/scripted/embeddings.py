"""POST /embeddings: unit vectors from words; texts with common words are near each other."""

from __future__ import annotations

import base64
import math
import re
import struct
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from .completions import read_prompts
from .conversation import check_context
from .fields import check_fields
from .rules import wrong

if TYPE_CHECKING:
    from .request import Json, Request
    from .server import Scripted

DIMENSIONS = 64
"""Numbers of a full vector."""


@lru_cache(maxsize=4096)
def _direction(feature: str) -> tuple[float, ...]:
    rng = Random(f"direction {feature}")
    return tuple(rng.gauss(0, 1) for _ in range(DIMENSIONS))


def _features(text: str) -> list[tuple[str, float]]:
    """Words count most, then the letters they begin with, then which word follows which."""
    words = re.findall(r"\w+", text.lower()) or [text]
    features = [(word, 1.0) for word in words] + [(f"{word[:4]}-", 0.4) for word in words]
    return features + [(f"{a} {b}", 0.2) for a, b in pairwise(words)]


@lru_cache(maxsize=4096)
def embed(text: str, dimensions: int = DIMENSIONS) -> tuple[float, ...]:
    """The vector of a text, of length 1, in numbers that single precision holds exactly."""
    vector = [0.0] * dimensions
    for feature, weight in _features(text):
        for i, value in zip(range(dimensions), _direction(feature), strict=False):
            vector[i] += weight * value
    norm = math.sqrt(sum(value * value for value in vector)) or 1.0
    packed = struct.pack(f"<{dimensions}f", *(value / norm for value in vector))
    return struct.unpack(f"<{dimensions}f", packed)


class Embeddings:
    """One embedding request being answered."""

    def __init__(self, server: Scripted, request: Request) -> None:
        body = request.json
        check_fields(server, request)
        self._request = request
        self._inputs = read_prompts(body["input"], "input")
        if any(not one.text for one in self._inputs):
            raise wrong("input", "it must not be an empty string")
        if len(self._inputs) > 2048:
            raise wrong("input", "it must have at most 2048 items")
        check_context(max(len(one.tokens) for one in self._inputs), server.context, "input")
        self._dimensions = int(body.get("dimensions", DIMENSIONS))
        if self._dimensions > DIMENSIONS:
            raise wrong("dimensions", f"this model has at most {DIMENSIONS}")

    def body(self) -> Json:
        """The vectors, in the order of the inputs."""
        tokens = sum(len(one.tokens) for one in self._inputs)
        data = []
        for index, one in enumerate(self._inputs):
            vector: list[float] | str = list(embed(one.text, self._dimensions))
            if self._request.json.get("encoding_format") == "base64":
                vector = base64.b64encode(struct.pack(f"<{self._dimensions}f", *vector)).decode()
            data.append({"object": "embedding", "index": index, "embedding": vector})
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {
            "object": "list",
            "data": data,
            "model": self._request.json["model"],
            "usage": usage,
        }
