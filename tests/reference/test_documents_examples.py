"""The document's own examples run as they stand, but for host and port."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .node import node
from .running import Running

EXAMPLES = Path(__file__).with_name("examples")
ADDRESS = "localhost:11434"


def example(name: str, server: Running) -> str:
    """An example with the address of a server; nothing else in it changes."""
    original = (EXAMPLES / name).read_text(encoding="utf-8")
    here = f"localhost:{server.port}"
    changed = original.replace(ADDRESS, here)

    assert changed != original
    assert changed.replace(here, ADDRESS) == original
    return changed


def objects(text: str) -> list[dict[str, Any]]:
    """Every JSON object of a text that has nothing else, with or without space between."""
    decoder, found, rest = json.JSONDecoder(), [], text.strip()
    while rest:
        one, end = decoder.raw_decode(rest)
        found.append(one)
        rest = rest[end:].lstrip()
    return found


def needs_vision(server: Running, shown: str) -> None:
    """On an engine without pictures the example has to fail at its picture, and there only."""
    if server.engine != "llamacpp":
        assert "does not support vision" in shown
        pytest.skip("this engine reads no pictures; it said so")


def test_python(server: Running, tmp_path: Path) -> None:
    """By the official library; what it got is printed by two lines more."""
    script = tmp_path / "usage.py"
    seen = "\nprint(chat_completion.object, completion.object, model.id, len(embeddings.data))\n"
    script.write_text(example("usage.py.txt", server) + seen, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    if done.returncode:
        needs_vision(server, done.stderr)

    assert done.stderr == ""
    assert done.stdout.strip() == "chat.completion text_completion llama3.2 2"


def test_curl(server: Running, tmp_path: Path) -> None:
    """Six requests; each answer is JSON without an error."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    script = tmp_path / "usage.sh"
    script.write_text(example("usage.sh.txt", server), encoding="utf-8")
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=True)
    answers = objects(done.stdout)

    assert len(answers) == 6
    needs_vision(server, json.dumps(answers[1]))
    kinds = [answer.get("object") for answer in answers]
    chat = "chat.completion"
    assert kinds == [chat, chat, "text_completion", "list", "model", "list"]


def test_javascript(server: Running) -> None:
    """By the official library on Node, where npm can install it."""
    seen = (
        "\nconsole.log(chatCompletion.object, completion.object, model.id, embedding.data.length)\n"
    )
    done = node(example("usage.mjs.txt", server) + seen)
    if done.returncode:
        needs_vision(server, done.stderr)

    assert done.stdout.strip() == "chat.completion text_completion llama3.2 2"
