"""Breaking the server takes a few lines, and does what it says: one example for every border."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest
from openai import APIConnectionError, APITimeoutError, NotFoundError, UnprocessableEntityError

from . import Drop, Refusal, Scripted
from .asking import WEATHER, chat, content, joined, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openai import OpenAI

    from . import Json, Model, Reply, Request, Step, Task

GREEDY: dict[str, Any] = {"temperature": 0}


class ForgetsStop(Scripted):
    def receive(self, request: Request) -> Request:
        request.json.pop("stop", None)
        return super().receive(request)


def test_receive_edits_the_request(ask: Callable[[Scripted], OpenAI]) -> None:
    client = ask(ForgetsStop())
    whole = content(client, **GREEDY)

    assert content(client, stop=whole[3:6], **GREEDY) == whole


class RefusesZero(Scripted):
    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("temperature") == 0:
            raise Refusal(422, "temperature must be > 0", "temperature")


def test_validate_refuses(ask: Callable[[Scripted], OpenAI]) -> None:
    with pytest.raises(UnprocessableEntityError):
        content(ask(RefusesZero()), **GREEDY)


class Hangs(Scripted):
    def receive(self, request: Request) -> Request:
        if not isinstance(request.json.get("messages"), list):
            self.hang(request)
        return super().receive(request)


class Crashes(Scripted):
    def receive(self, request: Request) -> Request:
        if request.json.get("input") == []:
            raise Drop
        return super().receive(request)


def test_a_server_may_hang_or_drop_the_connection(ask: Callable[[Scripted], OpenAI]) -> None:
    with pytest.raises(APITimeoutError):
        chat(ask(Hangs()), messages="x", timeout=0.2)
    with pytest.raises(APIConnectionError):
        ask(Crashes()).embeddings.create(model="toy-embed", input=[])


class AnyModel(Scripted):
    def find(self, request: Request, name: Any) -> Model:
        return self.models[1 if request.endpoint == "embeddings" else 0]


def test_find_decides_which_models_there_are(ask: Callable[[Scripted], OpenAI]) -> None:
    assert chat(ask(AnyModel()), model="gpt-17").model == "gpt-17"


class Mumbles(Scripted):
    def generate(self, request: Request, task: Task) -> Iterator[Step]:
        return (step for step in super().generate(request, task) if step.token)


class Garbles(Scripted):
    def decode(self, request: Request, data: bytes) -> tuple[str, bytes]:
        return (
            (data.decode(errors="replace"), b"")
            if request.stream
            else super().decode(request, data)
        )


class CutsCharacters(Scripted):
    def decode_rest(self, request: Request, rest: bytes) -> str:
        return "\ufffd" if rest and not request.stream else ""


def test_text_can_go_wrong(ask: Callable[[Scripted], OpenAI]) -> None:
    emoji = "Only emoji 😀"

    assert "the" not in content(ask(Mumbles()), **GREEDY).split()
    garbled = ask(Garbles())
    assert "\ufffd" in joined(stream(garbled, emoji, **GREEDY))
    assert "\ufffd" not in content(garbled, emoji, **GREEDY)
    cut = ask(CutsCharacters())
    assert any(
        content(cut, emoji, max_tokens=limit, **GREEDY).endswith("\ufffd") for limit in (1, 2)
    )


class LeaksStop(Scripted):
    def hold(self, request: Request, text: str, stops: Sequence[str]) -> int:
        return 0


class StopsAtTokens(Scripted):
    def find_stop(self, request: Request, text: str, stops: Sequence[str], start: int) -> int:
        return next((len(text) - len(stop) for stop in stops if text.endswith(stop)), -1)


def test_stop_can_go_wrong(ask: Callable[[Scripted], OpenAI]) -> None:
    leaky, aligned = ask(LeaksStop()), ask(StopsAtTokens())
    whole = content(leaky, **GREEDY)
    first, second, third = whole.split()[1:4]
    inside = f" {second} {third}"[:-1]

    assert (
        joined(stream(leaky, stop=f" {second} {third}", **GREEDY))
        == whole[: whole.index(inside)] + f" {second}"
    )
    assert content(aligned, stop=f" {second}", **GREEDY) == whole.split(f" {second}")[0]
    assert len(third) < 2 or len(content(aligned, stop=inside, **GREEDY)) > whole.index(inside)
    assert first


class WrongBodies(Scripted):
    def answer(self, request: Request, body: Json) -> Json:
        for choice in body.get("choices", ()):
            choice["finish_reason"] = "eos_token"
        return body

    def chunks(self, request: Request, chunks: Iterator[Json]) -> Iterator[Json]:
        for number, chunk in enumerate(chunks):
            yield {**chunk, "created": number}

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "x-broken": "yes"}


def test_answer_chunks_and_headers_edit_what_is_sent(ask: Callable[[Scripted], OpenAI]) -> None:
    client = ask(WrongBodies())

    assert chat(client).choices[0].finish_reason == "eos_token"  # type: ignore[comparison-overlap]
    assert [chunk.created for chunk in stream(client)][:3] == [0, 1, 2]
    assert client.models.with_raw_response.list().headers["x-broken"] == "yes"


class NeverDone(Scripted):
    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        return (b"event: data\n" + event for event in events if b"[DONE]" not in event)


class FlatErrors(Scripted):
    def error(self, request: Request, status: int, error: Json) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(error).encode()


class KeepsOpen(Scripted):
    def error(self, request: Request, status: int, error: Json) -> Reply:
        def body() -> Iterator[bytes]:
            yield b"data: Internal Server Error\n\n"
            self.hang(request)

        return 200, {"content-type": "text/event-stream"}, body()


def test_events_and_errors_edit_bytes(ask: Callable[[Scripted], OpenAI]) -> None:
    with ask(NeverDone()).chat.completions.with_streaming_response.create(
        model="toy", messages=[{"role": "user", "content": "x"}], stream=True
    ) as answer:
        text = answer.read().decode()
    assert text.startswith("event: data\ndata: {")
    assert "[DONE]" not in text

    with pytest.raises(NotFoundError) as caught:
        chat(ask(FlatErrors()), model="nobody")
    assert isinstance(caught.value.response.json()["message"], str)

    server = KeepsOpen()
    ask(server)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.2)
    connection.request("POST", "/v1/chat/completions", b"{")
    reply = connection.getresponse()
    assert reply.read(5) == b"data:"
    with pytest.raises(TimeoutError):
        reply.read()
    connection.close()


class NoPreflight(Scripted):
    def preflight(self, request: Request) -> dict[str, str]:
        raise Refusal(405, "Method not allowed")


class OneSegment(Scripted):
    def route(self, request: Request) -> None:
        super().route(request)
        if request.endpoint == "model" and "/" in request.name:
            raise Refusal(404, "404 page not found")


def test_routes_can_go_wrong(ask: Callable[[Scripted], OpenAI]) -> None:
    server = NoPreflight()
    client = ask(server)
    with pytest.raises(NotFoundError):
        ask(OneSegment()).models.retrieve("org/toy:latest")

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("OPTIONS", "/v1/models")
    assert connection.getresponse().status == 405
    connection.close()
    assert list(client.models.list())


class OnlyLatest(Scripted):
    latest: Request | None = None

    def receive(self, request: Request) -> Request:
        self.latest = request
        return super().receive(request)

    def events(self, request: Request, events: Iterator[bytes]) -> Iterator[bytes]:
        for event in super().events(request, events):
            if self.latest is not request:
                return
            yield event


def test_a_second_request_can_kill_the_first(ask: Callable[[Scripted], OpenAI]) -> None:
    client = ask(OnlyLatest(token_delay=0.01))
    running = client.chat.completions.create(
        model="toy", messages=[{"role": "user", "content": "x"}], stream=True
    )
    next(iter(running))
    chat(client, max_tokens=2)

    assert not any(choice.finish_reason for chunk in running for choice in chunk.choices)


class ToolsAsText(Scripted):
    def receive(self, request: Request) -> Request:
        if request.stream:
            request.json.pop("tools", None)
        return super().receive(request)


def test_only_streams_can_be_broken(ask: Callable[[Scripted], OpenAI]) -> None:
    client = ask(ToolsAsText())
    question = "What is the weather in Paris?"

    assert chat(client, question, tools=[WEATHER]).choices[0].message.tool_calls
    assert joined(stream(client, question, tools=[WEATHER]))
