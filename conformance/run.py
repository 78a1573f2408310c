"""One sealed run of the judge: pytest is the engine, and nothing around it reaches it.

The command's usual home is the virtual environment of a project that gates its CI with it, so
that project's conftest, ini file, plugins and ``PYTEST_ADDOPTS`` must not change the outcome.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from .config import Config
from .errors import ConformanceError, NothingJudged
from .items import HOME, Checks
from .judge import Outcome
from .progress import Progress
from .reports.printable import printable_lines
from .verdict import Run, Verdict

_ARGUMENTS = (
    "-c", str(HOME),
    "--rootdir", str(HOME.parent),
    "--confcutdir", str(HOME.parent),
    "--noconftest",
    "--disable-plugin-autoload",
    "-p", "no:cacheprovider",
    "-p", "no:warnings",
    "--capture", "no",
    str(HOME),
)  # fmt: skip


def judge(config: Config) -> tuple[Run, tuple[str, ...]]:
    """Judge a server, and say the ids of all checks that its profile has.

    Raises:
        ConfigurationError: an option is wrong.
        NothingJudged: the server is down, or no model of it answers.
    """
    with Progress(sys.stderr) as progress:
        progress.say(f"looking for a server at {config.url}")

        def done(outcome: Outcome) -> None:
            progress.step(bad=outcome.result.verdict in {Verdict.FAIL, Verdict.ERROR})

        checks = Checks(config, done, progress.expect)
        said = StringIO()
        with _sealed(), _ended_by_signals(config), redirect_stdout(said), redirect_stderr(said):
            code = pytest.main(list(_ARGUMENTS), plugins=[checks])
    if checks.bench is not None and (manager := checks.bench.session.manager) is not None:
        for problem in manager.left:
            sys.stderr.write(f"openai-conformance: {printable_lines(problem)}\n")
    if checks.error is not None:
        raise checks.error
    if checks.bench is None:
        if code == pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        msg = f"pytest ended with {code}: {said.getvalue().strip()}"
        raise NothingJudged(msg)
    if code == pytest.ExitCode.INTERNAL_ERROR:
        raise ConformanceError(said.getvalue().strip())
    return checks.run(), tuple(check.id for check in checks.bench.every)


@contextmanager
def _ended_by_signals(config: Config) -> Iterator[None]:
    """Where models are made, what ends other programs at once is Ctrl-C: they are removed."""
    ours = config.manage and threading.current_thread() is threading.main_thread()
    names = ("SIGTERM", "SIGHUP") if ours else ()
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # One that is ignored, as under nohup, stays so.
    taken = [one for one in known if signal.getsignal(one) is signal.SIG_DFL]
    for one in taken:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)


@contextmanager
def _sealed() -> Iterator[None]:
    names = [name for name in os.environ if name.startswith("PYTEST_")]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
