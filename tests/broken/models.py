"""Lists of models, and single models, that are wrong."""

from __future__ import annotations

from tests.scripted import Model, Refusal, Reply, Request, Scripted

from .editing import Json
from .registry import broken


class _Lists(Scripted):
    """Changes the list of models."""

    def listed(self, data: list[Json]) -> list[Json]:
        raise NotImplementedError

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "data": self.listed(body["data"])} if request.endpoint == "models" else body


@broken("models.list.schema")
class NoObjectInModels(_Lists):
    """Listed models do not say what they are."""

    def listed(self, data: list[Json]) -> list[Json]:
        return [{key: value for key, value in item.items() if key != "object"} for item in data]


@broken("models.list.{schema,created} model.retrieve.schema", defect="models-created-missing")
class NoCreated(Scripted):
    """Models have no ``created``."""

    def describe(self, model: Model) -> Json:
        return {key: value for key, value in super().describe(model).items() if key != "created"}


@broken("models.list.created model.retrieve.equals-list")
class CreatedInTheFuture(_Lists):
    """Listed models were created tomorrow."""

    def listed(self, data: list[Json]) -> list[Json]:
        return [{**item, "created": item["created"] + 10**9} for item in data]


@broken(
    "models.{list.not-empty,feature.list}", model="toy:latest", embedding_model="toy-embed:latest"
)
class EmptyList(_Lists):
    """The list of models is empty."""

    def listed(self, data: list[Json]) -> list[Json]:
        return []


@broken("models.list.unique")
class ListedTwice(_Lists):
    """Every model is listed twice."""

    def listed(self, data: list[Json]) -> list[Json]:
        return data * 2


@broken("models.list.serves", model="toy:latest")
class HidesItsModel(_Lists):
    """The model that answers is not listed."""

    def listed(self, data: list[Json]) -> list[Json]:
        return data[1:]


@broken(
    "{chat,completions,embeddings}.error.unknown-model model.retrieve.unknown",
    defect="models-hardcoded-fake-list",
)
class FakeList(Scripted):
    """A famous name is all that is listed, and any name is answered."""

    def find(self, request: Request, name: str) -> Model:
        if not isinstance(name, str) or not name:
            return super().find(request, name)
        return Model(name, embeds=request.endpoint == "embeddings", created=1)

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "models":
            body["data"] = [{**body["data"][0], "id": "gpt-3.5-turbo", "created": 1}]
        return body


@broken("models.list.owned-by model.retrieve.equals-list", profile="ollama")
class OwnedByNobody(_Lists):
    """Listed models belong to ``organization``."""

    def listed(self, data: list[Json]) -> list[Json]:
        return [{**item, "owned_by": "organization"} for item in data]


@broken(
    "models.feature.list models.list.{schema,not-empty}",
    model="toy:latest",
    embedding_model="toy-embed:latest",
)
class NoListRoute(Scripted):
    """There is no list of models."""

    def route(self, request: Request) -> None:
        super().route(request)
        if request.endpoint == "models":
            raise Refusal(404, "Unknown request URL.", None, "unknown_url")


@broken("model.retrieve.{schema,equals-list}")
class ModelIsBare(Scripted):
    """A retrieved model was created at a broken second."""

    def answer(self, request: Request, body: Json) -> Json:
        if request.endpoint == "model":
            body["created"] = float(body["created"]) + 0.5
        return body


@broken("model.retrieve.equals-list")
class CreatedWhenAsked(Scripted):
    """A retrieved model was created when it was asked for."""

    def answer(self, request: Request, body: Json) -> Json:
        return {**body, "created": body["created"] - 5} if request.endpoint == "model" else body


@broken("model.feature.retrieve")
class NoRetrieveRoute(Scripted):
    """Single models cannot be retrieved."""

    def route(self, request: Request) -> None:
        super().route(request)
        if request.endpoint == "model":
            raise Refusal(404, "Unknown request URL.", None, "unknown_url")


@broken("model.retrieve.unknown")
class RetrievesAnything(Scripted):
    """Any name can be retrieved."""

    def find(self, request: Request, name: str) -> Model:
        return (
            Model(name)
            if request.endpoint == "model" and name not in self._names()
            else super().find(request, name)
        )

    def _names(self) -> set[str]:
        return {
            name for model in self.models for name in (model.id, model.id.removesuffix(":latest"))
        }


@broken("model.retrieve.encoded", defect="model-retrieve-slash-404")
class OneSegmentOnly(Scripted):
    """A model whose name holds a slash, encoded or not, is a 404 in plain text."""

    def route(self, request: Request) -> None:
        super().route(request)
        if request.endpoint == "model" and "/" in request.name:
            raise Refusal(404, "page not found", None, "no_route")

    def error(self, request: Request, status: int, error: Json) -> Reply:
        if error["code"] == "no_route":
            return 404, {"content-type": "text/plain"}, b"404 page not found"
        return super().error(request, status, error)


@broken("model.retrieve.untagged", profile="ollama")
class RetrieveWantsTag(Scripted):
    """A model is retrieved by its full name only."""

    def find(self, request: Request, name: str) -> Model:
        return super().find(
            request, f"{name}:none" if request.endpoint == "model" and ":" not in name else name
        )


@broken("model.serve.untagged", profile="ollama")
class ChatWantsTag(Scripted):
    """A chat needs the full name of its model."""

    def find(self, request: Request, name: str) -> Model:
        bare = request.endpoint == "chat" and isinstance(name, str) and ":" not in name
        return super().find(request, f"{name}:none" if bare else name)
