"""What can go wrong while a model is fetched.

::

    PullError                  every error of fetching
    ├── NotThereError          the other side does not have it
    ├── RefusedError           the other side, or a rule of ours, says no: asking again is no use
    ├── BrokenOffError         tried again and again in vain; what came is kept
    ├── WrongContentError      what came is not what was promised
    ├── NoSpaceError           the disk is too small
    └── CancelledError         whoever asked for it does not want it any more

    Trouble                    one try that failed; the next may succeed. Never leaves this package

A message names the host and the path of an address, never its query, which may be a secret.
"""

from __future__ import annotations

from ..errors import LibraryError


class PullError(LibraryError):
    """Every error of fetching."""


class NotThereError(PullError):
    """The other side does not have it."""


class RefusedError(PullError):
    """The other side, or a rule of ours, says no."""


class BrokenOffError(PullError):
    """Tried again and again in vain."""


class WrongContentError(PullError):
    """What came is not what was promised."""


class NoSpaceError(PullError):
    """The disk is too small."""


class CancelledError(PullError):
    """Whoever asked for it does not want it any more."""

    def __str__(self) -> str:
        return "The download was cancelled; what came is kept."


class Trouble(Exception):  # noqa: N818 - not an error until patience has run out
    """One try that failed: why, and how many seconds the other side asks to wait."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
