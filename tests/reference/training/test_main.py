"""The command of the training."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

from openai_compat.reference.embedded.training import __main__ as command


def test_what_is_not_there_cannot_be_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "merges.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["training", str(tmp_path), "--examine"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "has no chat.pt, tiny-embed.gguf: leave --examine out to train first" in said
    assert [one.name for one in tmp_path.iterdir()] == ["merges.json"]
