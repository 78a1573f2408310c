"""``python -m openai_compat.reference.embedded.training [FOLDER]``: train, write, examine.

It takes some 80 minutes on two cores with AVX-512's bfloat16. Everything that is finished stays in
the folder, so that the same command goes on after an interruption. Needs torch 2.13 with a C++
compiler, gguf, numpy, Pillow and both engines; `tox -e train` brings all but the compiler.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path

import torch

from . import card, chat
from .embedder import train_embedder
from .lesson import template
from .marking import CHAT, EMBEDDER, examine
from .model_file import write_model
from .projector_file import write_projector
from .sight import train_eye


@dataclass(frozen=True, slots=True)
class Length:
    """How long each part takes: steps of the chat model, of its eye, and of the embedder."""

    chat: int = 8600
    sight: int = 6500
    meaning: int = 1600
    questions: int = 200
    """Of each skill of the exam."""


NEEDED = ("merges.json", "chat.pt", f"{EMBEDDER}.gguf")
"""What is written and examined; the first checkpoint is there after 200 steps."""
REHEARSAL = Length(chat=5, sight=2, meaning=4, questions=2)


def say(text: str) -> None:
    """A line of progress, with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
    sys.stdout.flush()


def sight(folder: Path, seed: int, steps: int) -> None:
    """The vision tower alone, if it is not there yet."""
    if not (folder / "eye.pt").exists():
        torch.set_num_threads(1)
        eye = train_eye(chat.WIDTH, steps, seed, say)
        torch.save(eye.state_dict(), folder / "eye.pt")


def meaning(folder: Path, seed: int, steps: int) -> None:
    """The embedding model and its file, if it is not there yet."""
    if not (folder / f"{EMBEDDER}.gguf").exists():
        torch.set_num_threads(1)
        vocabulary, model = train_embedder(steps, seed, say)
        path = folder / f"{EMBEDDER}.new"
        write_model(path, EMBEDDER, vocabulary, model)
        path.replace(folder / f"{EMBEDDER}.gguf")


def write(folder: Path) -> None:
    """The chat model and its projector from the last checkpoint."""
    trained = chat.Chat(chat.known_vocabulary(folder), seed=0)
    trained.load_state_dict(torch.load(folder / "chat.pt")["chat"])
    vocabulary, text = chat.known_vocabulary(folder), trained.text
    write_model(folder / f"{CHAT}.gguf", CHAT, vocabulary, text, template())
    write_projector(folder / f"{CHAT}-projector.gguf", trained.eye.tensors(), chat.WIDTH)


def train(folder: Path, seed: int, length: Length) -> None:
    """Every part that is not finished yet."""
    plan = chat.Plan(folder, length.chat, seed)
    chat.prepare(plan)
    side_by_side(
        lambda: sight(folder, seed, length.sight), lambda: meaning(folder, seed, length.meaning)
    )
    side_by_side(*(partial(chat.train, rank, plan, say) for rank in range(chat.PROCESSES)))


def side_by_side(*works: Callable[[], None]) -> None:
    """Run works in processes of their own; the first that fails ends all."""
    context = multiprocessing.get_context("fork")
    running = [context.Process(target=work) for work in works]
    for process in running:
        process.start()
    try:
        left = list(running)
        while left:
            wait([process.sentinel for process in left])
            left = [process for process in left if process.is_alive()]
            if any(process.exitcode for process in running):
                sys.exit("training has failed; what was finished is kept")
    finally:
        for process in running:
            process.terminate()
            process.join()


def main() -> None:
    """Every part in its order."""
    options = argparse.ArgumentParser(description="Train the embedded models.")
    options.add_argument("folder", nargs="?", default="trained", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rehearse", action="store_true", help="a few steps of everything")
    options.add_argument("--card", type=Path, help="model card that gets the scores")
    options.add_argument(
        "--examine", action="store_true", help="train nothing: write and examine what there is"
    )
    given = options.parse_args()
    length = REHEARSAL if given.rehearse else Length()
    folder: Path = given.folder
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if not given.examine:
        train(folder, given.seed, length)
    elif missing:
        options.error(f"{folder} has no {', '.join(missing)}: leave --examine out to train first")
    write(folder)
    with ThreadPoolExecutor() as both:
        marks = both.map(
            lambda engine: examine(folder, engine, length.questions), ("llamacpp", "ctransformers")
        )
    scores = card.table(*marks)
    say(f"the scores:\n{scores}")
    if given.card:
        card.put(scores, given.card)


if __name__ == "__main__":
    main()
