"""Tools: reading calls back, and writing past ones."""

from __future__ import annotations

import pytest
from openai_compat.backends import (
    Description,
    Generation,
    ModelFiles,
    Sampling,
    Text,
    TextEvent,
    Worker,
)
from openai_compat.reference import embedded
from openai_compat.reference.chat.calls import HERMES, Call, CallForm, form_of
from openai_compat.reference.chat.conversation import conversation
from openai_compat.reference.chat.resource import prompt
from openai_compat.reference.chat.tools import Reader, toolbox

from tests.engines import ENGINES, needs

from .call_forms import CALL, FAMILIES, ODD, ODD_READ, READ, TINY, TURN, WEATHER, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("just text <b>", ["just text <b>"]),
        (CALL, [READ]),
        (f"Let me look. {CALL}", ["Let me look.", READ]),
        (f"{CALL}{CALL}", [READ, READ]),
        ("<tool_call>{", []),
        ('<tool_call>{"name": "get_wea', []),
        (ODD, [ODD_READ]),
        (f"{ODD}{CALL}{ODD}", [ODD_READ, READ, ODD_READ]),
        ("text <tool_c", ["text <tool_c"]),
        ("  ", ["  "]),
        ("one  two\n", ["one  two\n"]),
    ],
)
def test_calls_are_read_out_of_text(text: str, expected: list[str | Call]) -> None:
    """However it is cut; half a call is dropped, and no markup becomes text."""
    for seed in range(20):
        assert read(text, seed) == expected


def test_a_call_of_lists_without_an_end_is_none() -> None:
    """Deeper than any Python reads JSON."""
    reader, depth = Reader(TINY), 200_000
    text = CALL.replace('"Paris"', "[" * depth + "]" * depth)

    assert [*reader.feed(text), *reader.end()] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_shows_how_its_model_writes_calls(family: str) -> None:
    """One call and two are read, whatever the ids, and cut anywhere; text may come before."""
    template, one, two = FAMILIES[family]
    control = ("[CALLS]", "[CALL]", "[ARGS]", "[END]", "[DONE]")
    form = form_of(template, "", "<end>", (*control, "<end>"))
    f, g = Call("f", '{"a": 1}'), Call("g", '{"b": "x"}')

    assert (form.next is None) == (two is None)
    assert set(form.control) == {text for text in control if text in (two or one)}
    for seed in range(20):
        assert read(one, seed, form) == [f]
        assert two is None or read(two, seed, form) == [f, g]
        assert read(one[:-2], seed, form) == []
        assert read("just text", seed, form) == ["just text"]
        if form.mark:
            assert read(f"Wait. {one}", seed, form) == ["Wait.", f]


@pytest.mark.parametrize("family", FAMILIES)
def test_past_calls_are_written_as_the_template_wants_them(family: str) -> None:
    """Their arguments as an object or as text; both come back as they went."""
    template, one, _ = FAMILIES[family]
    function = {"name": "f", "arguments": '{"a": 1}'}
    past = {"id": "abcdefgh1", "type": "function", "function": function}
    talk = conversation(
        [
            {"role": "user", "content": "x"},
            {"role": "assistant", "content": None, "tool_calls": [past]},
            {"role": "tool", "tool_call_id": "abcdefgh1", "content": "done"},
        ]
    )
    described = Description("llama", 64, 8, template, "", "<end>", frozenset(("chat",)))
    text = prompt(talk, toolbox([WEATHER]), described, {})

    assert one.replace("abcdefgh1", "call00000") in text
    assert "done" in text


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("choice", ["required", "auto"])
def test_control_tokens_make_calls_on_the_engines(engine: str, choice: str) -> None:
    """In a form that has them in another order than the vocabulary; text may come before."""
    needs(engine)
    template = (
        TURN + "{% for c in m.tool_calls or [] %}<|fim_suffix|>{{ c.function.name }}"
        "<|fim_prefix|>{{ c.function.arguments | tojson }}{% endfor %}<end>{% endfor %}"
    )
    form = form_of(template, "", "<end>", ("<|fim_prefix|>", "<|fim_suffix|>"))
    few = {"properties": {"a": {"enum": [1, 2]}}, "additionalProperties": False}
    named = {"name": "f", "parameters": few}
    box = toolbox([{"type": "function", "function": named}], choice, parallel=False)
    assert box is not None
    assert form.control.index(form.mark) == 1
    worker = Worker(engine, ModelFiles(embedded.models()["tiny"][0]))
    try:
        mark = worker.tokenize(form.mark, special=True)[0]
        generation = Generation(
            (Text("Say hello"),),
            Sampling(temperature=0, logit_bias={mark: 100.0}),
            max_tokens=60,
            constraint=box.constraint(form),
        )
        events = list(worker.generate(generation))
    finally:
        worker.close()
    text = "".join(event.text for event in events if isinstance(event, TextEvent))

    assert text.startswith("<|fim_suffix|>f<|fim_prefix|>{")
    [call] = read(text, 1, form)
    assert isinstance(call, Call)
    assert call.name == "f"


@pytest.mark.parametrize(
    ("opened", "control", "mark"),
    [
        ('<tool_call>\n{"name": "', (), "<tool_call>"),
        ('[CALLS][{"name": "', ("[CALLS]",), "[CALLS]"),
        ('[{"name": "', (), ""),
        ('{"name": "', (), ""),
        ("<|a|><|b|>", ("<|a|>", "<|b|>"), "<|a|>"),
    ],
)
def test_a_mark_is_what_no_other_text_begins_with(
    opened: str, control: tuple[str, ...], mark: str
) -> None:
    """A bracket alone is none: any list has it."""
    assert CallForm(opened, "", "", control=control).mark == mark


def test_a_template_that_renders_no_call_means_the_usual_form() -> None:
    """Also one that cannot be rendered at all."""
    assert form_of(TURN + "{% endfor %}", "", "<end>", ()) == HERMES
    assert form_of("{{ raise_exception('no') }}", "", "", ()) == HERMES
    assert form_of("", "", "", ()) == HERMES


def test_the_embedded_model_has_its_own_form() -> None:
    """As its template writes calls, without white space."""
    from openai_compat.backends.gguf import read as read_file

    template = read_file(embedded.models()["tiny"][0]).get("tokenizer.chat_template")
    ends = ("<s>", "<|im_start|>", "<|im_end|>")

    assert form_of(template, "<s>", "<|im_end|>", ends) == TINY


def test_text_that_only_looks_like_a_call_is_text() -> None:
    """Where calls have no mark: other JSON, and text that begins like it."""
    template = FAMILIES["a bare object, one at most"][0]
    form = form_of(template, "", "<end>", ())

    for text in ('{"name": "x", "age": 3}', '{"na', 'see: {"name": "f", "parameters": {}}', "{"):
        assert read(text, 1, form) == [text]
    assert read('{"name": "f", "para', 1, form) == []
