"""The command line of the judge. Imports nothing heavy until a command needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from .errors import ConfigurationError, ConformanceError, NothingJudged, ReportError

_EPILOG = """\
exit codes of run:
  0    the server conforms
  1    a check failed, with --strict also if one warned, a known-failures line
       is stale, or --manage could not do its work or left a model behind
  2    the command, a file or an option is wrong
  3    nothing could be judged, or a check could not be judged and none failed
  130  interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    from . import commands

    try:
        code: int = getattr(commands, options.command)(options)
    except NothingJudged as error:
        return _say(error, 3)
    except (ConfigurationError, ReportError) as error:
        return _say(error, 2)
    except ConformanceError as error:
        return _say(error, 3)
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _say("interrupted before anything was judged", 130)
    return code


def _say(error: object, code: int) -> int:
    from .reports.printable import printable_lines

    sys.stderr.write(f"openai-conformance: {printable_lines(str(error))}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openai-conformance",
        description="Find out whether a server really speaks the OpenAI API.",
    )
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {version('openai-compat')}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_run(commands.add_parser(
        "run", help="judge a server", description="Judge an OpenAI-compatible server.",
        formatter_class=argparse.RawDescriptionHelpFormatter, epilog=_EPILOG,
    ))  # fmt: skip
    listing = commands.add_parser(
        "list", help="list the checks", description="List the checks of a profile."
    )
    _add_profile(listing)
    listing.set_defaults(command="list_")
    explain = commands.add_parser(
        "explain", help="explain a check", description="Say what a check demands and why."
    )
    explain.add_argument("check", metavar="CHECK-ID")
    _add_profile(explain)
    explain.set_defaults(command="explain_")
    report = commands.add_parser(
        "report", help="show a finished run", description="Write a finished run in another format."
    )
    report.add_argument("run", metavar="RUN.json", type=Path)
    report.add_argument(
        "--format", default="text", metavar="F", help="text json junit markdown html badge"
    )
    report.set_defaults(command="report_")
    compare = commands.add_parser(
        "compare", help="compare finished runs", description="Show finished runs side by side."
    )
    compare.add_argument("runs", metavar="RUN.json", type=Path, nargs="+")
    compare.add_argument("--format", default="text", metavar="F", help="text markdown html")
    compare.set_defaults(command="compare_")
    return parser


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        default="ollama",
        metavar="P",
        help="what the server documents: ollama (default), openai or a file",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("url", metavar="URL", help="the server's base URL, such as http://localhost:11434/v1")
    _add_profile(parser)
    add(
        "--model",
        default="",
        metavar="M",
        help="the model that chats (default: the first listed that answers)",
    )
    add("--embedding-model", default="", metavar="M", help="the model that embeds")
    add(
        "--vision-model",
        default="",
        metavar="M",
        help="the model that sees (default: the one that chats)",
    )
    add("--api-key", default="", metavar="K", help="default: $OPENAI_CONFORMANCE_API_KEY")
    add("--api-key-file", type=Path, metavar="F", help="a file that holds the key")
    add(
        "--header",
        action="append",
        default=[],
        metavar="'K: V'",
        help="send this header with every request",
    )
    add(
        "--only",
        action="append",
        default=[],
        metavar="GLOB",
        help="run only the checks with such an id",
    )
    add("--skip", action="append", default=[], metavar="GLOB", help="leave these checks out")
    add(
        "--only-failed-of",
        type=Path,
        metavar="RUN.json",
        help="run only what failed or warned there",
    )
    add(
        "--jobs",
        type=int,
        default=4,
        metavar="N",
        help="checks that run at the same time (default 4)",
    )
    add(
        "--timeout",
        type=float,
        default=60.0,
        metavar="S",
        help="seconds that a request may take (default 60)",
    )
    add(
        "--fuzz",
        type=int,
        default=10,
        metavar="N",
        help="generated requests an operation (default 10, 0: none)",
    )
    add("--declare", action="append", default=[], metavar="CAPABILITY",
        help="it must work: vision, tools, embeddings, infill or json")  # fmt: skip
    add("--without", action="append", default=[], metavar="CAPABILITY",
        help="leave its checks out; chat and completions too")  # fmt: skip
    add("--no-probe", action="store_true", help="take every capability for present")
    add(
        "--manage",
        action="store_true",
        help="also judge how models are managed: makes and removes some, named conformance-*",
    )
    add(
        "--known-failures",
        type=Path,
        metavar="FILE",
        help="failures that do not count, with their reasons",
    )
    add(
        "--write-known-failures", type=Path, metavar="FILE", help="write what failed as such a file"
    )
    add("--strict", action="store_true", help="a warning counts as a failure")
    add("--report", action="append", default=[], metavar="FORMAT=PATH",
        help="also write text, json, junit, markdown, html or badge")  # fmt: skip
    parser.set_defaults(command="run_")
