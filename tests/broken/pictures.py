"""Servers that do not see what they are shown."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.scripted import Refusal, Reply, Request, Scripted

from .editing import Json, spelled
from .registry import broken

_VISION = "chat.feature.vision chat.field.{messages.image,messages.image-base64}"


def _contents(request: Request) -> Iterator[Json]:
    messages = request.json.get("messages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict) and isinstance(message.get("content"), list):
            yield message


def _address(part: Json) -> str:
    image = part.get("image_url", "")
    return str(image.get("url") if isinstance(image, dict) else image)


def _is_image(part: Json) -> bool:
    return part.get("type") == "image_url"


@broken(_VISION)
class Blind(Scripted):
    """Pictures are thrown away."""

    def receive(self, request: Request) -> Request:
        for message in _contents(request):
            message["content"] = [part for part in message["content"] if not _is_image(part)]
        return super().receive(request)


class _Spells(Scripted):
    """Pictures whose address starts like that are read as a text."""

    starts = ""

    def receive(self, request: Request) -> Request:
        for message in _contents(request):
            for part in message["content"]:
                if _is_image(part) and (address := _address(part)).startswith(self.starts):
                    part |= {"type": "text", "text": spelled(address)}
        return super().receive(request)


@broken(_VISION)
class ReadsDataUris(_Spells):
    """A data URI is read as a text."""

    starts = "data:"


@broken("chat.field.messages.image-bare", profile="ollama")
class ReadsBase64(_Spells):
    """Base64 without the prefix of a data URI is read as a text."""

    starts = "iVBOR"


@broken("chat.field.messages.image-url")
class ReadsAddresses(_Spells):
    """The address of a picture is read as a text, and nothing is fetched."""

    starts = "http"


@broken("chat.field.messages.image-bare", profile="ollama")
class WantsPrefix(Scripted):
    """Base64 without the prefix of a data URI is a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in _contents(request):
            for part in message["content"]:
                if _is_image(part) and not _address(part).startswith(("data:", "http")):
                    raise Refusal(400, "invalid image input", "messages")


@broken("chat.field.messages.image-url")
class FetchesNothing(Scripted):
    """A picture behind an address is a 400."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in _contents(request):
            if any(_address(part).startswith("http") for part in message["content"]):
                raise Refusal(400, "Image addresses are not supported.", "messages")


@broken("chat.pictures.formats", defect="image-webp-data-uri-rejected")
class NoWebp(Scripted):
    """A picture in WebP is a 400 whose error is a string."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in _contents(request):
            if any(_address(part).startswith("data:image/webp") for part in message["content"]):
                raise Refusal(400, "'url' field must be a base64 encoded image.")

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if "'url' field" in error["message"]:
            return (
                status,
                {"content-type": "application/json"},
                self.dump({"error": error["message"]}).encode(),
            )
        return super().error(request, status, error)


@broken("chat.pictures.broken")
class AnyBytesWillDo(Scripted):
    """A picture that cannot be decoded is left out."""

    def receive(self, request: Request) -> Request:
        for message in _contents(request):
            message["content"] = [
                part for part in message["content"] if not _is_image(part) or self._whole(part)
            ]
        return super().receive(request)

    def _whole(self, part: Json) -> bool:
        data = base64.b64decode(_address(part).partition(",")[2])
        return not data or data.startswith((b"RIFF", b"\xff\xd8")) or data[-8:-4] == b"IEND"


@broken("chat.pictures.several")
class OnePictureOnly(Scripted):
    """Of several pictures only the first is seen."""

    def receive(self, request: Request) -> Request:
        for message in _contents(request):
            images = [part for part in message["content"] if _is_image(part)]
            message["content"] = [part for part in message["content"] if part not in images[1:]]
        return super().receive(request)


@broken("chat.pictures.text-after")
class DeafAfterPictures(Scripted):
    """Text that stands after a picture is lost."""

    def receive(self, request: Request) -> Request:
        for message in _contents(request):
            seen = next(
                (i for i, part in enumerate(message["content"]) if _is_image(part)),
                len(message["content"]),
            )
            message["content"] = message["content"][: seen + 1] + [
                part for part in message["content"][seen + 1 :] if _is_image(part)
            ]
        return super().receive(request)


@broken("chat.field.messages.image-detail")
class DetailCrashes(Scripted):
    """A resolution for a picture is a 500."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        for message in _contents(request):
            for part in message["content"]:
                if (
                    _is_image(part)
                    and isinstance(part["image_url"], dict)
                    and "detail" in part["image_url"]
                ):
                    raise Refusal(500, "The server failed.")
