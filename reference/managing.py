"""The commands that manage models, and what every command says."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FAILED = 1
Options = argparse.Namespace


def say(text: str) -> None:
    """A line of the answer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fail(message: object, code: int = FAILED) -> int:
    """Why a command has failed; its exit code."""
    sys.stderr.write(f"openai-reference: {message}\n")
    return code


def run(options: Options) -> int:
    """Run a command; its exit code."""
    from ..backends import BackendError
    from .library import LibraryError

    commands: dict[str, Callable[[Options], None]] = {
        "list": _list, "show": _show, "cp": _copy, "rm": _remove, "ps": _running,
        "create": _create,
        "pull": _pull,
    }  # fmt: skip
    try:
        commands[options.command](options)
    except (LibraryError, BackendError, OSError) as error:
        return fail(error)
    return 0


def _library(options: Options) -> Any:
    from .library import Library

    return Library.open(options.models)


def _list(options: Options) -> None:
    from .library.described import tag
    from .library.report import table

    models = _library(options).models()
    say(_json([tag(model) for model in models]) if options.json else table(models))


def _show(options: Options) -> None:
    from .library.described import shown
    from .library.modelfile import modelfile_of
    from .library.report import details

    model = _library(options).find(options.name)
    if options.modelfile:
        sys.stdout.write(modelfile_of(model))
    else:
        say(_json(shown(model)) if options.json else details(model))


def _copy(options: Options) -> None:
    library, path = _library(options), Path(options.source)
    if path.suffix == ".gguf" and path.is_file():
        library.take(path, options.target, options.projector)
    else:
        library.copy(options.source, options.target, options.projector)


def _create(options: Options) -> None:
    from .library.create import create
    from .library.modelfile import parse

    here = options.file == Path("-")
    content = sys.stdin.buffer.read() if here else options.file.read_bytes()
    folder = Path() if here else options.file.parent
    made = create(_library(options), options.name, parse(content), folder)
    for note in made.notes:
        say(note)


def _remove(options: Options) -> None:
    _library(options).remove(options.name)


def _pull(options: Options) -> None:
    from .pulling import pull

    say(pull(options))


def _running(options: Options) -> None:
    from .library.report import loaded
    from .running import running

    key = options.api_key or os.environ.get("OPENAI_REFERENCE_API_KEY")
    models = running(options.url, key)
    say(_json(models) if options.json else loaded(models))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
