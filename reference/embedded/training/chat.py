"""Trains the chat model and its eye, on two processes of one thread each."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn import functional

from .batches import NOTHING, SEEN, Batch, Row, batches, row
from .beginning import begin
from .course import Stage, stage
from .draw import Draw
from .eye import Eye
from .lessons import SUBJECTS, teach
from .merging import learn
from .muon import Muon, put_together
from .precision import FAST
from .transformer import Shape, Transformer
from .vocabulary import Vocabulary

WIDTH, LAYERS, HEADS, INNER, MERGES = 128, 5, 4, 384, 480
ROPE_BASE = 1e6
PROCESSES = 2
"""Each computes the gradient of its part of a step's lessons, then they step together."""
MATRIX_RATE, OTHER_RATE, EYE_RATE = 0.02, 0.004, 0.2
"""Learning rates; the eye's as a share."""
WARMUP = 60
"""Steps in which the rates rise."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many steps to train, and where progress is kept."""

    folder: Path
    steps: int
    seed: int = 1

    def stage(self, step: int) -> Stage:
        """The stage of the course to which a step belongs."""
        return stage(step / self.steps)[0]

    def rate(self, step: int) -> float:
        """The share of the learning rates that a step has."""
        now, done = stage(step / self.steps)
        return min(1.0, (step + 1) / WARMUP) * now.rate(done)


class Chat(nn.Module):
    """The language model and its eye.

    ``again`` tells from a state in the middle whether a token was there before. It is there for
    the training alone.
    """

    def __init__(self, vocabulary: Vocabulary, seed: int, precision: torch.dtype = FAST) -> None:
        super().__init__()
        shape = Shape(len(vocabulary.tokens), WIDTH, LAYERS, HEADS, INNER, rope_base=ROPE_BASE)
        self.text = Transformer(shape, seed, precision)
        begin(self.text)
        self.again = nn.Parameter(torch.zeros(2, WIDTH))
        self.eye = Eye(WIDTH, seed)

    def scores(self, batch: Batch) -> Tensor:
        """Scores of the tokens at the places of a batch (places, vocabulary)."""
        return self(batch)[0]

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The scores, and what is told of each token being there again (rows, length, 2)."""
        x = self.text.embed(batch.ids.clamp(min=0))
        if len(batch.pictures):
            x = x.clone()
            x[batch.ids == SEEN] = self.eye(batch.pictures).flatten(0, 1)
        states, middle = self.text(x, batch.keep)
        return self.text.scores(states), functional.linear(middle, self.again)


def vocabulary_of(seed: int) -> Vocabulary:
    """The vocabulary that fits the lessons best."""
    draw, bare = Draw(f"vocabulary {seed}"), Vocabulary()
    texts = (text for _ in range(4000) for text, *_ in teach(draw).pieces())
    return learn(map(bare.plain, texts), MERGES)


def prepare(plan: Plan) -> None:
    """Make the folder, and the vocabulary if it is not there yet."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    (plan.folder / "rendezvous").unlink(missing_ok=True)
    path = plan.folder / "merges.json"
    if not path.exists():
        path.write_text(json.dumps(vocabulary_of(plan.seed).merges), encoding="utf-8")


def known_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary that `prepare` made."""
    return Vocabulary(tuple(json.loads((folder / "merges.json").read_text(encoding="utf-8"))))


def train(rank: int, plan: Plan, report: Callable[[str], None]) -> None:
    """One of the processes: lessons, gradients, steps, and now and then a checkpoint."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # the gradients of what is nearly sure are such, and slow
    os.environ |= {"MASTER_ADDR": "127.0.0.1"}
    store = distributed.FileStore(str(plan.folder / "rendezvous"), PROCESSES)
    distributed.init_process_group("gloo", rank=rank, world_size=PROCESSES, store=store)
    vocabulary = known_vocabulary(plan.folder)
    chat = Chat(vocabulary, plan.seed)
    warnings.filterwarnings("ignore", "Torchinductor does not support code generation for complex")
    chat.text.compile(dynamic=True)  # an eighth faster
    muon, adam = optimizers(chat)
    first = restore(plan.folder, chat, muon, adam)
    started, places, shown = time.monotonic(), 0, 0.0
    for step in range(first, plan.steps):
        scale = plan.rate(step)
        draw = Draw(f"{plan.seed} {step}")
        now = plan.stage(step)
        made = list(batches(taught(now, vocabulary, draw), draw, now.around))
        ours = dealt(made)[rank]
        share = Share(counted(made) / PROCESSES, now.count / PROCESSES, now.again)
        total = study(chat, ours, share) / counted(ours)
        together(chat)
        for optimizer in (muon, adam):
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * scale
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        places += sum(one.ids.numel() for one in made)
        shown = total if step == first else 0.98 * shown + 0.02 * total
        last = step + 1 == plan.steps
        if rank == 0 and ((step + 1) % 100 == 0 or last):
            speed = places / (time.monotonic() - started)
            report(f"step {step + 1} of {plan.steps}  loss {shown:.3f}  {speed:.0f} positions/s")
        if rank == 0 and ((step + 1) % 200 == 0 or last):
            save(plan.folder, chat, muon, adam, step + 1)
        if rank == 0 and ((step + 1) % 2000 == 0 or last):
            shares = scores(chat, vocabulary)
            report("  ".join(f"{subject} {share:.2f}" for subject, share in shares.items()))
    distributed.destroy_process_group()


def taught(now: Stage, vocabulary: Vocabulary, draw: Draw) -> list[Row]:
    """The lessons of one step."""
    return [row(teach(draw, now), vocabulary, draw) for _ in range(now.count)]


def counted(made: Iterable[Batch]) -> int:
    """How many tokens are to learn in some batches."""
    return sum(int((batch.targets != NOTHING).sum()) for batch in made)


def dealt(made: Sequence[Batch]) -> tuple[list[Batch], ...]:
    """The batches of each process, so that none has to wait long for the others."""
    hands: tuple[list[Batch], ...] = tuple([] for _ in range(PROCESSES))
    for one in sorted(made, key=effort, reverse=True):
        min(hands, key=lambda hand: sum(map(effort, hand))).append(one)
    return hands


def effort(batch: Batch) -> float:
    """How long a batch takes, in no unit.

    Attention takes as long as all else where lessons have about 350 tokens.
    """
    whole: float = batch.ids.numel() * (1 + batch.ids.shape[1] / 350)
    return whole


@dataclass(frozen=True, slots=True)
class Share:
    """What the losses of batches are divided by, so that those of all processes have a mean."""

    tokens: float
    """To learn."""
    lessons: float
    again: float
    """How much telling what was there before counts, where the mean loss of a token has 1."""


def study(chat: Chat, made: Iterable[Batch], share: Share) -> float:
    """The sum of the losses of the tokens to learn, in some batches.

    The gradients of the mean, and of that of telling what was there before, are left in the model.
    """
    total = 0.0
    for batch in made:
        scores, told = chat(batch)
        loss = functional.cross_entropy(
            scores, batch.targets, ignore_index=NOTHING, reduction="sum"
        )
        known = batch.again != NOTHING
        seeing = functional.binary_cross_entropy_with_logits(told[known], batch.again[known])
        part = len(batch.ids) / share.lessons
        (loss / share.tokens + share.again * part * seeing).backward()
        total += float(loss.detach())
    return total


def optimizers(chat: Chat) -> tuple[Muon, torch.optim.AdamW]:
    """Muon for the matrices, AdamW for everything else; the eye, which has seen, goes slowly."""
    muon = Muon(chat.text.matrices(), MATRIX_RATE)
    muon.add_param_group({"params": chat.eye.matrices(), "lr": MATRIX_RATE * EYE_RATE})
    adam = torch.optim.AdamW(
        [
            {"params": [*chat.text.others(), chat.again], "lr": OTHER_RATE},
            {"params": chat.eye.others(), "lr": OTHER_RATE * EYE_RATE},
        ],
        betas=(0.9, 0.98),
        weight_decay=0.0,
    )
    for optimizer in (muon, adam):
        for group in optimizer.param_groups:
            group["rate"] = group["lr"]
    return muon, adam


def together(chat: Chat) -> None:
    """Make every gradient the mean over the processes."""
    for one in chat.parameters():
        one.grad = torch.zeros_like(one) if one.grad is None else one.grad.div_(PROCESSES)
    put_together([one.grad for one in chat.parameters() if one.grad is not None])


def save(folder: Path, chat: Chat, muon: Muon, adam: torch.optim.AdamW, step: int) -> None:
    """A checkpoint; it replaces the one before when it is complete."""
    parts = {"chat": chat, "muon": muon, "adam": adam}
    state = {name: part.state_dict() for name, part in parts.items()}
    torch.save({**state, "step": step}, folder / "chat.new")
    (folder / "chat.new").replace(folder / "chat.pt")


def restore(folder: Path, chat: Chat, muon: Muon, adam: torch.optim.AdamW) -> int:
    """The step to go on with; the eye that was trained alone is taken at the beginning."""
    if not (folder / "chat.pt").exists():
        chat.eye.load_state_dict(torch.load(folder / "eye.pt"))
        return 0
    state: Mapping[str, Any] = torch.load(folder / "chat.pt")
    chat.load_state_dict(state["chat"])
    muon.load_state_dict(state["muon"])
    adam.load_state_dict(state["adam"])
    return int(state["step"])


@torch.no_grad()
def scores(chat: Chat, vocabulary: Vocabulary, count: int = 60) -> dict[str, float]:
    """The share of held-out lessons whose answers are all right to the letter, by subject.

    The last alone would say little: where several tools are called in turn, it is often "Done.".
    """
    found = {}
    for subject, make in SUBJECTS.items():
        if subject in ("story", "tell"):
            continue
        draw = Draw(f"exam {subject}", unseen=True)
        right = 0
        for _ in range(count):
            one = row(make(draw), vocabulary, draw)
            right += all_right(chat, next(batches([one], draw, around=0)))
        found[subject] = right / count
    return found


def all_right(chat: Chat, batch: Batch) -> bool:
    """Whether the likeliest token is the right one at every place where one is to learn."""
    likeliest = chat.scores(batch).argmax(-1)
    return bool((likeliest == batch.targets)[batch.targets != NOTHING].all())
