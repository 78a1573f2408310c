"""Ollama's own API for managing models, beside the API of OpenAI."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from . import routes
from .request import Drop, Gone, Json, Model, Refusal, Reply, Request
from .server import Scripted

_DIGEST = "sha256:" + "0" * 64
_ROUTES = {
    "/api/tags": "GET",
    "/api/show": "POST",
    "/api/copy": "POST",
    "/api/create": "POST",
    "/api/delete": "DELETE",
    "/api/pull": "POST",
}


def full(name: Any) -> str:
    """A name with its tag, or refuse what is none."""
    if not isinstance(name, str) or not name:
        raise Refusal(400, f"name {name!r} is invalid")
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


class Managed(Scripted):
    """A correct server whose models can be copied, created and removed over HTTP."""

    def __init__(self, port: int = 0, **settings: Any) -> None:
        super().__init__(port, **settings)
        self.windows: dict[str, int] = {}
        """The context of each model that has one of its own, by its full name."""

    def respond(self, request: Request) -> Reply:
        """Answer a request to ``/api`` here, and leave the rest."""
        path = urlsplit(request.path).path
        if not path.startswith("/api/"):
            return super().respond(request)
        self.seen.append(request)
        self._closing.wait(self.delay)
        try:
            body = self.manage(request, path)
            status, raw = 200, b"" if body is None else self.dump(body).encode()
        except Refusal as refusal:
            status, raw = refusal.status, self.dump({"error": refusal.message}).encode()
        except Gone:
            raise Drop from None
        return status, {"content-type": "application/json; charset=utf-8"}, raw

    def manage(self, request: Request, path: str) -> Json | None:
        """What a route of ``/api`` answers; None is an empty body."""
        if path not in _ROUTES:
            raise Refusal(404, "404 page not found")
        if request.method != _ROUTES[path]:
            raise Refusal(405, "405 method not allowed")
        if path == "/api/tags":
            return {"models": [self.entry(model) for model in self.models]}
        body = routes.parse(request.raw)
        with self._lock:
            if path == "/api/copy":
                return self.copy(full(body.get("source")), full(body.get("destination")))
            name = full(body.get("model") or body.get("name"))
            if path == "/api/create":
                return self.create(name, body)
            if path == "/api/delete":
                return self.delete(name)
        return self.show(name) if path == "/api/show" else self.pull(name)

    def present(self, name: str) -> Model:
        """The model of a full name, or refuse."""
        found = next((model for model in self.models if model.id == name), None)
        if found is None:
            raise Refusal(404, f"model '{name}' not found")
        return found

    def entry(self, model: Model) -> Json:
        """A model in the list."""
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(model.created))
        return {"name": model.id, "model": model.id, "modified_at": made, "digest": _DIGEST}

    def show(self, name: str) -> Json | None:
        """All about one model."""
        self.present(name)
        own = self.windows.get(name)
        return {
            "modelfile": f"FROM {name}\n",
            "parameters": f"num_ctx                        {own}" if own else "",
            "template": "{{ .Prompt }}",
            "details": {"format": "gguf"},
        }

    def copy(self, source: str, name: str) -> Json | None:
        """Make a copy."""
        self.put(name, self.present(source))
        if source in self.windows:
            self.windows[name] = self.windows[source]
        return None

    def create(self, name: str, body: Json) -> Json | None:
        """Make a model of another one and a size of context."""
        if "from" not in body:
            raise Refusal(400, "neither 'from' or 'files' was specified")
        source = full(body["from"])
        self.put(name, self.present(source))
        size = (body.get("parameters") or {}).get("num_ctx")
        self.windows[name] = size or self.windows.get(source, self.context)
        return {"status": "success"}

    def put(self, name: str, source: Model) -> None:
        """Have a model of this name, now."""
        others = [model for model in self.models if model.id != name]
        self.models = (Model(name, source.embeds), *others)

    def delete(self, name: str) -> Json | None:
        """Remove a model."""
        self.present(name)
        self.models = tuple(model for model in self.models if model.id != name)
        self.windows.pop(name, None)
        return None

    def pull(self, name: str) -> Json | None:
        """Fetch a model: there is nobody to fetch it from."""
        raise Refusal(500, "pull model manifest: file does not exist")

    def context_of(self, request: Request) -> int:
        """A model that was created has a context of its own."""
        name = self.find(request, request.json.get("model")).id
        return self.windows.get(name, super().context_of(request))


class Older(Managed):
    """It reads a Modelfile, as Ollama did at first, and the name in its old place."""

    def create(self, name: str, body: Json) -> Json | None:
        """Make what a Modelfile says."""
        if "modelfile" not in body:
            raise Refusal(400, "path or modelfile are required")
        words = [line.split() for line in body["modelfile"].splitlines()]
        size = next((int(line[2]) for line in words if line[:2] == ["PARAMETER", "num_ctx"]), None)
        source = next(line[1] for line in words if line[0] == "FROM")
        return super().create(name, {"from": source, "parameters": {"num_ctx": size}})


class Forgetful(Managed):
    """Of a conversation that does not fit it leaves out the oldest messages."""

    def receive(self, request: Request) -> Request:
        """Drop messages, as many as it takes by a rough count."""
        messages = request.json.get("messages")
        if request.endpoint == "chat" and isinstance(messages, list) and len(messages) > 2:
            room = self.context_of(request) // 8
            while len(messages) > 1 and sum(len(self.dump(one)) // 8 for one in messages) > room:
                del messages[0]
        return request


CORRECT: tuple[type[Managed], ...] = (Managed, Older, Forgetful)
"""All of them; none fails a check."""
__all__ = ["CORRECT", "Forgetful", "Managed", "Older", "full"]
