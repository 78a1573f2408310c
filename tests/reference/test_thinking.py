"""Models that think: their thoughts apart from the answer, in the whole and in streams."""

from __future__ import annotations

import itertools
import json
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_compat.backends import Constraint
from openai_compat.backends.gguf import read
from openai_compat.reference import embedded
from openai_compat.reference.chat.calls import HERMES
from openai_compat.reference.chat.thinking import Separator, Thinking, thinking
from openai_compat.reference.chat.tools import toolbox

from tests.engines import ENGINES, needs

from .call_forms import WEATHER, accepts
from .conftest import command, start
from .running import Running

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content %}<think>"
    "{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}"
    "<think>\n\n</think>\n\n{% else %}<think>\n{% endif %}{% endif %}"
)
THOUGHTS = ("so be it", "this is it", "hello world", "one two three", "the sun", "good day", "blue")
ANSWERS = ("hello world", "good day", "the sun", "yes", "this is it")


def ask(text: str) -> dict[str, Any]:
    """Fields of a request for a text."""
    messages = [{"role": "user", "content": text}]
    return {"model": "thinker", "temperature": 0, "max_tokens": 40, "messages": messages}


def with_template(good: bytes, old: str, new: str) -> bytes:
    """A model file with another template, filled up with a comment to the same length."""
    room = len(old.encode()) - len(new.encode()) - 4
    assert room >= 0
    filled = new.encode() + b"{#" + b" " * room + b"#}"
    head = struct.pack("<Q", len(filled))
    at = good.index(head + old.encode())
    return good[:at] + head + filled + good[at + len(head) + len(filled) :]


@pytest.fixture(scope="module")
def thinking_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded model with a template that knows of thoughts."""
    weights = embedded.models()["tiny"][0]
    template = read(weights).get("tokenizer.chat_template")
    file = tmp_path_factory.mktemp("thinker") / "thinker.gguf"
    file.write_bytes(with_template(weights.read_bytes(), template, TEMPLATE))
    return file


@pytest.fixture(scope="module", params=ENGINES)
def thinker(request: pytest.FixtureRequest, thinking_file: Path) -> Iterator[Running]:
    """A server of that model, for each engine."""
    name: str = request.param
    needs(name)
    store = thinking_file.parent / f"store-{name}"
    copy = command("cp", str(thinking_file), "thinker", "--models", str(store))
    subprocess.run(copy, check=True)
    running = Running(name, *start(store, "--backend", name, "--profile", "openai"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def asked(thinker: Running) -> dict[str, Any]:
    """A request to which the model thinks and answers.

    It knows no thoughts. It says again what it is told, but tags only now and then.
    """
    for thought, answer in itertools.product(THOUGHTS, ANSWERS):
        fields = ask(f"Repeat: {thought}</think>{answer}")
        message = thinker.chat(**fields).json["choices"][0]["message"]
        if message["content"] and message.get("reasoning_content"):
            return fields
    pytest.fail("the embedded model says no closing tag again; try other texts")


def test_thoughts_stand_apart(thinker: Running, asked: dict[str, Any]) -> None:
    """In ``reasoning_content``; their tokens are counted on their own, too."""
    answer = thinker.chat(**asked).json
    message, usage = answer["choices"][0]["message"], answer["usage"]
    said = asked["messages"][0]["content"].removeprefix("Repeat: ")

    assert message["content"] in said.partition("</think>")[2]
    assert "think>" not in message["content"] + message["reasoning_content"]
    thoughts = usage["completion_tokens_details"]["reasoning_tokens"]
    assert 2 < thoughts < usage["completion_tokens"]


def test_thoughts_are_streamed_apart(thinker: Running, asked: dict[str, Any]) -> None:
    """Before the content, and the same as in the whole."""
    options = {"include_usage": True}
    events = thinker.chat(**asked, stream=True, stream_options=options).events
    whole = thinker.chat(**asked).json
    message = whole["choices"][0]["message"]
    deltas = [event["choices"][0]["delta"] for event in events[:-1]]
    kinds = [next(iter(delta)) for delta in deltas[1:-1]]

    for key in ("reasoning_content", "content"):
        assert "".join(delta.get(key) or "" for delta in deltas) == message[key]
    assert kinds == sorted(kinds, reverse=True)  # reasoning_content first
    for key in ("completion_tokens", "completion_tokens_details"):
        assert events[-1]["usage"][key] == whole["usage"][key]


def test_effort_none_closes_the_thoughts(thinker: Running) -> None:
    """By the template; what the model then writes is answer, and no header says otherwise."""
    usual, none = thinker.chat(**ask("Hi")), thinker.chat(**ask("Hi"), reasoning_effort="none")

    assert usual.json["choices"][0]["message"]["reasoning_content"]
    assert none.json["usage"]["prompt_tokens"] > usual.json["usage"]["prompt_tokens"]
    assert none.json["choices"][0]["message"]["content"]
    assert "reasoning_content" not in none.json["choices"][0]["message"]
    assert none.json["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0
    assert "openai-compat-ignored" not in none.headers


def test_a_thought_that_is_cut_is_no_answer(thinker: Running) -> None:
    """All tokens were thoughts."""
    answer = thinker.chat(**{**ask("Hi"), "max_tokens": 2}).json

    assert answer["choices"][0]["message"]["content"] == ""
    assert answer["choices"][0]["message"]["reasoning_content"]
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens_details"]["reasoning_tokens"] == 2


def test_old_thoughts_go_to_the_template(thinker: Running) -> None:
    """As clients send them back."""
    fields = ask("Hi")
    past = {"role": "assistant", "content": "hello", "reasoning_content": "hm " * 20}
    messages = [*fields["messages"], past, *fields["messages"]]
    with_it = thinker.chat(**{**fields, "messages": messages}).json["usage"]["prompt_tokens"]
    del past["reasoning_content"]
    without = thinker.chat(**{**fields, "messages": messages}).json["usage"]["prompt_tokens"]

    assert with_it > without + 20


def test_a_schema_holds_for_the_answer(thinker: Running, asked: dict[str, Any]) -> None:
    """Behind the thoughts the content is JSON; nothing is, where the limit cuts the thoughts."""
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [1, 2]}},
        "required": ["a"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    choice = thinker.chat(**asked, response_format=form).json["choices"][0]

    assert choice["message"]["reasoning_content"]
    assert json.loads(choice["message"]["content"])["a"] in {1, 2}


def test_a_model_that_does_not_think_says_so(openai_server: Running) -> None:
    """In the header, not in the answer."""
    answer = openai_server.chat(**{**ask("Hi"), "model": "tiny"}, reasoning_effort="low")

    assert answer.headers["openai-compat-ignored"] == "reasoning_effort"
    assert "reasoning_content" not in answer.json["choices"][0]["message"]


@pytest.mark.parametrize(
    ("text", "begun", "expected"),
    [
        ("<think>a b</think>\n\nc d", False, ("a b", "c d")),
        ("\n<think>\na</think>c", False, ("a", "c")),
        ("no thoughts, <think>", False, ("", "no thoughts, <think>")),
        ("a <b></th</think> c", True, ("a <b></th", "c")),
        ("cut in the mid", True, ("cut in the mid", "")),
        ("cut in its tag</thi", True, ("cut in its tag</thi", "")),
        ("<thi", False, ("", "<thi")),
        ("<think></think>x", False, ("", "x")),
    ],
)
def test_text_comes_in_any_portions(text: str, expected: tuple[str, str], *, begun: bool) -> None:
    """A letter at a time and all at once."""
    for size in (1, 3, len(text)):
        separator, found = Separator(begun=begun), {True: "", False: ""}
        for first in range(0, len(text), size):
            for thought, part in separator.feed(text[first : first + size]):
                found[thought] += part
        for thought, part in separator.end():
            found[thought] += part

        assert (found[True], found[False]) == expected


def test_whether_a_model_thinks_is_in_template_and_prompt() -> None:
    """A prompt may open thoughts, or close them."""
    assert thinking(None, "x") is None
    assert thinking("no tags", "<think>") is None
    assert thinking("<think></think>", "assistant\n") == Thinking()
    assert thinking("<think></think>", "assistant\n<think>\n") == Thinking(begun=True)
    assert thinking("<think></think>", "assistant\n<think>\n\n</think>\n\n") is None


def test_a_constraint_holds_behind_the_thoughts() -> None:
    """Of JSON and of calls; opened thoughts have to be closed."""
    box = toolbox([WEATHER], "required")
    assert box is not None
    call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call>'
    for constraint, answer in (
        (Constraint("json_object"), '{"a": 1}'),
        (Constraint("json_schema", {"type": "integer"}), "7"),
        (box.constraint(HERMES), call),
    ):
        free = Thinking().before(constraint)
        begun = Thinking(begun=True).before(constraint)
        assert free is not None
        assert begun is not None
        assert accepts(free, answer)
        assert accepts(free, f"<think>well <b></think>\n{answer}")
        assert accepts(begun, f"well {{}} </think>\n\n{answer}")
        for blanks in (" " * 8, "\n" * 8):  # no more, lest a model that likes them never answers
            assert accepts(begun, f"well</think>{blanks}{answer}")
            assert not accepts(begun, f"well</think>{blanks}\n{answer}")
        assert not accepts(begun, answer)
        assert not accepts(free, f"well {answer}")
    assert Thinking().before(None) is None
