"""Sounds and documents that are heard, and those that are only read as a text in base64."""

from __future__ import annotations

from typing import ClassVar

import pytest
from openai_compat.conformance.verdict import Observed

from tests.broken.editing import spelled
from tests.scripted import Request, Scripted

from .judging import judged

PARTS = {"messages.audio": "input_audio", "messages.file": "file"}


class Hears(Scripted):
    """It has words for what a part holds."""

    def words(self, _part: dict[str, dict[str, str]], kind: str) -> str:
        return f"a part of type {kind}"

    def receive(self, request: Request) -> Request:
        for message in request.json.get("messages", ()):
            content = message["content"]
            for part in content if isinstance(content, list) else ():
                if (kind := part["type"]) in PARTS.values():
                    part |= {"type": "text", "text": self.words(part, kind)}
        return super().receive(request)


class ReadsBase64(Hears):
    """It reads the data of a part as a text."""

    data: ClassVar = {"input_audio": "data", "file": "file_data"}

    def words(self, part: dict[str, dict[str, str]], kind: str) -> str:
        return spelled(part[kind][self.data[kind]])


@pytest.mark.parametrize(
    ("server", "observed"), [(Hears, Observed.HONOURED), (ReadsBase64, Observed.IGNORED)]
)
def test_what_a_server_makes_of_media(server: type[Scripted], observed: Observed) -> None:
    run = judged(server(), "openai", only=tuple(f"chat.field.{name}" for name in PARTS))

    found = {one.name: one.observed for one in run.support if one.name in PARTS}
    assert found == dict.fromkeys(PARTS, observed)
