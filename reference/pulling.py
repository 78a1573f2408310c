"""The command ``pull``."""

from __future__ import annotations

import argparse
import sys

from .bar import Display
from .library import Library, Model
from .library.names import parse
from .library.pull import Pull
from .library.sources import chosen, local_file


def pull(options: argparse.Namespace) -> str:
    """Pull a model; what to say at the end. Raises LibraryError, BackendError."""
    library = Library.open(options.models)
    path = local_file(options.name)
    if path is not None:
        return _told(library.take(path, options.target or path.stem))
    source = chosen(options.name, options.target)
    name = parse(options.target) if options.target else source.name
    display = Display(sys.stderr)
    try:
        fetched = Pull(library.own, source, name, insecure=options.insecure, listener=display).run()
    except KeyboardInterrupt:
        display.end()
        sys.stderr.write("Interrupted; what came is kept. The same command goes on with it.\n")
        raise
    finally:
        display.end()
    return _told(library.find(str(name)), "is here" if fetched else "is up to date")


def _told(model: Model, how: str = "is here") -> str:
    return f"{model.name} {how}."
