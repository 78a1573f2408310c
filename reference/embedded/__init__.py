"""The tiny models that the project makes itself, and the scripts that make them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files(__name__)))


def models(folder: Path | None = None) -> dict[str, tuple[Path, Path | None]]:
    """Weights and projector of every embedded model, or of those in a folder, by name."""
    found: dict[str, tuple[Path, Path | None]] = {}
    for path in sorted((folder or FOLDER).glob("*.gguf")):
        if not path.stem.endswith("-projector"):
            projector = path.with_name(f"{path.stem}-projector.gguf")
            found[path.stem] = (path, projector if projector.exists() else None)
    return found
