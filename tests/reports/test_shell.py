"""A command in a report is the command that was sent, wherever its lines break."""

from __future__ import annotations

import json
import random
import shlex
import shutil
import subprocess
from typing import Any

import pytest
from openai_compat.conformance.reports.shell import command_lines

SHELL = shutil.which("sh")
WORDS = ["curl", "-N", "http://localhost:8000/v1/chat/completions", "-H", "A: b c", "-d"]
ALPHABET = "ab ,:{}[]\"'\\$`!#\n\té界🙂\u202e\x1b"


def some_json(rng: random.Random, depth: int = 0) -> Any:
    """A JSON value, often with characters that a shell or a terminal obeys."""
    kind = rng.randrange(6 if depth < 3 else 4)
    if kind <= 1:
        return "".join(rng.choices(ALPHABET, k=rng.randrange(30)))
    if kind <= 3:
        return rng.choice([None, True, 1, 0.5, ""])
    items = [some_json(rng, depth + 1) for _ in range(rng.randrange(6))]
    return items if kind == 4 else {f"k{rng.choice(ALPHABET)}{i}": v for i, v in enumerate(items)}


def dumped(rng: random.Random, body: Any) -> str:
    """JSON text as one program or the other writes it."""
    separators = rng.choice([(",", ":"), (", ", ": ")])
    return json.dumps(body, ensure_ascii=rng.random() < 0.5, separators=separators)


@pytest.mark.skipif(SHELL is None, reason="no sh here")
def test_a_broken_command_is_the_same_command() -> None:
    rng = random.Random(1)
    bodies = [{"model": "tiny", "messages": some_json(rng), "stream": True} for _ in range(200)]
    commands = [shlex.join([*WORDS, dumped(rng, body)]) for body in bodies]
    laid_out = [command_lines(command, rng.randrange(20, 90)) for command in commands]
    script = ["curl() { for word; do printf '%s\\0' \"$word\"; done; }"]
    script += ["\n".join(lines) for lines in laid_out]

    done = subprocess.run(
        [str(SHELL)], input="\n".join(script).encode(), capture_output=True, check=False
    )

    assert done.stderr == b""
    sent = done.stdout.decode().split("\0")[:-1]
    size = len(WORDS)
    assert [json.loads(body) for body in sent[size - 1 :: size]] == bodies
    assert all(sent[i : i + size - 1] == WORDS[1:] for i in range(0, len(sent), size))
    assert all(line.isprintable() for lines in laid_out for line in lines)


def test_lines_break_between_words() -> None:
    assert command_lines("run http://localhost/v1 --only a.b.c", 30) == [
        "run http://localhost/v1 \\",
        "  --only a.b.c",
    ]


def test_a_command_with_continuations_is_laid_out_anew() -> None:
    assert command_lines("curl \\\n  -N \\\n  http://a/", 40) == ["curl -N http://a/"]


def test_what_is_no_command_stays_one_line() -> None:
    text = "an 'open quote " + "x" * 50

    assert command_lines(text, 20) == [text]
