"""The OpenAPI documents are complete, and schemathesis can work with them."""

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from jsonschema import Draft202012Validator
from openai_compat.spec import PROFILES, Json, load_api, load_schema
from openai_compat.spec.openapi import ERRORS


def references(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_reference_leads_somewhere(profile: str) -> None:
    document = load_schema(profile, "openapi")

    for reference in set(references(document)):
        value: Json = document
        for key in reference.removeprefix("#/").split("/"):
            value = value[key]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_operation_has_its_answers(profile: str) -> None:
    paths = load_schema(profile, "openapi")["paths"]

    for operation in load_api().operations.values():
        entry = paths[operation.path][operation.method.lower()]
        assert entry["operationId"] == operation.id
        assert entry["responses"].keys() == {"200", *ERRORS}
        content = entry["responses"]["200"]["content"]
        assert ("text/event-stream" in content) == (operation.chunk is not None)


@pytest.mark.parametrize("status", ["429", "503"])
def test_a_busy_server_says_when_to_come_back(status: str) -> None:
    responses = load_schema("openai", "openapi")["components"]["responses"]

    assert "Retry-After" in responses[status]["headers"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("operation", ["chat", "completions", "embeddings"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_schemathesis_makes_requests_that_are_valid(profile: str, operation: str) -> None:
    document = schemathesis.openapi.from_dict(load_schema(profile, "openapi"))
    path = load_api().operations[operation].path  # type: ignore[index]  # one of the endpoints
    validator = Draft202012Validator(load_schema(profile, f"{operation}.request"))
    bodies: list[Json] = []

    @hypothesis.settings(
        max_examples=5,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(document[path]["POST"].as_strategy())
    def generate(case: schemathesis.Case[Json]) -> None:
        bodies.append(case.body)

    generate()

    assert bodies
    assert [body for body in bodies if not validator.is_valid(body)] == []
