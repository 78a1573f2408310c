"""What can go wrong in the judge itself, apart from what it finds.

::

    ConformanceError
    ├── ConfigurationError   the command, a file or an option is wrong: exit 2
    ├── ReportError          a report cannot be read: exit 2
    ├── NothingJudged        the server cannot be judged at all: exit 3
    └── NoAnswer             one exchange brought no complete answer
"""

from __future__ import annotations

from typing import Literal


class ConformanceError(Exception):
    """The base of every error this package raises on purpose."""


class ConfigurationError(ConformanceError):
    """An option or a configuration file is wrong; the message says what would be right."""


class ReportError(ConformanceError):
    """A report is truncated, or was not written by this program."""


class NothingJudged(ConformanceError):  # noqa: N818 - what happened, not whose error
    """The server is down, or no model of it answers: there is nothing to judge."""


class NoAnswer(ConformanceError):  # noqa: N818 - what happened, not whose error
    """A request brought no complete answer.

    ``kind`` is ``unreachable`` (no connection: nobody's guilt is proven), ``timeout`` or
    ``dropped`` (the server closed the connection before its answer was complete).
    """

    def __init__(self, kind: Literal["unreachable", "timeout", "dropped"], detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
