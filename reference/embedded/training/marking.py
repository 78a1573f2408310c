"""Sits the exam: starts the server on the models, asks every question, and marks the answers.

``python -m openai_compat.reference.embedded.training.marking`` prints one line for each skill of
the project's own models; ``--help`` tells the rest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openai

from .. import models
from .exam import FORCED, SKILLS, Question, forced, questions
from .meanings import triple

CHAT, EMBEDDER = "tiny", "tiny-embed"
MEANING: Final = "nearer meaning"
LONGEST: Final = 300
"""Tokens of an answer, at most."""
_COMMAND = "import sys; from openai_compat.reference.cli import main; sys.exit(main())"
_WATCHING = """\
import os, signal, threading

def watch():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=watch, daemon=True).start()
"""
"""The server ends when its standard input does: here, or with this process, however that ends."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How many answers were right, and the answers."""

    right: int
    answers: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of right answers; 0 where there are none at all."""
        return self.right / len(self.answers) if self.answers else 0.0


@contextlib.contextmanager
def serving(folder: Path | None, backend: str) -> Iterator[openai.OpenAI]:
    """A client of a server of its own, on the models of a folder."""
    with tempfile.TemporaryDirectory() as store:
        for name, (weights, projector) in models(folder).items():
            more = ("--projector", str(projector)) if projector else ()
            copy = ("cp", str(weights), f"exam-{name}", *more, "--models", store)
            subprocess.run([sys.executable, "-c", _COMMAND, *copy], check=True)  # noqa: S603 - our own
        serve = (
            "serve",
            "--port",
            "0",
            "--backend",
            backend,
            "--profile",
            "openai",
            "--models",
            store,
        )
        with subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-c", _WATCHING + _COMMAND, *serve],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as server:  # fmt: skip
            said = server.stdout.readline() if server.stdout else ""
            address = re.search(r"http://\S+/v1", said)
            if address is None:
                msg = f"the server has not started: {said}"
                raise RuntimeError(msg)
            with openai.OpenAI(base_url=address.group(), api_key="exam", max_retries=0) as client:
                yield client


def answer(client: openai.OpenAI, question: Question) -> str:
    """What the model says, at temperature 0 and without any constraint."""
    body = {"model": f"exam-{CHAT}", "temperature": 0, "max_tokens": LONGEST, **question.body}
    choice: Any = client.post(question.path, body=body, cast_to=object)
    said = choice["choices"][0]
    text: str = said["text"] if "text" in said else said["message"]["content"]
    return text


def mark(client: openai.OpenAI, skill: str, count: int) -> Mark:
    """One skill's exam."""
    asked = questions(skill, count)
    said = [answer(client, question) for question in asked]
    right = sum(one.right(text) for one, text in zip(asked, said, strict=True))
    return Mark(right, tuple(said))


def mark_forced(client: openai.OpenAI, kind: str, count: int) -> Mark:
    """How many answers under a constraint are valid, at temperature 1.

    An answer that its limit cut off (``finish_reason`` is ``length``) is neither right nor wrong.
    """
    said, right = [], 0
    for number, one in enumerate(forced(kind, count)):
        body = {
            "model": f"exam-{CHAT}",
            "temperature": 1,
            "seed": number,
            "max_tokens": 4 * LONGEST,
            **one.body,
        }
        reply: Any = client.post("/chat/completions", body=body, cast_to=object)
        choice = reply["choices"][0]
        if choice["finish_reason"] != "length":
            right += one.valid(choice["message"])
            said.append(json.dumps(choice["message"], ensure_ascii=False))
    return Mark(right, tuple(said))


def mark_meaning(client: openai.OpenAI, count: int) -> Mark:
    """How often a paraphrase is nearer to a text than a text about something else."""
    said, right = [], 0
    chance = random.Random("final exam")  # noqa: S311 - an exam is no secret
    for three in [triple(chance, unseen=True) for _ in range(count)]:
        found = client.embeddings.create(
            model=f"exam-{EMBEDDER}", input=list(three), encoding_format="float"
        )
        text, same, other = (item.embedding for item in found.data)
        nearer = sum(map(float.__mul__, text, same)) > sum(map(float.__mul__, text, other))
        right += nearer
        said.append(str(nearer))
    return Mark(right, tuple(said))


def examine(folder: Path | None, backend: str, count: int, only: str = "") -> dict[str, Mark]:
    """Every skill that the backend has."""
    found = {}
    with serving(folder, backend) as client:
        for skill in SKILLS:
            if only in skill and not (backend == "ctransformers" and skill.startswith("picture")):
                found[skill] = mark(client, skill, count)
        for kind in FORCED:
            if only in kind:
                found[kind] = mark_forced(client, kind, count)
        if only in MEANING:
            found[MEANING] = mark_meaning(client, count)
    return found


def main() -> None:
    """Print the marks, and the wrong answers if they are wanted."""
    options = argparse.ArgumentParser(description="Examine the embedded models.")
    options.add_argument("--backend", default="llamacpp")
    options.add_argument("--count", type=int, default=200, help="questions of each skill (200)")
    options.add_argument("--models", type=Path, help="folder of GGUF files (this project's)")
    options.add_argument(
        "--only", default="", metavar="TEXT", help="skills with this in their name"
    )
    options.add_argument(
        "--wrong", type=int, default=0, metavar="N", help="show so many wrong answers"
    )
    given = options.parse_args()
    for skill, found in examine(given.models, given.backend, given.count, given.only).items():
        sys.stdout.write(f"{skill:<26}{found.share:.3f}\n")
        shown = 0
        for one, text in zip(
            questions(skill, given.count) if skill in SKILLS else (), found.answers, strict=False
        ):
            if not one.right(text) and shown < given.wrong:
                shown += 1
                asked = json.dumps(one.body, ensure_ascii=False)[-300:]
                sys.stdout.write(
                    f"    asked    {asked}\n    right    {one.expected}\n    answered {text}\n"
                )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
