"""Trains the first embedded model and its projector: ``… .train_first FOLDER MINUTES``.

Needs torch 2.13. One thread, a fixed seed; the learning rate falls to nothing at the end.
The result is written as GGUF by `openai_compat.reference.embedded.first`.
"""

# ruff: noqa: PLR2004, S101 - chances are plain numbers; word lists read best as text

from __future__ import annotations

import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found, unused-ignore]
from torch import Tensor
from torch.nn import functional  # type: ignore[import-not-found, unused-ignore]

from . import alphabet, first, lessons

LENGTH, BATCH, PATCHES = 512, 6, (first.IMAGE // first.PATCH) ** 2
HEAD = first.WIDTH // first.HEADS
WARMUP, PLATEAU = 60, 0.5
PICTURE = -1
"""Stands for a position whose embedding comes from a picture."""


class Model:
    """The language model and the projector, as named tensors."""

    def __init__(self, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.weights: dict[str, Tensor] = {}
        for name, shape in {**first.shapes(), **first.projector_shapes()}.items():
            if name.endswith("norm.weight"):
                value = torch.ones(shape)
            elif name.endswith("bias"):
                value = torch.zeros(shape)
            else:
                spread = 0.5 if name == "token_embd.weight" else 1 / math.sqrt(math.prod(shape[1:]))
                small = name.endswith(("attn_output.weight", "ffn_down.weight"))
                value = torch.randn(shape, generator=generator) * spread * (0.3 if small else 1)
            self.weights[name] = value.requires_grad_()
        angle = 10000.0 ** (-torch.arange(0, HEAD, 2) / HEAD)
        turns = torch.arange(LENGTH)[:, None] * angle
        self.cos, self.sin = turns.cos(), turns.sin()

    def turn(self, x: Tensor) -> Tensor:
        """Rotary positions, of neighbouring pairs as llama.cpp's llama architecture has them."""
        even, odd = x[..., ::2], x[..., 1::2]
        cos, sin = self.cos[: x.shape[2]], self.sin[: x.shape[2]]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)

    def look(self, pictures: Tensor) -> Tensor:
        """Pictures (n, 3, 64, 64) → embeddings (n, 16, width)."""
        w = self.weights
        seen = functional.conv2d(pictures, w["v.patch_embd.weight"], stride=first.PATCH)
        seen = seen.flatten(2).transpose(1, 2) + w["v.position_embd.weight"]
        hidden = functional.gelu(seen @ w["mm.0.weight"].T + w["mm.0.bias"], approximate="tanh")
        return hidden @ w["mm.2.weight"].T + w["mm.2.bias"]

    def loss(self, ids: Tensor, weight: Tensor, pictures: Tensor) -> Tensor:
        """Weighted cross-entropy of the next token; ids and weight are (batch, length + 1)."""
        w = self.weights
        inputs, targets = ids[:, :-1], ids[:, 1:]
        x = w["token_embd.weight"][inputs.clamp(min=0)]
        if len(pictures):
            x = x.clone()
            x[inputs == PICTURE] = self.look(pictures).flatten(0, 1)[
                : int((inputs == PICTURE).sum())
            ]
        for layer in range(first.LAYERS):
            b = f"blk.{layer}."
            h = functional.rms_norm(x, (first.WIDTH,), w[b + "attn_norm.weight"], 1e-5)
            q, k, v = ((h @ w[f"{b}attn_{n}.weight"].T).unflatten(-1, (first.HEADS, HEAD))
                       .transpose(1, 2) for n in "qkv")  # fmt: skip
            a = functional.scaled_dot_product_attention(
                self.turn(q), self.turn(k), v, is_causal=True
            )
            x = x + a.transpose(1, 2).flatten(2) @ w[b + "attn_output.weight"].T
            h = functional.rms_norm(x, (first.WIDTH,), w[b + "ffn_norm.weight"], 1e-5)
            gate = functional.silu(h @ w[b + "ffn_gate.weight"].T) * (h @ w[b + "ffn_up.weight"].T)
            x = x + gate @ w[b + "ffn_down.weight"].T
        x = functional.rms_norm(x, (first.WIDTH,), w["output_norm.weight"], 1e-5)
        scores = x @ w["output.weight"].T
        losses = functional.cross_entropy(
            scores.flatten(0, 1), targets.clamp(min=0).flatten(), reduction="none"
        )
        share = weight[:, 1:].flatten() * (targets.flatten() != PICTURE)
        return (losses * share).sum() / share.sum()


class Muon:
    """Momentum with orthogonalised steps, for the matrices of the blocks."""

    def __init__(self, parameters: list[Tensor], rate: float) -> None:
        self.parameters, self.rate = parameters, rate
        self.momentum = [torch.zeros_like(one) for one in parameters]

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]
    def step(self, scale: float) -> None:
        """One step."""
        for one, moved in zip(self.parameters, self.momentum, strict=True):
            assert one.grad is not None
            moved.mul_(0.95).add_(one.grad)
            x = one.grad.add(moved, alpha=0.95)
            tall = x.shape[0] > x.shape[1]
            x = (x.T if tall else x) / (x.norm() + 1e-7)
            for _ in range(5):
                s = x @ x.T
                x = 3.4445 * x + (-4.7750 * s + 2.0315 * s @ s) @ x
            step = (x.T if tall else x) * max(1, one.shape[0] / one.shape[1]) ** 0.5
            one.mul_(1 - 0.01 * self.rate * scale).sub_(step, alpha=self.rate * scale)
            one.grad = None


def painted(colour: str, chance: random.Random) -> Tensor:
    """A picture of about one colour, with some noise and sometimes bars, normalised."""
    base = np.array(lessons.PAINTS[colour], np.float32) + chance.uniform(-12, 12)
    picture = np.broadcast_to(base, (first.IMAGE, first.IMAGE, 3)).copy()
    picture += np.random.default_rng(chance.getrandbits(32)).normal(0, 4, picture.shape)
    if chance.random() < 0.5:
        bar = chance.randint(1, 20)
        side = (slice(None), slice(0, bar)) if chance.random() < 0.5 else (slice(0, bar),)
        for part in (side, tuple(slice(None, None, -1) for _ in range(2))):
            view = picture[part] if part is side else picture[::-1, ::-1][side]
            view[...] = (122, 116, 104)
    scaled = (picture.clip(0, 255) / 255 - 0.5) / 0.5
    return torch.from_numpy(scaled.astype(np.float32)).permute(2, 0, 1)


def batch(chance: random.Random, copies: float) -> tuple[Tensor, Tensor, Tensor]:
    """Rows packed with lessons: ids, weights and the pictures in the order of their places."""
    rows, weights, pictures = [], [], []
    for _ in range(BATCH):
        ids: list[int] = []
        weight: list[float] = []
        while len(ids) < LENGTH + 1:
            kinds, shares = zip(*lessons.SHARES.items(), strict=True)
            kind = "copy" if chance.random() < copies else chance.choices(kinds, shares)[0]
            lesson = lessons.teach(kind, chance)
            colour = lesson.pop()[0] if kind == "see" else ""
            row: list[int] = []
            part_weight: list[float] = []
            for text, share in lesson:
                for index, piece in enumerate(text.split("\0")):
                    found = ([PICTURE] * PATCHES if index else []) + alphabet.encode(piece)
                    row += found
                    part_weight += [share] * len(found)
            if kind == "see":
                if len(ids) + len(row) > LENGTH:
                    continue
                pictures.append(painted(colour, chance))
            ids += row
            weight += part_weight
        rows.append(ids[: LENGTH + 1])
        weights.append(weight[: LENGTH + 1])
    shown = torch.stack(pictures) if pictures else torch.zeros(0)
    return torch.tensor(rows), torch.tensor(weights), shown


def train(folder: Path, minutes: float) -> None:
    """Train for a time, then write both files."""
    torch.set_num_threads(1)
    chance = random.Random(5)  # noqa: S311 - lessons are no secrets
    model = Model(seed=5)
    muon_names = [n for n in model.weights if n.startswith("blk.") and "norm" not in n]
    muon = Muon([model.weights[n] for n in muon_names], 0.02)
    rest = [value for name, value in model.weights.items() if name not in muon_names]
    adam = torch.optim.AdamW(rest, lr=0.004, betas=(0.9, 0.98), weight_decay=0.0)
    started, step, shown = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        scale = min(1, (step + 1) / WARMUP) * min(1, (1 - done) / (1 - PLATEAU))
        loss = model.loss(*batch(chance, 0.4 if done < 0.15 else 0.0))
        loss.backward()
        muon.step(scale)
        for group in adam.param_groups:
            group["lr"] = 0.004 * scale
        adam.step()
        adam.zero_grad(set_to_none=True)
        step += 1
        shown = 0.98 * shown + 0.02 * loss.item() if step > 1 else loss.item()
        if step % 50 == 0:
            sys.stdout.write(f"{done:6.1%} step {step} loss {shown:.3f}\n")
            sys.stdout.flush()
            save(folder, model)
    save(folder, model)


def save(folder: Path, model: Model) -> None:
    """Write both files."""
    values: dict[str, Any] = {k: v.detach().numpy() for k, v in model.weights.items()}
    first.write_model(folder / f"{first.NAME}.gguf", values)
    first.write_projector(folder / f"{first.NAME}-projector.gguf", values)


if __name__ == "__main__":
    train(Path(sys.argv[1]), float(sys.argv[2]))
