"""Many pass the turnstile at once, or one is alone; who waits to be alone comes next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai_compat.conformance.turnstile import Turnstile

SOON = 5.0
"""Seconds within which what must happen happens."""
A_MOMENT = 0.05
"""Seconds for which what must not happen is waited for."""


def started(run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_many_are_inside_at_once() -> None:
    turnstile, all_inside = Turnstile(), threading.Barrier(4)

    def pass_through() -> None:
        with turnstile.shared():
            all_inside.wait(SOON)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(pass_through) for _ in range(4)]:
            done.result(SOON)


def test_who_is_alone_waits_for_the_others_and_keeps_them_out() -> None:
    turnstile, inside, leave = Turnstile(), threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> None:
        with turnstile.shared():
            inside.set()
            leave.wait(SOON)
            order.append("first")

    def alone() -> None:
        with turnstile.alone():
            order.append("alone")

    def late() -> None:
        with turnstile.shared():
            order.append("late")

    threads = [started(first)]
    inside.wait(SOON)
    threads.append(started(alone))
    time.sleep(A_MOMENT)
    threads.append(started(late))
    time.sleep(A_MOMENT)
    assert order == []
    leave.set()
    for thread in threads:
        thread.join(SOON)

    assert order == ["first", "alone", "late"]


def test_only_one_is_alone() -> None:
    turnstile, most, now = Turnstile(), 0, 0

    def alone() -> None:
        nonlocal most, now
        with turnstile.alone():
            now += 1
            most = max(most, now)
            time.sleep(0.001)
            now -= 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(alone) for _ in range(32)]:
            done.result(SOON)

    assert most == 1


def test_who_is_alone_may_pass_and_be_alone_again() -> None:
    turnstile = Turnstile()
    with turnstile.alone():
        with turnstile.alone(), turnstile.shared():
            assert turnstile.is_mine()
        assert turnstile.is_mine()

    assert not turnstile.is_mine()


def test_being_alone_is_a_matter_of_one_thread() -> None:
    turnstile = Turnstile()
    with turnstile.alone(), ThreadPoolExecutor(1) as pool:
        assert not pool.submit(turnstile.is_mine).result(SOON)


@pytest.mark.parametrize("way", ["shared", "alone"])
def test_an_error_inside_leaves_it_free(way: str) -> None:
    turnstile = Turnstile()
    with pytest.raises(ZeroDivisionError), getattr(turnstile, way)():
        raise ZeroDivisionError

    def alone() -> bool:
        with turnstile.alone():
            return True

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(alone).result(SOON)
