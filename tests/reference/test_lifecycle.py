"""Clients that leave, workers that die, many streams at once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.engines import ENGINES, needs

from .conftest import start
from .running import Running

LONG: dict[str, Any] = {"model": "llama3.2", "messages": [{"role": "user", "content": "Go on"}]}
NEVER_ENDING = {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {
    "type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"},
                                           "minItems": 4000}},
    "required": ["a"], "additionalProperties": False}}}}  # fmt: skip
"""A schema that fills the whole context, whatever the model would rather do."""


def leave(server: Running, *, stream: bool, after: float) -> None:
    """Send a long request and close the connection after a while."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    body = json.dumps({**LONG, **NEVER_ENDING, "stream": stream})
    connection.request("POST", "/v1/chat/completions", body)
    time.sleep(after)
    connection.close()


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_its_generation(server: Running, *, stream: bool) -> None:
    """The next request is not delayed by thousands of tokens."""
    server.chat(max_tokens=1)
    for _ in range(3):
        leave(server, stream=stream, after=0.3)
    started = time.perf_counter()
    answer = server.chat(max_tokens=1)
    took = time.perf_counter() - started

    assert answer.status == 200
    assert took < 1.0


def test_a_client_that_leaves_during_its_prompt_stops_it(server: Running) -> None:
    """Twelve long prompts are given up; together they would take many times as long."""
    server.chat(max_tokens=1)
    started = time.perf_counter()
    server.chat(messages=[{"role": "user", "content": "0" + "long " * 750}], max_tokens=1)
    one = time.perf_counter() - started
    for index in range(1, 13):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        message = {"role": "user", "content": str(index) + "long " * 750}
        body = json.dumps({"model": "llama3.2", "messages": [message], "max_tokens": 1})
        connection.request("POST", "/v1/chat/completions", body)
        connection.close()
    started = time.perf_counter()
    answer = server.chat(max_tokens=1)
    took = time.perf_counter() - started

    assert answer.status == 200
    assert took < 6 * one


def test_chunks_leave_as_they_are_generated(client: openai.OpenAI) -> None:
    """The first of a long answer comes long before its last."""
    stream = client.chat.completions.create(
        model="llama3.2",
        messages=[{"role": "user", "content": "x"}],
        stream=True,
        max_tokens=300,
        extra_body=NEVER_ENDING,
    )
    arrivals = [time.perf_counter() for _ in stream]

    assert len(arrivals) > 100
    assert len({round(arrival, 3) for arrival in arrivals}) > 20


def test_streams_at_the_same_time_do_not_mix(server: Running) -> None:
    """Eight seeds, eight texts, each the same as alone."""

    def ask(seed: int) -> str:
        messages = [{"role": "user", "content": f"Say river{seed} stone"}]
        answer = server.chat(messages=messages, max_tokens=40, seed=seed, temperature=1.5)
        content: str = answer.json["choices"][0]["message"]["content"]
        return content

    alone = [ask(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, range(8)))

    assert together == alone
    assert len(set(alone)) > 1


def children(pid: int) -> list[int]:
    """Process ids of a process's children."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_killed_worker_is_an_error_for_its_requests_only(engine: str, store: Path) -> None:
    """Eight of them, whole and streamed; the next request works."""
    needs(engine)
    server = Running(engine, *start(store, "--backend", engine))
    outcomes: list[str] = []

    def ask(*, stream: bool) -> None:
        answer = server.chat(stream=stream, **NEVER_ENDING)
        text = answer.body.decode()
        outcomes.append("engine_lost" if '"code":"engine_lost"' in text else text[-200:])

    try:
        server.chat(max_tokens=1)
        threads = [
            threading.Thread(target=ask, kwargs={"stream": index % 2 == 0}) for index in range(8)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        workers = children(server.process.pid)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        for thread in threads:
            thread.join(30)
        after = server.chat(max_tokens=2)

        assert len(workers) == 1
        assert outcomes == ["engine_lost"] * 8
        assert after.json["usage"]["completion_tokens"] == 2
    finally:
        server.stop()


def test_a_full_server_says_when_to_come_back(store: Path) -> None:
    """503 with Retry-After; the running request goes on."""
    server = Running("any", *start(store, "--queue", "1"))
    try:
        server.chat(max_tokens=1)
        first = threading.Thread(
            target=leave, args=(server,), kwargs={"stream": True, "after": 0.6}
        )
        first.start()
        time.sleep(0.3)
        full = server.chat(max_tokens=1)
        first.join()

        assert (full.status, full.headers["retry-after"]) == (503, "1")
        assert full.error["code"] == "server_busy"
    finally:
        server.stop()


def test_workers_end_with_the_server(store: Path) -> None:
    """Even when it is killed, and even in the middle of an answer."""
    server = Running("any", *start(store))
    server.chat(max_tokens=1)
    leaving = threading.Thread(target=leave, args=(server,), kwargs={"stream": True, "after": 0.5})
    leaving.start()
    time.sleep(0.2)
    workers = children(server.process.pid)
    server.process.kill()
    server.stop()
    leaving.join()
    deadline = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert workers
    assert not any(map(alive, workers))


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for nobody does not."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")
