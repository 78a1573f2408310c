"""The command ``openai-reference serve``, started once for each engine."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from openai_compat.backends.registry import installed

from tests.engines import ENGINES, needs

from .library.registry import RealRegistry, registry_binary, started
from .running import Running

COPIES = {"llama3.2": "tiny", "llava": "tiny", "all-minilm": "tiny-embed", "user/own:v1": "tiny"}
"""The names in the document's examples, and what stands for each."""


@pytest.fixture(scope="session", autouse=True)
def nobodys_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees, or touches, the models of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OLLAMA_MODELS", raising=False)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


def command(*arguments: str) -> list[str]:
    """The command line, by this interpreter."""
    code = "import sys; from openai_compat.reference.cli import main; sys.exit(main())"
    return [sys.executable, "-c", code, *arguments]


def start(store: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A server process and its address without a path."""
    if not any(map(installed, ENGINES)):
        pytest.skip("no engine is installed")
    process = subprocess.Popen(
        command("serve", "--port", "0", "--models", str(store), *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+(?=/v1)", process.stdout.readline())
    assert found is not None, "the server has not started"
    return process, found.group()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model store with copies of the embedded models, made by ``cp``."""
    folder = tmp_path_factory.mktemp("store")
    for name, source in COPIES.items():
        subprocess.run(command("cp", source, name, "--models", str(folder)), check=True)
    return folder


@pytest.fixture(scope="session")
def servers(store: Path) -> Iterator[dict[str, Running]]:
    """Servers by engine; each is started when it is first asked for."""
    started: dict[str, Running] = {}
    yield started
    for running in started.values():
        running.stop()


@pytest.fixture(params=ENGINES)
def server(request: pytest.FixtureRequest, servers: dict[str, Running], store: Path) -> Running:
    """The server of one engine; the test runs once for each."""
    name: str = request.param
    needs(name)
    if name not in servers:
        servers[name] = Running(name, *start(store, "--backend", name))
    return servers[name]


@pytest.fixture(params=ENGINES)
def openai_server(
    request: pytest.FixtureRequest, servers: dict[str, Running], store: Path
) -> Running:
    """The server of one engine under the profile ``openai``."""
    name: str = request.param
    needs(name)
    key = f"{name} openai"
    if key not in servers:
        servers[key] = Running(name, *start(store, "--backend", name, "--profile", "openai"))
    return servers[key]


@pytest.fixture
def client(server: Running) -> Iterator[openai.OpenAI]:
    """The official client, without retries."""
    with openai.OpenAI(base_url=f"{server.url}/v1/", api_key="any", max_retries=0) as made:
        yield made


@pytest.fixture(scope="session")
def real_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRegistry]:
    """Debian's registry of container images, on a port of its own."""
    with started(registry_binary(), tmp_path_factory.mktemp("registry")) as registry:
        yield registry
