"""The command ``openai-reference``; heavy imports wait for the work."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

USAGE, FAILED, INTERRUPTED = 2, 1, 130


def parser() -> argparse.ArgumentParser:
    """Every command and option."""
    main = argparse.ArgumentParser(
        prog="openai-reference",
        description="A correct server of the documented OpenAI API, over local GGUF models.",
    )
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve the models over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=11434, help="port, 0 for a free one (11434)")
    serve.add_argument("--profile", default="ollama", help="ollama, openai or a file (ollama)")
    serve.add_argument("--backend", default="auto", help="auto, llamacpp or ctransformers (auto)")
    serve.add_argument("--context", type=int, metavar="TOKENS", help="context length (the file's)")
    serve.add_argument("--threads", type=int, metavar="N", help="threads of one model")
    serve.add_argument("--queue", type=int, default=64, metavar="N",
                       help="requests that may wait before others get 503 (64)")  # fmt: skip
    serve.add_argument("--api-key", metavar="KEY",
                       help="ask for this key (or set OPENAI_REFERENCE_API_KEY)")  # fmt: skip
    serve.add_argument("--allow-origin", action="append", default=[], metavar="ORIGIN",
                       help="let pages of this origin in, too")  # fmt: skip
    serve.add_argument("--allow-delete", action="store_true",
                       help="let clients delete models (DELETE /v1/models/NAME)")  # fmt: skip
    serve.add_argument("--management", action="store_true",
                       help="let clients manage models, as with Ollama (/api/tags, …)")  # fmt: skip
    serve.add_argument("--log-format", choices=("text", "json"), default="text")
    listing = commands.add_parser("list", help="list the models")
    show = commands.add_parser("show", help="describe a model")
    show.add_argument("name")
    show.add_argument("--modelfile", action="store_true", help="print a Modelfile that makes it")
    pull = commands.add_parser("pull", help="fetch a model")
    pull.add_argument("name", help="name in a registry, hf.co/OWNER/REPO:QUANTISATION, "
                      "https://… or path of a GGUF file")  # fmt: skip
    pull.add_argument("--as", dest="target", metavar="NAME", help="what to call it here")
    pull.add_argument("--insecure", action="store_true", help="also without encryption")
    copy = commands.add_parser("cp", help="give a model, or a GGUF file, a name")
    copy.add_argument("source", help="name of a model, or path of a .gguf file")
    copy.add_argument("target", help="the new name")
    copy.add_argument("--projector", type=Path, metavar="FILE", help="GGUF file that reads images")
    create = commands.add_parser("create", help="make a model with other settings")
    create.add_argument("name", help="the new name")
    create.add_argument("-f", "--file", type=Path, default=Path("Modelfile"), metavar="FILE",
                        help="what it is made from, - for standard input (Modelfile)")  # fmt: skip
    remove = commands.add_parser("rm", help="delete a model, and its files if no other has them")
    remove.add_argument("name")
    running = commands.add_parser("ps", help="list the models that a server has loaded")
    running.add_argument("--url", default="http://127.0.0.1:11434",
                         help="the server, which runs with --management (%(default)s)")  # fmt: skip
    running.add_argument("--api-key", metavar="KEY",
                         help="its key (or set OPENAI_REFERENCE_API_KEY)")  # fmt: skip
    for command in (listing, show, running):
        command.add_argument("--json", action="store_true", help="print JSON")
    for command in (serve, listing, show, pull, copy, create, remove):
        command.add_argument("--models", type=Path, metavar="DIR", help="folder of the models")
    return main


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.command == "serve":
            return _serve(options)
        from .managing import run

        return run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _serve(options: argparse.Namespace) -> int:
    from ..backends import BackendError, LoadOptions
    from ..backends.registry import choose
    from ..spec import SpecError, load_profile
    from .access import Allowed
    from .app import create_app
    from .library import Library
    from .managing import fail, say
    from .matrix import Matrix
    from .pool import Pool
    from .serve import port_of, server
    from .service import Service

    try:
        backend = choose(options.backend)
        profile = load_profile(options.profile)
    except (BackendError, SpecError) as error:
        return fail(error, USAGE)
    load = LoadOptions(options.context, threads=options.threads)
    pool = Pool(backend, load, queue=options.queue)
    service = Service(Matrix(profile), Library.open(options.models), pool)
    allowed = Allowed(
        origins=tuple(options.allow_origin),
        api_key=options.api_key or os.environ.get("OPENAI_REFERENCE_API_KEY"),
        local=options.host in {"127.0.0.1", "localhost", "::1"},
        deletes=options.allow_delete,
        management=options.management,
    )
    try:
        made = server(
            create_app(service, allowed),
            host=options.host,
            port=options.port,
            threads=options.queue + 8,
            log_format=options.log_format,
        )
    except OSError as error:
        return fail(f"cannot listen on {options.host}:{options.port}: {error.strerror}", USAGE)
    say(
        f"Serving the profile {profile.name} with {backend} on "
        f"http://{options.host}:{port_of(made)}/v1 (Ctrl-C ends it)"
    )
    try:
        made.run()
    finally:
        pool.close()
    return 0
