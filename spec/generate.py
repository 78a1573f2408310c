"""Writes ``schemas/``: JSON Schemas and an OpenAPI document for each profile.

``python -m openai_compat.spec.generate`` writes the files, into this package or into the
folder given by ``--out``; with ``--check`` it writes nothing and exits 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .documents import generated
from .loader import PROFILES, load_api, load_profile


def texts() -> dict[str, str]:
    """The text of every file, by its path below the folder."""
    return {
        f"{name}/{file}": json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name in PROFILES
        for file, value in generated(load_api(), load_profile(name)).items()
    }


def stale(folder: Path) -> list[str]:
    """The paths of the files in a folder that are missing, different or not ours."""
    wanted = texts()
    there = {str(path.relative_to(folder).as_posix()): path for path in folder.rglob("*.json")}
    return sorted(
        name
        for name in wanted.keys() | there.keys()
        if name not in wanted
        or name not in there
        or there[name].read_text(encoding="utf-8") != wanted[name]
    )


def write(folder: Path) -> None:
    """Write every file into a folder, and remove those that no profile has any more."""
    wanted = texts()
    for name in stale(folder):
        path = folder / name
        text = wanted.get(name)
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "schemas")
    options = parser.parse_args(arguments)
    old = stale(options.out)
    if not options.check:
        write(options.out)
    for name in old:
        sys.stdout.write(f"{'stale' if options.check else 'wrote'}: {name}\n")
    return 1 if options.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
