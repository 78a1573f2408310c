"""Servers whose models cannot be copied, created and removed as they say."""

from __future__ import annotations

from typing import Any

from tests.scripted import Managed, Model, Refusal, Reply, Request

from .editing import Json
from .registry import broken

OURS = "conformance-"
"""How the names begin that the judge gives."""
_LONG_AGO = 10**9


def _managed(*breaks: str) -> Any:
    return broken(*breaks, profile="ollama", manage=True)


@_managed("models.manage.tags")
class TagsCrash(Managed):
    """The list of the API that manages models is a 500."""

    def manage(self, request: Request, path: str) -> Json | None:
        if path == "/api/tags":
            raise Refusal(500, "no such table: models")
        return super().manage(request, path)


@_managed("models.manage.tags")
class TagsHideTheModel(Managed):
    """The model that answers is not on the list of the API that manages models."""

    def manage(self, request: Request, path: str) -> Json | None:
        body = super().manage(request, path)
        if path == "/api/tags" and body is not None:
            body["models"] = [one for one in body["models"] if one["name"] != "toy:latest"]
        return body


@_managed("models.manage.copy")
class CopiesNothing(Managed):
    """A copy is promised, and not made."""

    def copy(self, source: str, name: str) -> Json | None:
        self.present(source)
        return None


@_managed("models.manage.copy-openai-name")
class NoDotsInNames(Managed):
    """A name with a dot in it is refused."""

    def copy(self, source: str, name: str) -> Json | None:
        if "." in name:
            raise Refusal(400, f"destination {name!r} is invalid")
        return super().copy(source, name)


@_managed("models.manage.copy-answers")
class CopiesAreMute(Managed):
    """A copy is listed, but does not chat."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        name = str(request.json.get("model"))
        if name.startswith(OURS) and name.endswith("-copy"):
            raise Refusal(400, f"{name} does not support chat", "model")


@_managed("models.manage.copy-echoed")
class CopiesGiveTheirSource(Managed):
    """An answer of a copy bears the name of the model that it is a copy of."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "chat" and str(body.get("model")).startswith(OURS):
            body["model"] = "toy:latest"
        return body


@_managed("models.manage.copy-leaves-source models.manage.delete-leaves-source")
class CopiesAreMoves(Managed):
    """Copying renames: the source is no longer on the list that manages models."""

    def __init__(self, port: int = 0, **settings: Any) -> None:
        super().__init__(port, **settings)
        self._moved: set[str] = set()

    def copy(self, source: str, name: str) -> Json | None:
        self._moved.add(source)
        return super().copy(source, name)

    def entry(self, model: Model) -> Json:
        return super().entry(Model("moved:latest") if model.id in self._moved else model)


@_managed("models.manage.delete")
class DeletesNothing(Managed):
    """Removal is promised, and does not happen the first time."""

    def __init__(self, port: int = 0, **settings: Any) -> None:
        super().__init__(port, **settings)
        self._asked: set[str] = set()

    def delete(self, name: str) -> Json | None:
        if name in self._asked:
            return super().delete(name)
        self._asked.add(name)
        return None


@_managed("models.manage.delete-leaves-source")
class DeletesTheSourceToo(Managed):
    """Where a copy is removed, its source is hidden as well."""

    _hidden = False

    def delete(self, name: str) -> Json | None:
        self._hidden = True
        return super().delete(name)

    def entry(self, model: Model) -> Json:
        hidden = self._hidden and model.id == "toy:latest"
        return super().entry(Model("gone:latest") if hidden else model)


@_managed("models.manage.create")
class CreatesInVain(Managed):
    """A stream that ends with an error follows the promise to create a model."""

    def create(self, name: str, body: Json) -> Json | None:
        return {"status": "parsing", "error": "invalid digest format"}


@_managed("models.manage.create-answers")
class CreationsAreMute(Managed):
    """A created model is listed, but cannot be loaded."""

    def validate(self, request: Request) -> None:
        super().validate(request)
        if str(request.json.get("model")) in {one.removesuffix(":latest") for one in self.windows}:
            raise Refusal(400, "this model cannot be loaded", "model")


@_managed("models.manage.create-shown")
class ShowsNoParameters(Managed):
    """A created model is shown without its parameters."""

    def show(self, name: str) -> Json | None:
        body = super().show(name) or {}
        return {**body, "parameters": ""}


@_managed("models.manage.create-context")
class ContextStays(Managed):
    """A created model has the context of its source, whatever was set."""

    def context_of(self, request: Request) -> int:
        return self.context


@_managed("models.manage.source-context")
class LastContextForAll(Managed):
    """The size of context that was set last is that of every model."""

    _last = 0

    def context_of(self, request: Request) -> int:
        own = super().context_of(request)
        if own != self.context:
            self._last = own
        asks = "legend" in str(request.json.get("messages"))
        return self._last if self._last and asks else own


@_managed("models.manage.source-shown")
class SourceIsShownSmaller(Managed):
    """Where a model was created, its source is shown with the same parameters."""

    def show(self, name: str) -> Json | None:
        own = next(iter(self.windows.values()), 0)
        return {**(super().show(name) or {}), "parameters": f"num_ctx   {own}" if own else ""}


@_managed("models.manage.listed")
class ListedTooLate(Managed):
    """The list of models is the one from the start."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "models":
            body["data"] = [one for one in body["data"] if not one["id"].startswith(OURS)]
        return body


@_managed("models.manage.retrieved")
class NotRetrieved(Managed):
    """A model that was made cannot be retrieved."""

    def find(self, request: Request, name: Any) -> Model:
        hidden = request.endpoint == "model" and name.startswith(OURS)
        return super().find(request, f"{name}-none" if hidden else name)


@_managed("models.manage.created-time")
class CopiesAreOld(Managed):
    """A model that was made has the time of its source."""

    models = (
        Model("toy:latest", created=_LONG_AGO),
        Model("toy-embed:latest", embeds=True, created=_LONG_AGO),
        Model("org/toy:latest", created=_LONG_AGO),
    )

    def describe(self, model: Model) -> Json:
        return {**super().describe(model), "created": _LONG_AGO}


@_managed("models.manage.owned-by")
class CopiesBelongToTheirMaker(Managed):
    """A model that was made belongs to whoever made it."""

    def describe(self, model: Model) -> Json:
        body = super().describe(model)
        return {**body, "owned_by": "me"} if model.id.startswith(OURS) else body


@_managed("models.manage.no-pull-on-use")
class PullsOnUse(Managed):
    """A chat with a model that is not there makes an entry for it."""

    def find(self, request: Request, name: Any) -> Model:
        try:
            return super().find(request, name)
        except Refusal:
            if request.endpoint == "chat" and str(name).startswith(OURS):
                self.put(f"{name}:latest", self.models[-1])
            raise


@_managed("models.manage.pull-unknown")
class PullsAnything(Managed):
    """To pull a model that nobody has is a success."""

    def pull(self, name: str) -> Json | None:
        return {"status": "success"}


@_managed("models.manage.pull-unknown")
class PullIsMissing(Managed):
    """There is no way to pull a model."""

    def respond(self, request: Request) -> Reply:
        if request.path == "/api/pull":
            return 404, {"content-type": "text/plain"}, b"404 page not found"
        return super().respond(request)
