"""Several streams at once: each in its turn, so that choices come interleaved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .choice import Choice, Event


def in_turns(
    running: Iterable[tuple[Choice, Iterator[Event]]],
) -> Iterator[tuple[Choice, Event | None]]:
    """Yield every choice's events in turn, and None once for each that has ended."""
    waiting = list(running)
    while waiting:
        for pair in list(waiting):
            choice, events = pair
            event = next(events, None)
            if event is None:
                waiting.remove(pair)
            yield choice, event
