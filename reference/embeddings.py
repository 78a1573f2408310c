"""POST /v1/embeddings."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import falcon

from ..backends import BackendError
from ..backends.errors import InputTooLongError
from . import sse
from .defaults import Defaults
from .errors import ApiError, from_backend
from .service import Service, refuse_unless


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Turns texts into vectors."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer one or several inputs, in order."""
        service = self.service
        fields = service.fields("embeddings", request, response)
        model = service.model(fields["model"])
        given = fields["input"]
        single = isinstance(given, str) or isinstance(given[0], int)
        with service.pool.use(service.loading(model, Defaults.of(model))) as worker:
            try:
                refuse_unless(model, "embeddings", worker.describe().capabilities, "model")
                found = worker.embed([given] if single else given)
            except InputTooLongError as error:
                where = "input" if single else f"input[{error.index}]"
                raise from_backend(error, where) from error
            except BackendError as error:
                raise from_backend(error, "input") from error
        tokens = sum(embedding.tokens for embedding in found)
        data = [
            {
                "object": "embedding",
                "index": index,
                "embedding": shaped(embedding.vector, fields),
            }
            for index, embedding in enumerate(found)
        ]
        response.data = sse.encode(
            {
                "object": "list",
                "data": data,
                "model": fields["model"],
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
            }
        )


def shaped(vector: Sequence[float], fields: dict[str, Any]) -> list[float] | str:
    """A vector in the length and the encoding that were asked for."""
    wanted = fields.get("dimensions", len(vector))
    if wanted > len(vector):
        msg = f"'dimensions' is {wanted}; the vectors of this model have {len(vector)}."
        raise ApiError(400, msg, param="dimensions", code="invalid_value")
    if wanted < len(vector):
        vector = vector[:wanted]
        length = math.sqrt(sum(value * value for value in vector)) or 1.0
        vector = [value / length for value in vector]
    if fields.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    return list(vector)
