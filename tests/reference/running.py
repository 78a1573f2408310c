"""A running server, and plain requests to it."""

from __future__ import annotations

import http.client
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case, and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The error of an envelope; all four keys have to be there."""
        error: dict[str, Any] = self.json["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert self.headers["content-type"] == "application/json"
        return error

    @property
    def events(self) -> list[Any]:
        """The objects of an event stream, which has to end with [DONE]."""
        frames = self.body.decode().split("\n\n")
        assert frames[-2:] == ["data: [DONE]", ""]
        return [json.loads(frame.removeprefix("data: ")) for frame in frames[:-2]]


@dataclass(frozen=True)
class Running:
    """A server process."""

    engine: str
    process: subprocess.Popen[str]
    url: str
    store: Path | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.url).port or 0

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> Answer:
        """One request on a connection of its own; ``body`` is bytes, or sent as JSON."""
        connection = http.client.HTTPConnection(host, self.port, timeout=60)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def chat(self, **fields: Any) -> Answer:
        """A chat request with one short message, unless the fields say otherwise."""
        body = {"model": "llama3.2", "messages": [{"role": "user", "content": "Hi"}], **fields}
        return self.send("POST", "/v1/chat/completions", body)

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
