"""Checks as pytest items, and the loop that runs them beside each other."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from .bench import Bench
from .check import Check
from .config import Config
from .errors import ConformanceError
from .judge import Outcome
from .reports.printable import printable_lines
from .verdict import Run, Verdict

HOME = Path(__file__).with_name("sealed") / "pytest.ini"
"""The file that the items belong to; also the whole configuration of a sealed run."""


class ConformanceWarning(UserWarning):
    """A SHOULD that the server does not keep."""


class CheckFailed(AssertionError):  # noqa: N818 - pytest's word
    """A check failed; its text is the failure as the report shows it."""


class CheckFile(pytest.Collector):
    """Collects one item for every check chosen.

    Not a `pytest.File`: ``--lf`` leaves out files outside the project if one inside failed too.
    """

    bench: Bench

    def collect(self) -> Iterator[pytest.Item]:
        """The checks of the bench."""
        for check in self.bench.checks:
            yield CheckItem.from_parent(self, name=check.id, check=check)


class CheckItem(pytest.Item):
    """One check; its run waits for the result that a thread of the judge brings."""

    def __init__(self, *, check: Check, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.check = check
        self.outcome: Outcome | None = None

    def runtest(self) -> None:
        """Wait for the verdict and say it in pytest's terms."""
        parent = self.parent
        assert isinstance(parent, CheckFile)  # noqa: S101 - from_parent gets no other
        outcome = self.outcome = parent.bench.judge.outcome(self.check).result()
        result = outcome.result
        match result.verdict:
            case Verdict.SKIP:
                pytest.skip(result.message)
            case Verdict.WARN:
                warnings.warn(f"{result.id}: {result.message}", ConformanceWarning, stacklevel=1)
            case Verdict.FAIL:
                raise CheckFailed(result.message) from outcome.error
            case Verdict.ERROR:
                raise ConformanceError(result.message) from outcome.error
            case _:
                pass

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The failure as the report shows it, instead of a traceback through our code."""
        if self.outcome is None or not isinstance(excinfo.value, CheckFailed):
            return super().repr_failure(excinfo, style)
        result = self.outcome.result
        lines = (
            result.title,
            f"requires  {result.says}   ({result.requirement})",
            f"expected  {result.what}: {result.expected}",
            f"actual    {result.actual}",
            f"curl      {result.curl}",
        )
        return "\n".join(lines)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the item stands: nowhere in a file. A mere id would be shown with colons."""
        return HOME, None, f"check {self.check.id}"


class Checks:
    """The plugin that puts a server on the bench, collects its checks and runs them."""

    def __init__(
        self,
        config: Config,
        done: Callable[[Outcome], None] | None = None,
        begin: Callable[[int], None] | None = None,
    ) -> None:
        self._config = config
        self._done = done
        self._begin = begin
        self.bench: Bench | None = None
        self.interrupted = False
        self.error: ConformanceError | None = None
        self._items: list[CheckItem] = []

    def pytest_collection(self, session: pytest.Session) -> None:
        """Find the server before its checks are collected."""
        try:
            self.bench = Bench(self._config)
        except ConformanceError as error:
            self.error = error
            raise pytest.UsageError(str(error)) from error
        if str(HOME) not in session.config.args:
            session.config.args.append(str(HOME))

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> CheckFile | None:
        """The items of our own file, under a name that is the same wherever it lies."""
        if file_path != HOME or self.bench is None:
            return None
        name = "openai-conformance"
        collected: CheckFile = CheckFile.from_parent(parent, name=name, nodeid=name, path=file_path)
        collected.bench = self.bench
        return collected

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Start the judge with what is left after deselection, and stop it whatever happens."""
        self._items = [item for item in session.items if isinstance(item, CheckItem)]
        if self.bench is None or session.config.option.collectonly:
            return (yield)
        if self._begin is not None:
            self._begin(len(self._items))
        try:
            self.bench.judge.start([item.check for item in self._items], self._done)
            return (yield)
        except (KeyboardInterrupt, CancelledError):
            self.interrupted = True
            raise
        finally:
            self.bench.end()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Copy the check's own times: the item's are those of waiting."""
        report = yield
        if call.when == "call" and isinstance(item, CheckItem) and item.outcome is not None:
            outcome = item.outcome
            report.duration = outcome.result.duration_s
            report.start = outcome.started
            report.stop = outcome.started + report.duration
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is left on the server, or why its models were not managed."""
        for problem in self.bench.problems() if self.bench is not None else ():
            terminalreporter.write_line(f"openai-conformance: {printable_lines(problem)}", red=True)

    def outcomes(self) -> Iterable[Outcome]:
        """What was found so far."""
        return [item.outcome for item in self._items if item.outcome is not None]

    def run(self) -> Run:
        """The run so far, as plain data."""
        assert self.bench is not None  # noqa: S101 - collection comes first
        return self.bench.report(self.outcomes(), interrupted=self.interrupted)
