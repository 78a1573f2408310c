"""What a Modelfile sets takes effect when its model is served, and a request overrides it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.create import create
from openai_compat.reference.library.modelfile import parse
from openai_compat.reference.library.store import Store

from tests.engines import ENGINES, needs
from tests.reference.conftest import command, start
from tests.reference.running import Running

from .asking import ask, chat, go_on, said, same, words
from .gotemplates import CHATML_TURNS, LLAMA_TURNS

GREEDY = "PARAMETER temperature 0\n"
MODELFILES = {
    "plain": "FROM tiny",
    "small": "FROM plain\nPARAMETER num_ctx 256",
    "larger": "FROM small\nPARAMETER num_ctx 4096",
    "system": "FROM tiny\nSYSTEM Answer in one word.",
    "messages": "FROM tiny\nSYSTEM Be kind.\nMESSAGE user Hi\nMESSAGE assistant Hello!",
    "told": "FROM tiny\nMESSAGE system Be kind.\nMESSAGE user Hi\nMESSAGE assistant Hello!",
    "stopping": f"FROM tiny\n{GREEDY}PARAMETER stop STOP",
    "greedy": f"FROM tiny\n{GREEDY}",
    "seeded": "FROM tiny\nPARAMETER seed 7\nPARAMETER temperature 1.5",
    "random": "FROM tiny\nPARAMETER seed -1\nPARAMETER temperature 2",
    "short": "FROM tiny\nPARAMETER num_predict 3",
    "endless": "FROM tiny\nPARAMETER num_predict -1",
    "top_k": "FROM tiny\nPARAMETER temperature 2\nPARAMETER top_k 1",
    "top_p": "FROM tiny\nPARAMETER temperature 2\nPARAMETER top_p 0.01",
    "min_p": "FROM tiny\nPARAMETER temperature 2\nPARAMETER min_p 1",
    "typical_p": "FROM tiny\nPARAMETER temperature 1\nPARAMETER seed 7\nPARAMETER typical_p 0.1",
    "repeat": f"FROM tiny\n{GREEDY}PARAMETER repeat_penalty 3\nPARAMETER repeat_last_n -1",
    "once": f"FROM tiny\n{GREEDY}PARAMETER repeat_penalty 3\nPARAMETER repeat_last_n 0",
    "present": f"FROM tiny\n{GREEDY}PARAMETER presence_penalty 2",
    "frequent": f"FROM tiny\n{GREEDY}PARAMETER frequency_penalty 2",
    "threads": f"FROM tiny\n{GREEDY}PARAMETER num_thread 1",
    "chatml": f'FROM tiny\n{GREEDY}TEMPLATE """{CHATML_TURNS}"""',
    "llama": f'FROM tiny\n{GREEDY}TEMPLATE """{LLAMA_TURNS}"""',
    "embed": "FROM tiny-embed\nPARAMETER num_ctx 16",
}
"""By the name of the model."""


def filled(folder: Path) -> Path:
    """A store with these models."""
    library = Library(Store(folder))
    for name, text in MODELFILES.items():
        create(library, name, parse(text), folder)
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server over the store, once for each engine; its own context is between two models'."""
    needs(request.param)
    store = filled(tmp_path_factory.mktemp("made") / "store")
    found = Running(
        request.param, *start(store, "--backend", request.param, "--context", "512"), store
    )
    yield found
    found.stop()


def test_a_prompt_that_fits_and_one_that_does_not(running: Running) -> None:
    """Each model has its own context, the others the server's (C107, C109)."""
    fits = {"small": 50, "plain": 150, "larger": 400}
    too_long = {"small": 150, "plain": 400, "larger": 2500}

    for send in (ask, go_on):
        for model, count in fits.items():
            assert send(running, model, words(count), max_tokens=1).status == 200
        for model, count in too_long.items():
            refused = send(running, model, words(count), max_tokens=1)
            assert refused.status == 400
            assert refused.error["code"] == "context_length_exceeded"
            limit = {"small": "256", "plain": "512", "larger": "4096"}[model]
            assert f"holds {limit} tokens" in refused.error["message"]


def test_an_answer_ends_where_the_context_does(running: Running) -> None:
    """With the reason length."""
    answer = go_on(running, "small", words(100), max_tokens=1000, logit_bias={"2": -100})
    usage = answer.json["usage"]

    assert usage["prompt_tokens"] + usage["completion_tokens"] <= 256


def test_an_input_to_embed(running: Running) -> None:
    """The context counts here, too."""
    short, long = (
        running.send("POST", "/v1/embeddings", {"model": "embed", "input": words(count)})
        for count in (3, 30)
    )

    assert short.status == 200
    assert long.status == 400
    assert "16" in long.error["message"]


def test_the_system_message(running: Running) -> None:
    """Where the request has none, wherever it has it, and whatever it calls it."""
    user, own = ("user", "Who are you?"), ("system", "Answer in one word.")
    other = ("system", "Tell a story.")

    same(chat(running, "system", user), chat(running, "plain", own, user))
    for messages in (
        (other, user),
        (("developer", "Tell a story."), user),
        (user, ("assistant", "Me."), other, user),
    ):
        same(chat(running, "system", *messages), chat(running, "plain", *messages))


def test_messages_come_first(running: Running) -> None:
    """Behind the system message, before those of the request."""
    user, own, other = ("user", "Who are you?"), ("system", "Be kind."), ("system", "Be rude.")
    talk = (("user", "Hi"), ("assistant", "Hello!"))

    for model in ("messages", "told"):
        same(chat(running, model, user), chat(running, "plain", own, *talk, user))
        same(chat(running, model, other, user), chat(running, "plain", other, *talk, user))


def test_errors_count_the_messages_of_the_request(running: Running) -> None:
    """Not those that the model begins with."""
    wrong = ask(
        running, "messages", messages=[{"role": "tool", "content": "x", "tool_call_id": "y"}]
    )

    assert wrong.status == 400
    assert wrong.error["param"] == "messages[0].tool_call_id"


@pytest.mark.parametrize("send", [ask, go_on])
def test_a_stop_text(running: Running, send: Any) -> None:
    """Unless the request has its own."""
    whole = said(send(running, "greedy"))
    word = whole[len(whole) // 2 :].split()[0]
    with_stop = f"{GREEDY}PARAMETER stop {word}"
    assert running.store is not None
    create(Library(Store(running.store)), "stopping", parse(f"FROM tiny\n{with_stop}"), Path())

    assert said(send(running, "stopping")) == whole.partition(word)[0]
    assert said(send(running, "stopping", stop="no such text")) == whole


@pytest.mark.parametrize("send", [ask, go_on])
def test_parameters_are_defaults(running: Running, send: Any) -> None:
    """Each is what the request's own field would be, and gives way to it."""
    asked: dict[str, dict[str, Any]] = {
        "greedy": {"temperature": 0},
        "seeded": {"seed": 7, "temperature": 1.5},
        "present": {"temperature": 0, "presence_penalty": 2},
        "frequent": {"temperature": 0, "frequency_penalty": 2},
    }
    for model, fields in asked.items():
        same(send(running, model), send(running, "plain", **fields))
    same(
        send(running, "short", temperature=0, max_tokens=None),
        send(running, "plain", temperature=0, max_tokens=3),
    )
    same(
        send(running, "seeded", seed=8, temperature=1),
        send(running, "plain", seed=8, temperature=1),
    )
    same(
        send(running, "greedy", temperature=2, seed=3),
        send(running, "plain", temperature=2, seed=3),
    )
    assert said(send(running, "random")) != said(send(running, "random"))


def test_the_longest_answer(running: Running) -> None:
    """Both names of the field override it."""
    for fields, tokens in (
        ({"max_tokens": None}, 3),
        ({"max_tokens": 5}, 5),
        ({"max_tokens": None, "max_completion_tokens": 5}, 5),
    ):
        answer = ask(running, "short", temperature=0, **fields).json

        assert answer["usage"]["completion_tokens"] == tokens
        assert answer["choices"][0]["finish_reason"] == "length"
    whole = ask(running, "endless", temperature=0, max_tokens=None).json
    assert whole["usage"]["completion_tokens"] > 40


@pytest.mark.parametrize("model", ["top_k", "min_p", "top_p"])
def test_only_the_likeliest_token_is_left(running: Running, model: str) -> None:
    """However high the temperature."""
    assert said(ask(running, model)) == said(ask(running, "greedy"))
    assert said(go_on(running, model)) == said(go_on(running, "greedy"))


def test_typical_tokens(running: Running) -> None:
    """Another text than without, the same each time."""
    one, again = (said(ask(running, "typical_p")) for _ in range(2))

    assert one == again
    assert one != said(ask(running, "plain", seed=7))


def test_repetition_is_less_likely(running: Running) -> None:
    """In the answer, and of the prompt; not where nothing is looked back at."""
    prompt = "Say the words: blue bird blue bird"
    plain = said(ask(running, "greedy", prompt))
    assert plain == "blue bird blue bird"

    assert said(ask(running, "once", prompt)) == plain
    assert "bird" not in said(ask(running, "repeat", prompt))


def test_threads(running: Running) -> None:
    """A model that names them is loaded, and answers as it did."""
    assert said(ask(running, "threads"))


def test_the_template(running: Running) -> None:
    """It takes the place of the file's own."""
    turn = "<|im_start|>{}\n{}<|im_end|>\n".format
    chatml = turn("system", "Be kind.") + turn("user", "Hi") + "<|im_start|>assistant\n"
    llama = "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
    llama += "<|start_header_id|>assistant<|end_header_id|>\n\n"

    same(
        chat(running, "chatml", ("system", "Be kind."), ("user", "Hi")),
        go_on(running, "greedy", chatml),
    )
    same(chat(running, "llama", ("user", "Hi")), go_on(running, "greedy", llama))


def test_a_template_without_tools_takes_none(running: Running) -> None:
    """The file's own would."""
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    answers = [ask(running, model, tools=[tool], temperature=0) for model in ("plain", "chatml")]

    assert [answer.status for answer in answers] == [200, 400]
    assert answers[1].error["param"] == "tools"


def test_a_stream_has_the_same_defaults(running: Running) -> None:
    """Word for word."""
    answer = ask(running, "short", stream=True, max_tokens=None, temperature=0)
    text = "".join(event["choices"][0]["delta"].get("content", "") for event in answer.events)

    assert text == said(ask(running, "short", max_tokens=None, temperature=0))


def test_the_document_word_for_word(running: Running, tmp_path: Path) -> None:
    """Its section about the size of the context."""
    (tmp_path / "Modelfile").write_text("FROM plain\nPARAMETER num_ctx 2048\n")
    making = command("create", "mymodel", "--models", str(running.store))
    done = subprocess.run(making, check=True, cwd=tmp_path, capture_output=True)
    hello = {"model": "mymodel", "messages": [{"role": "user", "content": "Hello!"}]}
    answer = running.send("POST", "/v1/chat/completions", hello)

    assert (done.stdout, done.stderr) == (b"", b"")
    assert answer.json["model"] == "mymodel"
    assert said(answer)
    long = ask(running, "mymodel", words(900), max_tokens=1).json
    assert 1800 < long["usage"]["prompt_tokens"] < 2048
    assert "holds 512" in ask(running, "plain", words(900)).error["message"]
    assert "holds 2048" in ask(running, "mymodel", words(1100)).error["message"]
    listed = running.send("GET", "/v1/models").json["data"]
    assert "mymodel:latest" in {model["id"] for model in listed}
