"""A worker that dies takes its requests with it and nothing else, and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai_compat.backends import Generation, ModelFiles, Sampling, Text, Worker
from openai_compat.backends.errors import BackendError, WorkerLostError
from openai_compat.backends.registry import backend, choose, names

from tests.engines import ENGINES, needs

from .conftest import run

ENDLESS = Generation((Text("go on"),), Sampling(temperature=0, logit_bias={2: -100}))


@pytest.mark.parametrize("name", ENGINES)
def test_kill_while_eight_requests_run(name: str, model_files: ModelFiles) -> None:
    """Each of them gets an error; the next request works, in a new process."""
    needs(name)
    worker = Worker(name, model_files)
    streams = [worker.generate(ENDLESS) for _ in range(8)]
    next(streams[0])
    killed = worker.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    def outcome(index: int) -> str:
        try:
            list(streams[index])
        except WorkerLostError as error:
            return str(error)
        return "finished"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(8)))
    _, last = run(worker, "again", max_tokens=3)

    assert all("SIGKILL" in text for text in outcomes), outcomes
    assert last.usage.completion_tokens == 3
    assert worker.pid != killed
    worker.close()


def test_the_process_ends_when_the_worker_is_closed(model_files: ModelFiles) -> None:
    """Nothing is left behind."""
    worker = Worker(choose(), model_files)
    worker.describe()
    pid = worker.pid
    worker.close()

    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_backends_are_found_by_name() -> None:
    """An unknown name says which there are."""
    assert {"llamacpp", "ctransformers"} <= set(names())
    assert backend("ctransformers").engine == "ctransformers"
    with pytest.raises(BackendError, match="llamacpp"):
        backend("nope")


def test_the_registry_imports_no_engine() -> None:
    """The server looks for engines; only the worker imports one."""
    code = (
        "import sys; from openai_compat.backends.registry import choose; choose();"
        "print([name for name in ('numpy', 'llama_cpp', 'llguidance') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_missing_engine_names_the_pip_line() -> None:
    """For a named backend and for the automatic choice."""
    code = (
        "import sys; sys.modules.update({'llama_cpp': None, 'ctransformers': None});"
        "from openai_compat.reference.cli import main;"
        "print(main(['serve', '--backend', 'llamacpp']), main(['serve']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "2 2"
    assert "pip install 'openai-compat[llamacpp]'" in done.stderr
    assert "pip install 'openai-compat[ctransformers]'" in done.stderr
