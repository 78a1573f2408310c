"""The fields of embeddings."""

from __future__ import annotations

from typing import Any

from ..expect import expect, expect_that
from ..fields import accepted_only, observes
from ..server import Server

SKY = "why is the sky blue?"
GRASS = "why is the grass green?"


@observes(
    "embeddings.embeddings", "embeddings.input", "embeddings.input.string", "embeddings.model"
)
def one(server: Server) -> None:
    """One string has one vector."""
    _vectors(server, SKY, 1)


@observes("embeddings.input.strings")
def strings(server: Server) -> None:
    """Each of two strings has a vector."""
    _vectors(server, [SKY, GRASS], 2)


@observes("embeddings.input.tokens")
def tokens(server: Server) -> None:
    """An array of token ids has one vector."""
    _vectors(server, [10, 11, 12], 1)


@observes("embeddings.input.token-arrays")
def token_arrays(server: Server) -> None:
    """Each of two arrays of token ids has a vector."""
    _vectors(server, [[10, 11, 12], [20, 21]], 2)


def _vectors(server: Server, content: Any, count: int) -> None:
    answer = server.embed(content)
    expect("number of embeddings", count, len(answer.vectors), answer.exchange)
    expect_that(all(answer.vectors), "embeddings", "not empty", answer.raw, answer.exchange)


@observes("embeddings.encoding_format")
def encoding_format(server: Server) -> None:
    """Base64 comes as a string, float as numbers."""
    text = server.embed(SKY, encoding_format="base64")
    expect_that(
        text.raw and all(isinstance(value, str) for value in text.raw),
        "embedding with encoding_format base64",
        "a string",
        text.raw[:1],
        text.exchange,
    )
    numbers = server.embed(SKY)
    expect_that(
        all(isinstance(value, list) for value in numbers.raw),
        "embedding with encoding_format float",
        "an array",
        numbers.raw[:1],
        numbers.exchange,
    )


@observes("embeddings.dimensions")
def dimensions(server: Server) -> None:
    """The vector has as many numbers as asked for."""
    length = len(server.embed(SKY).vectors[0])
    answer = server.embed(SKY, dimensions=max(1, length // 2))
    expect("length of the vector", max(1, length // 2), len(answer.vectors[0]), answer.exchange)


@observes("embeddings.user")
def user(server: Server) -> None:
    """A user's name is accepted."""
    server.embed(SKY, user="conformance")
    accepted_only()
