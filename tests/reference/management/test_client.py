"""Ollama's Python package manages the reference's models."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import ollama
import openai
import pytest
from openai_compat.reference import embedded

from tests.reference.library.registry import RealRegistry, tiny
from tests.reference.running import Running


@pytest.fixture
def named(client: ollama.Client) -> Iterator[str]:
    """A copy of the embedded model, deleted afterwards."""
    client.copy("tiny", "gpt-3.5-turbo")
    yield "gpt-3.5-turbo"
    client.delete("gpt-3.5-turbo")


def test_a_copy_is_listed_described_and_deleted(client: ollama.Client, managed: Running) -> None:
    """What the client sees is what lies in the store."""
    store = managed.store
    assert store is not None
    client.copy("tiny", "mine")
    listed = {model.model: model for model in client.list().models}
    mine = listed["mine:latest"]
    manifest = store / "manifests/registry.ollama.ai/library/mine/latest"
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    client.delete("mine")

    assert mine.digest == digest
    embedder = listed["tiny-embed:latest"]
    assert mine.size is not None
    assert embedder.size is not None
    assert mine.size > embedder.size
    assert mine.modified_at is not None
    assert datetime.now(UTC) - mine.modified_at < timedelta(minutes=1)
    assert mine.details is not None
    assert (mine.details.family, mine.details.quantization_level) == ("llama", "F16")
    assert "mine:latest" not in {model.model for model in client.list().models}
    assert not list((store / "blobs").iterdir())
    assert managed.send("GET", "/v1/models/mine").status == 404


def test_a_copy_works_in_the_model_field(named: str, managed: Running) -> None:
    """Claims C100 to C102, C110."""
    with openai.OpenAI(base_url=f"{managed.url}/v1", api_key="any", max_retries=0) as made:
        answer = made.chat.completions.create(
            model=named, messages=[{"role": "user", "content": "Say this is a test"}], temperature=0
        )
        ids = [model.id for model in made.models.list()]

    assert answer.model == named
    assert answer.choices[0].message.content
    assert f"{named}:latest" in ids


def test_show_tells_everything(client: ollama.Client) -> None:
    """Family, size, abilities, template, and the metadata of the file without its lists."""
    shown = client.show("tiny")

    assert shown.capabilities == ["completion", "tools", "vision", "insert", "embedding"]
    assert shown.details is not None
    assert shown.details.families == ["llama", "clip"]
    assert shown.template
    assert "im_start" in shown.template
    assert shown.license == "mit"
    assert shown.modelinfo is not None
    assert shown.modelinfo["llama.context_length"] == 4096
    assert shown.modelinfo["tokenizer.ggml.tokens"] is None
    assert client.show("tiny-embed").capabilities == ["embedding"]


def test_ps_names_what_is_loaded(client: ollama.Client, managed: Running) -> None:
    """With the length of its context."""
    managed.chat(model="tiny", max_tokens=1)
    loaded = {model.model: model for model in client.ps().models}

    assert loaded["tiny:latest"].context_length == 4096
    assert loaded["tiny:latest"].size


@pytest.mark.parametrize("name", ["nothing", "../x", "a b"])
def test_mistakes_are_errors_of_the_client(client: ollama.Client, name: str) -> None:
    """A status and a message, as from Ollama."""
    with pytest.raises(ollama.ResponseError) as shown:
        client.show(name)
    with pytest.raises(ollama.ResponseError) as copied:
        client.copy("tiny", "../x")
    with pytest.raises(ollama.ResponseError) as deleted:
        client.delete("tiny")

    assert shown.value.status_code == (404 if name == "nothing" else 400)
    assert name in shown.value.error
    assert copied.value.status_code == 400
    assert deleted.value.status_code == 403
    assert "another store" in deleted.value.error


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/show", {}, 400),
        ("POST", "/api/show", {"model": 7}, 400),
        ("POST", "/api/show", {"model": "tiny", "verbose": "yes"}, 400),
        ("POST", "/api/show", b"{", 400),
        ("POST", "/api/copy", {"source": "tiny"}, 400),
        ("POST", "/api/tags", {}, 405),
        ("DELETE", "/api/delete", {"model": "nothing"}, 404),
    ],
)
def test_errors_have_ollamas_shape(
    managed: Running, method: str, path: str, body: object, status: int
) -> None:
    """One message, and no trace."""
    answer = managed.send(method, path, body)

    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert isinstance(answer.json["error"], str)


def test_a_model_is_made_of_another(client: ollama.Client, managed: Running) -> None:
    """With settings that take effect, and that show tells; its source stays as it was."""
    told = client.create(
        "short", from_="tiny", parameters={"num_ctx": 256, "stop": ["one", "two"]},
        system="Be brief.", license="Ours", messages=[{"role": "user", "content": "Hi"}],
    )  # fmt: skip
    shown = client.show("short")
    managed.chat(model="short", max_tokens=1)
    contexts = {model.model: model.context_length for model in client.ps().models}
    again = client.create("again", from_="short", stream=True)
    statuses = [one.status for one in again]
    inherited = client.show("again")
    for name in ("short", "again"):
        client.delete(name)

    assert told.status == "success"
    assert contexts["short:latest"] == 256
    assert shown.parameters is not None
    assert [line.split() for line in shown.parameters.splitlines()] == [
        ["num_ctx", "256"], ["stop", '"one"'], ["stop", '"two"'],
    ]  # fmt: skip
    assert shown.license == "Ours"
    assert shown.modelfile is not None
    assert "PARAMETER num_ctx 256" in shown.modelfile
    assert statuses[-1] == "success"
    assert inherited.parameters == shown.parameters
    assert "num_ctx" not in (client.show("tiny").parameters or "")


def test_a_modelfile_is_taken_as_a_text(managed: Running, client: ollama.Client) -> None:
    """As older clients send it; a mistake names its place, and no file of the server is read."""
    made = managed.send(
        "POST",
        "/api/create",
        {"name": "older", "modelfile": "FROM tiny\nPARAMETER num_ctx 128", "stream": False},
    )
    assert made.json == {"status": "success"}
    assert "128" in (client.show("older").parameters or "")
    client.delete("older")
    for modelfile, said in (
        ("FROM tiny\nPARAMETR num_ctx 1", "line 2, column 1"),
        (f"FROM {embedded.FOLDER / 'tiny.gguf'}", "cannot be the name of a model"),
        ("FROM nothing", "no model of this name"),
    ):
        body = {"model": "bad", "modelfile": modelfile, "stream": False}
        answer = managed.send("POST", "/api/create", body)
        assert answer.status == 400
        assert said in answer.json["error"]
    with pytest.raises(ollama.ResponseError):
        client.show("bad")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "'from'"),
        ({"from": "nothing"}, "no model of this name"),
        ({"from": "tiny", "parameters": {"num_ctx": "many"}}, "parameters.num_ctx"),
        ({"from": "tiny", "parameters": {"num_cxt": 5}}, "num_cxt"),
        ({"from": "tiny", "parameters": 5}, "parameters"),
        ({"from": "tiny", "messages": [{"role": "god", "content": "x"}]}, "messages[0]"),
        ({"from": "tiny", "template": "{{ .Nonsense }}"}, "template"),
        ({"from": "tiny", "files": {"a.gguf": "sha256:0"}}, "files"),
        ({"from": "tiny", "license": 7}, "license"),
        ({"from": "tiny", "system": 7}, "system"),
    ],
)
def test_what_cannot_be_made_is_told(
    managed: Running, client: ollama.Client, fields: dict[str, object], said: str
) -> None:
    """And nothing is left behind."""
    body = {"model": "bad", "stream": False, **fields}
    answer = managed.send("POST", "/api/create", body)

    assert answer.status == 400
    assert said in answer.json["error"]
    assert "line 1" not in answer.json["error"]
    assert "bad:latest" not in {model.model for model in client.list().models}


def test_a_model_is_pulled(
    client: ollama.Client, managed: Running, real_registry: RealRegistry
) -> None:
    """From a real registry, with statuses as they come; one that is not there is an error."""
    real_registry.push("me/pulled", "v1", tiny())
    name = f"{real_registry.host}/me/pulled:v1"
    statuses = list(client.pull(name, stream=True))
    names = {model.model for model in client.list().models}
    again = client.pull(name)
    client.delete(name)
    with pytest.raises(ollama.ResponseError) as missing:
        client.pull(f"{real_registry.host}/me/nothing")
    with pytest.raises(ollama.ResponseError, match="not in the registry"):
        list(client.pull(f"{real_registry.host}/me/nothing", stream=True))
    with pytest.raises(ollama.ResponseError) as address:
        client.pull(f"http://{real_registry.host}/me/pulled:v1")

    assert statuses[0].status == "pulling manifest"
    assert statuses[-1].status == "success"
    assert [one.status for one in statuses].count("success") == 1
    moving = [one for one in statuses if one.digest]
    assert all(one.total and (one.completed or 0) <= one.total for one in moving)
    assert name in names
    assert again.status == "success"
    assert missing.value.status_code == 404
    assert address.value.status_code == 400


def test_foreign_pages_manage_nothing(managed: Running, client: ollama.Client) -> None:
    """A browser sends such a request without asking first; pages of this machine may."""
    body = {"source": "tiny", "destination": "stolen"}
    foreign = {"origin": "https://evil.example", "content-type": "text/plain"}
    refused = managed.send("POST", "/api/copy", body, foreign)
    listed = managed.send("GET", "/api/tags", None, foreign)
    local = managed.send("GET", "/api/tags", None, {"origin": "http://localhost:3000"})

    assert (refused.status, listed.status, local.status) == (403, 403, 200)
    assert "stolen:latest" not in {model.model for model in client.list().models}
