"""Servers that only requests which nobody would write by hand find out."""

from __future__ import annotations

from tests.scripted import Refusal, Reply, Request, Scripted

from .editing import Json
from .models import NoObjectInModels
from .registry import broken

_GOOD = {
    "chat": b'{"model": "toy", "messages": [{"role": "user", "content": "Hello."}]}',
    "completions": b'{"model": "toy", "prompt": "Hello.", "max_tokens": 1}',
    "embeddings": b'{"model": "toy-embed", "input": "Hello."}',
}


def _is_text(raw: bytes) -> bool:
    try:
        return bool(raw.decode()) and b"\0" not in raw
    except UnicodeDecodeError:
        return False


@broken("{chat,completions,embeddings}.generated.answers", fuzz=10)
class OtherBytesCrash(Scripted):
    """A body that is no UTF-8 is a 500."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        crashes = request.raw and not _is_text(request.raw)
        return super().error(request, 500 if crashes else status, error)


@broken("{chat,completions,embeddings}.generated.refusals", fuzz=10)
class OtherBytesWillDo(Scripted):
    """A body that is no UTF-8 is answered as if it were something else."""

    def authorize(self, request: Request) -> None:
        super().authorize(request)
        if request.raw and not _is_text(request.raw):
            request.raw = _GOOD[request.endpoint]


@broken("models.generated.answers models.list.schema", fuzz=2)
class NoObjectInModelsAgain(NoObjectInModels):
    """Listed models do not say what they are."""


@broken("model.generated.answers", fuzz=10)
class OtherNamesCrash(Scripted):
    """To retrieve a model by a name beyond ASCII is a 500."""

    def route(self, request: Request) -> None:
        super().route(request)
        if not request.name.isascii():
            raise Refusal(500, "The server failed.")
