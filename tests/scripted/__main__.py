"""``python -m tests.scripted --port 8090`` serves until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import threading

from . import Scripted
from .variations import BY_NAME


def main() -> None:
    """Read the options, start the server, print its address."""
    parser = argparse.ArgumentParser(prog="python -m tests.scripted", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (the default) picks a free one")
    parser.add_argument("--api-key", help="demand this key")
    parser.add_argument("--prefix", default="/v1", help="where the API begins; '' is the root")
    parser.add_argument(
        "--delay", type=float, default=0, metavar="SECONDS", help="before every answer"
    )
    parser.add_argument(
        "--token-delay", type=float, default=0, metavar="SECONDS", help="before every token"
    )
    parser.add_argument("--slots", type=int, default=8, help="generations at once")
    parser.add_argument("--thinks", action="store_true", help="reason before every answer")
    parser.add_argument(
        "--embedding-first", action="store_true", help="list the embedding model first"
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="CAPABILITY", help="lack a capability"
    )
    parser.add_argument("--variation", choices=BY_NAME, help="vary legally")
    given = parser.parse_args()
    kind = BY_NAME.get(given.variation, Scripted)
    models = (
        sorted(kind.models, key=lambda model: not model.embeds)
        if given.embedding_first
        else kind.models
    )
    with kind(
        given.port,
        api_key=given.api_key,
        prefix=given.prefix,
        delay=given.delay,
        token_delay=given.token_delay,
        slots=given.slots,
        thinks=given.thinks,
        models=models,
        without=frozenset(given.without),
    ) as server:
        print(server.url, flush=True)  # noqa: T201 - whoever started it needs the address
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
