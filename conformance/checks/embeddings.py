"""Embeddings: their form, their order, and that one text has one vector."""

from __future__ import annotations

import math
from typing import Any

from ..answer import Vectors, cosine
from ..check import check
from ..expect import expect, expect_schema, expect_that, get, untested
from ..observers.embeddings import GRASS, SKY
from ..server import OMIT, PATHS, Server

_NEEDS = ("embeddings",)
_SAME = 0.999
"""Cosine of two vectors that are the same but for rounding (half precision, batching)."""


def _near(what: str, one: list[float], two: list[float], answer: Vectors) -> None:
    expect("length of the vector", len(one), len(two), answer.exchange)
    value = cosine(one, two)

    expect_that(
        value > _SAME, f"cosine of {what}", f"above {_SAME}", round(value, 5), answer.exchange
    )


@check("embeddings.answer.schema", requirement="embedding-schema", needs=_NEEDS)
def schema(server: Server) -> None:
    """The answer is a valid list of embedding objects."""
    answer = server.embed([SKY, GRASS])

    expect_schema(
        "the answer",
        lambda body: server.errors.answer("embeddings.response", body),
        answer.body,
        answer.exchange,
    )


@check("embeddings.answer.order", requirement="embedding-order", needs=_NEEDS)
def order(server: Server) -> None:
    """The embeddings come in the order of their inputs, numbered from 0."""
    answer = server.embed([SKY, GRASS])
    data = get(answer.body, "data") or []
    expect(
        "index of each embedding", [0, 1], [get(item, "index") for item in data], answer.exchange
    )
    swapped = server.embed([GRASS, SKY])

    _near(
        "the first vector and the second of swapped inputs",
        answer.vectors[0],
        swapped.vectors[1],
        swapped,
    )


@check(
    "embeddings.answer.batch-equals-single",
    requirement="embedding-batch-equals-single",
    needs=_NEEDS,
)
def batch_equals_single(server: Server) -> None:
    """A text has the same vector alone and in a batch."""
    single, batch = server.embed(SKY), server.embed([SKY, GRASS])

    _near(
        "the vectors of one text alone and in a batch", single.vectors[0], batch.vectors[0], batch
    )


@check("embeddings.answer.same-length", requirement="embedding-same-length", needs=_NEEDS)
def same_length(server: Server) -> None:
    """All vectors have one length."""
    answer = server.embed([SKY, "yes", f"{GRASS} {SKY} {GRASS}"])
    lengths = {len(vector) for vector in answer.vectors}

    expect_that(
        len(lengths) == 1, "lengths of the vectors", "one", sorted(lengths), answer.exchange
    )


@check("embeddings.answer.finite", requirement="embedding-finite", needs=_NEEDS)
def finite(server: Server) -> None:
    """The numbers of a vector are finite, and some are not zero."""
    answer = server.embed(SKY)
    vector = answer.vectors[0]
    sound = all(math.isfinite(x) for x in vector) and any(vector)

    expect_that(sound, "the vector", "finite numbers, not all zero", vector[:4], answer.exchange)


@check("embeddings.answer.deterministic", requirement="embedding-deterministic", needs=_NEEDS)
def deterministic(server: Server) -> None:
    """A text has the same vector the second time."""
    one, two = server.embed(SKY), server.embed(SKY, nth=2)

    _near("two vectors of one text", one.vectors[0], two.vectors[0], two)


@check("embeddings.answer.distinguishes", requirement="embedding-distinguishes", needs=_NEEDS)
def distinguishes(server: Server) -> None:
    """Texts of unlike meaning have different vectors."""
    answer = server.embed([SKY, "The train to Rome leaves at noon."])
    value = cosine(*answer.vectors[:2]) if len(answer.vectors) > 1 else 1.0

    expect_that(
        value < 0.99999,
        "cosine of the vectors of two texts",
        "below 0.99999",
        value,
        answer.exchange,
    )


@check(
    "embeddings.answer.base64-equals-float",
    requirement="embedding-base64-equals-float",
    needs=_NEEDS,
)
def base64_equals_float(server: Server) -> None:
    """A vector in base64 has the same numbers as in floats."""
    packed, plain = server.embed(SKY, encoding_format="base64"), server.embed(SKY)
    if not packed.raw:
        untested("base64 brings no vector: see embeddings.field.encoding_format")
    if not isinstance(packed.raw[0], str):
        untested(
            "encoding_format base64 is answered in floats: see embeddings.field.encoding_format"
        )

    _near("the vectors in base64 and in floats", plain.vectors[0], packed.vectors[0], packed)


@check("embeddings.answer.sdk-default", requirement="embedding-sdk-default", needs=_NEEDS)
def sdk_default(server: Server) -> None:
    """The official library reads an embedding asked for in its default manner."""
    answer = server.embed([SKY, GRASS], encoding_format=OMIT)
    exchange = answer.exchange
    expect("error of the SDK", "", exchange.sdk_error, exchange)
    read: Any = exchange.parsed
    lengths = {len(item.embedding) for item in read.data if isinstance(item.embedding, list)}
    wanted = {len(server.embed(SKY).vectors[0])}

    expect_that(
        len(read.data) == 2 and lengths == wanted,
        "vectors the SDK read",
        "two",
        len(read.data),
        exchange,
    )


@check("embeddings.usage.counts", requirement="embedding-usage", needs=_NEEDS)
def usage(server: Server) -> None:
    """The usage counts the tokens of all inputs."""
    one, two = server.embed(SKY), server.embed([SKY, GRASS])
    counts = [get(answer.body, "usage", "prompt_tokens") for answer in (one, two)]
    total = get(two.body, "usage", "total_tokens")
    whole = all(isinstance(count, int) for count in counts) and counts[1] > counts[0] > 0

    expect_that(
        whole,
        "usage.prompt_tokens of one text and of two",
        "two counts, rising",
        counts,
        two.exchange,
    )
    expect("usage.total_tokens", counts[1], total, two.exchange)


@check("embeddings.error.empty-input", requirement="embedding-empty-input", needs=_NEEDS)
def empty_input(server: Server) -> None:
    """An empty list of inputs is refused."""
    model = server.session.embedding_model
    exchange = server.request("POST", PATHS["embeddings"], {"model": model, "input": []})

    expect_that(400 <= exchange.status < 500, "status", "a 4xx", exchange.brief(160), exchange)
