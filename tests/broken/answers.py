"""Whole answers that are wrong in form, in identity or in their text."""

from __future__ import annotations

from tests.scripted import Refusal, Request, Scripted

from .editing import Json, choices, set_text, text_of
from .registry import broken


@broken("{chat,completions}.answer.schema")
class NoObjectInAnswers(Scripted):
    """Answers do not say what they are."""

    def answer(self, request: Request, body: Json) -> Json:
        return {
            key: value for key, value in body.items() if key != "object" or "choices" not in body
        }


@broken("chat.answer.schema")
class MessageIsAList(Scripted):
    """The text of a message comes as a list of parts, as in a request."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in (
            choices(body)
            if set(request.json) == {"model", "messages", "max_tokens", "temperature"}
            else ()
        ):
            choice["message"]["refusal"] = []
        return body


@broken("chat.answer.recommended-keys completions.answer.recommended-keys")
class NoLogprobsKey(Scripted):
    """A choice lacks the keys that are null in most answers."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body):
            choice.get("message", {}).pop("refusal", None)
            if choice["logprobs"] is None:
                del choice["logprobs"]
        return body


@broken("{chat,completions}.answer.content-type")
class AnswersSayText(Scripted):
    """Answers have the content type of plain text."""

    def answer(self, request: Request, body: Json) -> Json:
        request.headers["x-whole"] = "choices" if "choices" in body else ""
        return body

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        whole = request.headers.get("x-whole")
        return super().headers(
            request, {**headers, "content-type": "text/plain"} if whole else headers
        )


@broken("{chat,completions}.answer.sdk")
class SaysCompressed(Scripted):
    """Answers claim to be compressed and are not."""

    def answer(self, request: Request, body: Json) -> Json:
        request.headers["x-whole"] = "choices" if "choices" in body else ""
        return body

    def headers(self, request: Request, headers: dict[str, str]) -> dict[str, str]:
        whole = request.headers.get("x-whole")
        return super().headers(
            request, {**headers, "content-encoding": "gzip"} if whole else headers
        )


@broken("{chat,completions}.answer.echoes-model")
class OtherModelName(Scripted):
    """Answers name another model than the request."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "model": "gpt-3.5-turbo"} if "choices" in body else body


@broken("{chat,completions}.answer.created-now")
class CreatedInMilliseconds(Scripted):
    """Answers are created in thousandths of a second."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "created": body["created"] * 1000} if "choices" in body else body


@broken("{chat,completions}.answer.unique-ids")
class OneId(Scripted):
    """All answers have one id."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "id": f"{body['id'].partition('-')[0]}-123"} if "choices" in body else body


@broken("{chat,completions}.{answer.stop,field.stop}", defect="finish-reason-eos-token")
class EosToken(Scripted):
    """An answer that ends by itself says ``eos_token``."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body):
            if choice["finish_reason"] == "stop":
                choice["finish_reason"] = "eos_token"
        return body


@broken("chat.answer.length")
class ChatsSayStop(Scripted):
    """A chat completion says ``stop`` where its limit has cut it, unless it calls a tool."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in (
            choices(body) if request.endpoint == "chat" and "tools" not in request.json else ()
        ):
            choice["finish_reason"] = "stop"
        return body


@broken("completions.answer.length", defect="completions-finish-reason-hardcoded-stop")
class CompletionsSayStop(Scripted):
    """A text completion says ``stop``, cut or not."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body) if request.endpoint == "completions" else ():
            choice["finish_reason"] = "stop"
        return body


@broken("{chat,completions}.answer.stop")
class SaysLength(Scripted):
    """An answer that ends by itself says ``length``."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body):
            if choice["finish_reason"] == "stop" and not request.json.get("stop"):
                choice["finish_reason"] = "length"
        return body


@broken("chat.answer.no-control-tokens", defect="special-tokens-leak")
class LeaksControlTokens(Scripted):
    """A message that ended by itself ends with a token of the prompt template."""

    def answer(self, request: Request, body: Json) -> Json:
        for choice in choices(body) if request.endpoint == "chat" else ():
            if (
                choice["finish_reason"] == "stop"
                and text_of(choice)
                and not request.json.get("response_format")
            ):
                set_text(choice, f"{text_of(choice)}<|im_end|>")
        return body


@broken(
    "{chat,completions}.answer.whole-characters", defect="nonstream-ufffd-on-truncated-codepoint"
)
class CutCharacter(Scripted):
    """A whole answer that is cut inside a character ends with U+FFFD; a stream does not."""

    def decode_rest(self, request: Request, rest: bytes) -> str:
        return "" if request.stream else rest.decode(errors="replace")


@broken("{chat,completions}.answer.unknown-fields", profile="ollama")
class RefusesUnknownFields(Scripted):
    """A field that the API does not have is a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if strange := [name for name in request.json if name.startswith("x_")]:
            raise Refusal(
                400, f"Unknown parameter: '{strange[0]}'.", strange[0], "unknown_parameter"
            )


@broken("{chat,completions}.answer.neutral-values")
class RefusesNull(Scripted):
    """A field that is null is a 400, though the API allows it."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for name in ("seed", "stop", "top_p"):
            if name in request.json and request.json[name] is None:
                raise Refusal(400, f"'{name}' must not be null.", name)


@broken("{chat,completions}.answer.neutral-values")
class RefusesDefaults(Scripted):
    """A penalty of 0 is a 400, though it is the default."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if request.json.get("presence_penalty") == 0:
            raise Refusal(400, "'presence_penalty' is not supported.", "presence_penalty")
