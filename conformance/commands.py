"""What each command of the command line does with its options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..spec import Field, Profile, SpecError, load_profile
from . import known
from .config import Config
from .errors import ConfigurationError, ReportError
from .reports import FORMATS, read
from .verdict import Run


def run_(options: argparse.Namespace) -> int:
    """Judge a server, print the report, write the files that were asked for."""
    config = _config(options)
    outputs = [_output(text) for text in options.report]
    if options.write_known_failures:
        _writable(options.write_known_failures, "--write-known-failures")
    lines = known.load(options.known_failures) if options.known_failures else ()
    _load_profile(config.profile)
    from .run import judge

    run, ids = judge(config)
    results, problems = known.mark(lines, run.results, ids)
    run = replace(run, results=results, problems=(*run.problems, *problems))
    from .reports.as_text import render

    if not any(path == Path("-") for _, path in outputs):
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        sys.stdout.write(render(run, colour=colour))
    for write, path in outputs:
        _write(path, write(run))
    if options.write_known_failures:
        _write(options.write_known_failures, known.written(run, strict=options.strict))
    return exit_code(run, strict=options.strict)


def exit_code(run: Run, *, strict: bool) -> int:
    """The exit code of a finished run: the first that applies."""
    from .reports.findings import Outcome, findings, outcome

    match outcome(run):
        case Outcome.INTERRUPTED:
            return 130
        case Outcome.NOT_JUDGED:
            return 3
        case Outcome.FAILS:
            return 1
        case Outcome.UNCERTAIN:
            return 3
        case Outcome.CONFORMS:
            return 1 if run.problems or (strict and findings(run).warnings) else 0


def list_(options: argparse.Namespace) -> int:
    """Print the checks of a profile, a line each."""
    from .catalogue import catalogue, sentences

    profile = _load_profile(options.profile)
    checks, says = catalogue(profile), sentences(profile)
    lines = [
        f"{says[check.requirement].level:6}  {check.id}{'  (--manage)' if check.manages else ''}"
        f"\n        {check.title}"
        for check in checks
    ]
    managing = sum(check.manages for check in checks)
    more = f", {managing} of them only with --manage" if managing else ""
    _print(*lines, "", f"{len(checks)} checks of the profile {profile.name}{more}")
    return 0


def explain_(options: argparse.Namespace) -> int:
    """Print what one check demands, on what it rests, and what it needs."""
    from .catalogue import catalogue, claims, select, sentences

    profile = _load_profile(options.profile)
    every = catalogue(profile)
    rests_on = claims(profile, every)
    for check in select(every, [options.check], []):
        sentence = sentences(profile)[check.requirement]
        says = sentence.requires if isinstance(sentence, Field) else sentence.says
        facts = [
            ("requires", f"{says}   ({check.requirement})"),
            ("source", sentence.source),
            ("needs", ", ".join(check.needs)),
            ("runs", "only with --manage" if check.manages else ""),
        ]
        if isinstance(sentence, Field):
            row = profile.row(sentence.endpoint, sentence.name)
            facts.append((profile.name, f"documents it as {row.documented}"))
        facts += [
            ("claim", f"C{number}: {profile.claims[number]}") for number in rests_on[check.id]
        ]
        _print(f"{check.id}  ({sentence.level})", f"  {check.title}", "")
        _print(*(f"  {name:9} {text}" for name, text in facts if text))
    return 0


def report_(options: argparse.Namespace) -> int:
    """Print a finished run in another format."""
    if options.format not in FORMATS:
        msg = f"no report is called {options.format!r}; there are {', '.join(FORMATS)}"
        raise ConfigurationError(msg)
    sys.stdout.write(FORMATS[options.format](_run(options.run)))
    return 0


def compare_(options: argparse.Namespace) -> int:
    """Print several finished runs side by side."""
    from .reports import compare

    runs = [_run(path) for path in options.runs]
    sys.stdout.write(compare.render(runs, options.format))
    return 0


def _load_profile(name: str) -> Profile:
    try:
        return load_profile(name)
    except SpecError as error:
        raise ConfigurationError(str(error)) from None


def _config(options: argparse.Namespace) -> Config:
    headers = {}
    for text in options.header:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            msg = f"--header takes 'Name: value', not {text!r}"
            raise ConfigurationError(msg)
        headers[name.strip()] = value.strip()
    key = _read(options.api_key_file).strip() if options.api_key_file else options.api_key
    only = [*options.only, *_failed_of(options.only_failed_of)]
    return Config(
        url=options.url, profile=options.profile, model=options.model,
        embedding_model=options.embedding_model, vision_model=options.vision_model,
        api_key=key, headers=headers, only=tuple(only), skip=tuple(options.skip),
        jobs=options.jobs, timeout_s=options.timeout, fuzz=options.fuzz,
        declare=frozenset(options.declare), without=frozenset(options.without),
        probe=not options.no_probe, manage=options.manage,
    )  # fmt: skip


def _failed_of(path: Path | None) -> list[str]:
    if path is None:
        return []
    bad = {"fail", "warn", "error"}
    ids = [result.id for result in _run(path).results if result.verdict in bad]
    if not ids:
        msg = f"nothing failed in {path}"
        raise ConfigurationError(msg)
    return ids


def _output(text: str) -> tuple[Callable[[Run], str], Path]:
    name, equals, path = text.partition("=")
    if name not in FORMATS or not equals or not path:
        msg = f"--report takes FORMAT=PATH with a format of {', '.join(FORMATS)}, not {text!r}"
        raise ConfigurationError(msg)
    _writable(Path(path), f"--report {text}")
    return FORMATS[name], Path(path)


def _writable(path: Path, option: str) -> None:
    """Say before the run, and not after it, that its outcome has no place."""
    if not path.parent.is_dir():
        msg = f"{option}: there is no folder {path.parent}"
        raise ConfigurationError(msg)
    if path.is_dir():
        msg = f"{option}: {path} is a folder"
        raise ConfigurationError(msg)


def _run(path: Path) -> Run:
    try:
        return read(_read(path))
    except ReportError as error:
        msg = f"{path}: {error}"
        raise ReportError(msg) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise ConfigurationError(msg) from None


def _write(path: Path, text: str) -> None:
    if path == Path("-"):
        sys.stdout.write(text)
        return
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error}"
        raise ConfigurationError(msg) from None


def _print(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
