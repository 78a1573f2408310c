"""Wrong requests that are accepted, crash the server, or are never answered."""

from __future__ import annotations

from tests.scripted import Drop, Refusal, Reply, Request, Scripted

from .editing import Json
from .registry import broken

_JSON = {"content-type": "application/json"}
_DEEP = b"[" * 100
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}


class _Forgives(Scripted):
    """Answers 200 with an error inside, where ``forgives`` says so."""

    def forgives(self, request: Request) -> bool:
        raise NotImplementedError

    def error(self, request: Request, status: int, error: Json) -> Reply:
        forgiven = request.method == "POST" and status == 400 and self.forgives(request)
        return super().error(request, 200 if forgiven else status, error)


@broken("{chat,completions,embeddings}.error.malformed-json")
class BrokenJsonIs200(_Forgives):
    """A body that is no JSON is a 200 with an error inside."""

    def forgives(self, request: Request) -> bool:
        return request.raw.startswith(b'{"model": "x", "mess')


@broken("{chat,completions,embeddings}.error.empty-body")
class EmptyBodyIs200(_Forgives):
    """An empty body is a 200 with an error inside."""

    def forgives(self, request: Request) -> bool:
        return not request.raw


@broken("{chat,completions,embeddings}.error.body-not-object")
class ArrayIs200(_Forgives):
    """A body that is an array is a 200 with an error inside."""

    def forgives(self, request: Request) -> bool:
        return request.raw.startswith(b"[")


@broken("{chat,completions,embeddings}.error.{malformed-json,empty-body} server.error.not-5xx")
class BrokenJsonCrashes(Scripted):
    """A body that is no JSON is a 500."""

    def error(self, request: Request, status: int, error: Json) -> Reply:
        broken = "parse the JSON" in error["message"] and _DEEP not in request.raw
        return super().error(request, 500 if broken else status, error)


@broken("{chat,completions,embeddings}.error.wrong-type")
class ConvertsTypes(Scripted):
    """Values of the wrong type are replaced by defaults."""

    def receive(self, request: Request) -> Request:
        body = request.json
        for name in ("temperature", "max_tokens"):
            if isinstance(body.get(name), str):
                del body[name]
        if isinstance(body.get("input"), dict):
            body["input"] = str(body["input"])
        return super().receive(request)


@broken("{chat,completions,embeddings}.error.missing-field")
class FillsIn(Scripted):
    """Required fields that are missing are made up."""

    def receive(self, request: Request) -> Request:
        body, embeds = request.json, request.endpoint == "embeddings"
        if "model" not in body:
            body["model"] = next(model.id for model in self.models if model.embeds == embeds)
        return super().receive(request)


@broken("{chat,completions,embeddings}.error.out-of-range")
class Clamps(Scripted):
    """Numbers out of their range are moved to its end."""

    def receive(self, request: Request) -> Request:
        body = request.json
        for name, (low, high) in _RANGES.items():
            if isinstance(body.get(name), (int, float)):
                body[name] = min(max(body[name], low), high)
        if body.get("dimensions") == 0:
            del body["dimensions"]
        return super().receive(request)


@broken("{chat,completions}.error.combination")
class DropsMisfits(Scripted):
    """Fields that make no sense without another are left out without a word."""

    def receive(self, request: Request) -> Request:
        body = request.json
        if not body.get("logprobs"):
            body.pop("top_logprobs", None)
        if not body.get("stream"):
            body.pop("stream_options", None)
        if (body.get("n") or 1) > (body.get("best_of") or 1):
            body.pop("best_of", None)
        return super().receive(request)


@broken(
    "{chat,completions}.error.out-of-range server.error.not-5xx", defect="top-p-out-of-range-500"
)
class TopPCrashes(Scripted):
    """A ``top_p`` out of its range is a 500, and a temperature of 5 is accepted."""

    def receive(self, request: Request) -> Request:
        top_p, temperature = request.json.get("top_p"), request.json.get("temperature")
        if isinstance(top_p, (int, float)) and not 0 <= top_p <= 1:
            raise Refusal(500, "Internal error.")
        if isinstance(temperature, (int, float)) and temperature > 2:
            request.json["temperature"] = 2
        return super().receive(request)


@broken(
    "chat.error.wrong-type server.error.not-5xx", defect="messages-not-array-hangs", timeout_s=1.0
)
class NoMessagesNoAnswer(Scripted):
    """A request whose messages are no array is never answered."""

    def receive(self, request: Request) -> Request:
        if request.endpoint == "chat" and isinstance(request.json.get("messages"), str):
            self.hang(request)
        return super().receive(request)


@broken("chat.error.unknown-model server.error.not-5xx")
class UnknownModelDrops(Scripted):
    """A chat with an unknown model ends the connection."""

    def receive(self, request: Request) -> Request:
        if request.endpoint == "chat" and str(request.json.get("model")).startswith("no-such"):
            raise Drop
        return super().receive(request)


@broken("server.error.deep-json")
class NestingCrashes(Scripted):
    """JSON that is nested deeply is a 500."""

    def authorize(self, request: Request) -> None:
        if _DEEP in request.raw:
            raise Refusal(500, "maximum recursion depth exceeded")
        super().authorize(request)


@broken("server.error.deep-json")
class NestingDrops(Scripted):
    """JSON that is nested deeply ends the connection, as an overflown stack does."""

    def authorize(self, request: Request) -> None:
        if _DEEP in request.raw:
            raise Drop
        super().authorize(request)


@broken("server.concurrency.survives-bad-input server.error.deep-json")
class NestingIsFatal(Scripted):
    """After a body of many brackets the next request fails."""

    _hurt = False

    def receive(self, request: Request) -> Request:
        if self._hurt:
            self._hurt = False
            raise Refusal(500, "Out of memory.")
        return super().receive(request)

    def error(self, request: Request, status: int, error: Json) -> Reply:
        self._hurt = self._hurt or b"[[[[" in request.raw
        return super().error(request, status, error)


@broken("embeddings.error.empty-input", defect="embeddings-empty-array-crash")
class EmptyInputDrops(Scripted):
    """An empty list of inputs ends the connection."""

    def receive(self, request: Request) -> Request:
        if request.json.get("input") == []:
            raise Drop
        return super().receive(request)


@broken("embeddings.error.empty-input")
class EmptyInputIsAnswered(Scripted):
    """An empty list of inputs is answered with an empty list."""

    def receive(self, request: Request) -> Request:
        if request.json.get("input") == []:
            request.json["input"] = [" "]
        return super().receive(request)
