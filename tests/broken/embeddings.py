"""Servers whose vectors are wrong, or that refuse inputs."""

from __future__ import annotations

import base64
import struct
from random import Random

from tests.scripted import Refusal, Request, Scripted

from .editing import Json
from .limits import Ignores
from .registry import broken


class _Vectors(Scripted):
    """Changes each vector, in floats or in base64."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        raise NotImplementedError

    def answer(self, request: Request, body: Json) -> Json:
        for item in body["data"] if request.endpoint == "embeddings" else ():
            packed = item["embedding"]
            if isinstance(packed, str):
                raw = base64.b64decode(packed)
                values = self.vector(
                    request, list(struct.unpack(f"<{len(raw) // 4}f", raw)), item["index"]
                )
                item["embedding"] = base64.b64encode(
                    struct.pack(f"<{len(values)}f", *values)
                ).decode()
            else:
                item["embedding"] = self.vector(request, packed, item["index"])
        return body


@broken("embeddings.answer.schema")
class NoObjectInVectors(Scripted):
    """Embeddings do not say what they are."""

    def answer(self, request: Request, body: Json) -> Json:
        for item in body["data"] if request.endpoint == "embeddings" else ():
            del item["object"]
        return body


@broken("embeddings.answer.order")
class OrderIsLost(Scripted):
    """The vectors of several inputs are numbered from the last."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "embeddings":
            body["data"].reverse()
        return body


@broken("embeddings.answer.order")
class BatchBleeds(_Vectors):
    """In a batch each vector has a share of its position."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        return [value + 0.3 * index * (-1) ** i for i, value in enumerate(values)]


@broken("embeddings.answer.batch-equals-single")
class BatchDiffers(_Vectors):
    """In a batch every vector is another one than alone."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        many = isinstance(request.json["input"], list) and isinstance(request.json["input"][0], str)
        return [value + 0.3 * (-1) ** i for i, value in enumerate(values)] if many else values


@broken("embeddings.answer.same-length")
class LengthOfTheText(_Vectors):
    """A short text has a shorter vector."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        inputs = request.json["input"]
        text = inputs[index] if isinstance(inputs, list) else inputs
        return values[:32] if text == "yes" else values


@broken("embeddings.answer.{finite,order,batch-equals-single,deterministic,base64-equals-float}")
class ZeroVectors(_Vectors):
    """Every number is 0: no comparison of vectors holds."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        return [0.0 for _ in values]


@broken("embeddings.answer.deterministic")
class ChanceInVectors(_Vectors):
    """The second time a text has another vector."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        again = any(one.json == request.json for one in self.seen if one is not request)
        return [value + Random().gauss(0, 0.2) for value in values] if again else values


@broken("embeddings.answer.distinguishes")
class OneVector(_Vectors):
    """All texts have one vector."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        return [0.125 for _ in values]


@broken("embeddings.answer.base64-equals-float embeddings.answer.sdk-default")
class DoublesInBase64(Scripted):
    """Base64 holds numbers of 64 bits."""

    def answer(self, request: Request, body: Json) -> Json:
        for item in body["data"] if request.endpoint == "embeddings" else ():
            if isinstance(item["embedding"], str):
                raw = base64.b64decode(item["embedding"])
                values = struct.unpack(f"<{len(raw) // 4}f", raw)
                item["embedding"] = base64.b64encode(
                    struct.pack(f"<{len(values)}d", *values)
                ).decode()
        return body


@broken("embeddings.answer.sdk-default")
class DefaultIsBroken(_Vectors):
    """A request as the official library sends it has no vectors, unless it asks for one text."""

    def vector(self, request: Request, values: list[float], index: int) -> list[float]:
        return (
            values
            if isinstance(request.json["input"], str)
            or request.json.get("encoding_format") == "float"
            else []
        )


@broken("embeddings.field.encoding_format", defect="embeddings-base64-ignored")
class FloatsOnly(Ignores):
    """``encoding_format`` is ignored: floats are the answer."""

    ignored = ("encoding_format",)


@broken(
    "embeddings.{field.encoding_format,answer.sdk-default}", defect="embeddings-base64-rejected"
)
class NothingInBase64(Scripted):
    """Base64 brings an empty list."""

    def answer(self, request: Request, body: Json) -> Json:
        packed = request.json.get("encoding_format") == "base64"
        return {**body, "data": []} if packed else body


@broken("embeddings.usage.counts")
class NoUsageOfEmbeddings(Scripted):
    """The usage of embeddings is 0."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "embeddings":
            body["usage"] = {"prompt_tokens": 0, "total_tokens": 0}
        return body


@broken("embeddings.field.dimensions")
class IgnoresDimensions(Ignores):
    """``dimensions`` is ignored."""

    ignored = ("dimensions",)


@broken("embeddings.field.input.{tokens,token-arrays}", defect="embeddings-token-array-rejected")
class EmbedsTextOnly(Scripted):
    """Tokens as input are a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        given = request.json.get("input")
        if isinstance(given, list) and given and not isinstance(given[0], str):
            raise Refusal(400, "Invalid input type.", "input")


@broken(
    "embeddings.{field.input.strings,field.input.token-arrays,answer.distinguishes,answer.order,answer.sdk-default}"
)
class FirstInputOnly(Scripted):
    """Of several inputs only the first has a vector."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "data": body["data"][:1]} if request.endpoint == "embeddings" else body


@broken("embeddings.{feature.embeddings,field.model,field.input,field.input.string}")
class EmbeddingsCrash(Scripted):
    """Every request for embeddings is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.endpoint == "embeddings":
            raise Refusal(500, "Out of memory.")
