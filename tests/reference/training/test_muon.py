"""Steps of Muon, alone and shared by processes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

import torch
from openai_compat.reference.embedded.training.muon import Muon
from torch import Tensor, distributed, multiprocessing, nn

SHAPES = ((8, 8), (24, 8), (8, 24), (8, 8), (16, 4))
PROCESSES = 2


def stepped() -> list[Tensor]:
    """Matrices after three steps."""
    draw = torch.Generator().manual_seed(1)
    matrices = [nn.Parameter(torch.randn(shape, generator=draw)) for shape in SHAPES]
    muon = Muon(matrices[:3], rate=0.1)
    muon.add_param_group({"params": matrices[3:], "lr": 0.01})
    for _ in range(3):
        for matrix in matrices:
            matrix.grad = torch.randn(matrix.shape, generator=draw)
        muon.step()
    return [matrix.detach() for matrix in matrices]


def work(rank: int, folder: Path) -> None:
    """The same in one of several processes."""
    store = distributed.FileStore(str(folder / "rendezvous"), PROCESSES)
    distributed.init_process_group("gloo", rank=rank, world_size=PROCESSES, store=store)
    torch.save(stepped(), folder / f"{rank}.pt")
    distributed.destroy_process_group()


def test_processes_share_the_work_and_all_have_the_result(tmp_path: Path) -> None:
    multiprocessing.spawn(work, (tmp_path,), nprocs=PROCESSES)
    alone = stepped()

    for rank in range(PROCESSES):
        for one, other in zip(torch.load(tmp_path / f"{rank}.pt"), alone, strict=True):
            torch.testing.assert_close(one, other)
