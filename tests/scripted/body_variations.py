"""Legal variations of whole answers: how JSON is written, and which headers come with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .server import Scripted

if TYPE_CHECKING:
    from collections.abc import Callable

    from .request import Json, Reply, Request


def _everywhere(value: Any, change: Callable[[Json], Json]) -> Any:
    """The value with ``change`` applied to every object in it, innermost first."""
    if isinstance(value, list):
        return [_everywhere(one, change) for one in value]
    if isinstance(value, dict):
        return change({key: _everywhere(one, change) for key, one in value.items()})
    return value


class ExtraFields(Scripted):
    """Every object has keys that the contract does not know, errors included."""

    def dump(self, value: Json) -> str:
        def change(one: Json) -> Json:
            is_map = bool(one) and all(isinstance(held, float) for held in one.values())
            return one if is_map else {**one, "x_extra": [{}]}

        return super().dump(_everywhere(value, change))


class OtherOrder(Scripted):
    """The keys of every object come in another order."""

    def dump(self, value: Json) -> str:
        return super().dump(_everywhere(value, lambda one: dict(reversed(one.items()))))


class Indented(Scripted):
    """JSON bodies are written over many lines; events still have one."""

    def dump(self, value: Json) -> str:
        streamed = (
            str(value.get("object", "")).endswith("chunk")
            or value.get("object") == "text_completion"
        )
        return super().dump(value) if streamed else json.dumps(value, indent=2)


class EscapedUnicode(Scripted):
    r"""Characters beyond ASCII are written as ``\u…``, those beyond 16 bits as two of them."""

    def dump(self, value: Json) -> str:
        return json.dumps(value, ensure_ascii=True)


class CharsetInContentType(Scripted):
    """The content type of JSON names its character set; the stream's does not."""

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        other = {"application/json": "application/json; charset=utf-8"}
        kind = headers.get("content-type", "")
        changed = other.get(kind, kind.removesuffix("; charset=utf-8"))
        return super().headers(request, {**headers, "content-type": changed} if kind else headers)


class ChunkedBodies(Scripted):
    """Bodies that are not streamed are chunked as well instead of having a length."""

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        more = {} if request.method in ("OPTIONS", "HEAD") else {"transfer-encoding": "chunked"}
        return super().headers(request, {**headers, **more})


class ConnectionClose(Scripted):
    """Every answer closes its connection."""

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        return super().headers(request, {**headers, "connection": "close"})


class EmptyContentWithCalls(Scripted):
    """A message with tool calls has content "" instead of null."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()):
            if choice.get("message", {}).get("tool_calls"):
                choice["message"]["content"] = ""
        return super().answer(request, body)


class OnlyRequiredFields(Scripted):
    """What may be left out is left out: refusal, logprobs, fingerprint, details of the usage."""

    optional = (
        "refusal",
        "system_fingerprint",
        "service_tier",
        "prompt_tokens_details",
        "completion_tokens_details",
    )

    def dump(self, value: Json) -> str:
        def change(one: Json) -> Json:
            return {
                key: held
                for key, held in one.items()
                if key not in self.optional and not (key == "logprobs" and held is None)
            }

        return super().dump(_everywhere(value, change))


class OffsetsFromZero(Scripted):
    """Text offsets of completions count from the beginning of the returned text."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()):
            offsets = (choice["logprobs"] or {}).get("text_offset") if "text" in choice else None
            if offsets:
                choice["logprobs"]["text_offset"] = [offset - offsets[0] for offset in offsets]
        return super().answer(request, body)


class OtherErrors(Scripted):
    """Errors have other words, types and codes, and their body another charset."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        other = {**error, "message": "No: " + error["message"], "type": "invalid_request"}
        other["code"] = error["code"] or "invalid"
        status, headers, body = super().error(request, status, other)
        return status, {**headers, "content-type": "application/json;charset=UTF-8"}, body
