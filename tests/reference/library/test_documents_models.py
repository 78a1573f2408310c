"""The document's sections on models, followed as they stand, with our command for Ollama's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openai_compat.backends.registry import installed
from openai_compat.reference.library.library import default_folder

from tests.engines import ENGINES
from tests.reference.conftest import start
from tests.reference.running import Running
from tests.reference.test_documents_examples import EXAMPLES, example, objects

from .registry import RealRegistry, tiny

MODELFILE = "FROM <some model>\nPARAMETER num_ctx <context size>\n"


def test_pull_copy_and_create(
    real_registry: RealRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a registry in place of Ollama's; both new names answer, and are listed."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    real_registry.push("library/llama3.2", "latest", {"model": tiny()["model"]})
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_REFERENCE_REGISTRY", f"http://{real_registry.host}")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    modelfile = MODELFILE.replace("<some model>", "llama3.2").replace("<context size>", "256")
    (tmp_path / "Modelfile").write_text(modelfile, encoding="utf-8")
    engine = next(filter(installed, ENGINES), ENGINES[0])
    server = Running(engine, *start(default_folder(), "--backend", engine))
    try:
        assert "\nollama " in (EXAMPLES / "models.sh.txt").read_text(encoding="utf-8")
        script = example("models.sh.txt", server).replace("ollama ", "openai-reference ")
        done = subprocess.run(
            ["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        listed = server.send("GET", "/v1/models").json["data"]
    finally:
        server.stop()

    assert done.returncode == 0, done.stderr
    answers = objects(done.stdout[done.stdout.index("{") :])
    assert [answer["model"] for answer in answers] == ["gpt-3.5-turbo", "mymodel"]
    assert all(answer["choices"][0]["message"]["content"] for answer in answers)
    assert {"llama3.2:latest", "gpt-3.5-turbo:latest", "mymodel:latest"} <= {
        model["id"] for model in listed
    }
