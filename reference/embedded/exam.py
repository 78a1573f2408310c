"""Examines the first model: ``python -m openai_compat.reference.embedded.exam [BACKEND] [COUNT]``.

Each item is a new lesson whose last answer the model has to give word for word, at
temperature 0 and without any constraint. Prompts have the forms of the lessons; names,
words and numbers are drawn anew.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from ...backends import Generation, ModelFiles, Sampling, Text, TextEvent, Worker
from . import lessons, models

END = "<|im_end|>"
KINDS = ("copy", "know", "json", "tools", "turns", "fill")


def item(kind: str, chance: random.Random) -> tuple[str, str]:
    """A prompt and the right answer."""
    lesson = lessons.teach(kind, chance)
    last = max(index for index, (_, weight) in enumerate(lesson) if weight == 1)
    return "".join(text for text, _ in lesson[:last]), lesson[last][0].removesuffix(END)


def answer(worker: Worker, prompt: str) -> str:
    """What the model says."""
    generation = Generation((Text(prompt),), Sampling(temperature=0), max_tokens=300)
    events = worker.generate(generation)
    return "".join(event.text for event in events if isinstance(event, TextEvent))


def examine(files: ModelFiles, backend: str, count: int) -> dict[str, float]:
    """The share of right answers by kind."""
    worker = Worker(backend, files)
    scores = {}
    for kind in KINDS:
        chance = random.Random(f"exam {kind}")  # noqa: S311 - an exam is no secret
        items = [item(kind, chance) for _ in range(count)]
        right = sum(answer(worker, prompt) == expected for prompt, expected in items)
        scores[kind] = right / count
    worker.close()
    return scores


def main() -> None:
    """Print one line for each kind."""
    backend, count, *folder = [*sys.argv[1:], *("llamacpp", "200")[len(sys.argv[1:]) :]]
    files = models(Path(folder[0]) if folder else None)["tiny"]
    for kind, score in examine(ModelFiles(*files), backend, int(count)).items():
        sys.stdout.write(f"{kind:<8}{score:.3f}\n")


if __name__ == "__main__":
    main()
