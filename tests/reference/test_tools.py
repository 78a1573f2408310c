"""Tools: the grammar, reading calls back, and their way over the wire."""

from __future__ import annotations

import random

import pytest
from openai_compat.backends import (
    Constraint,
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
from openai_compat.reference.errors import ApiError

from tests.engines import ENGINES, needs

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
TINY = CallForm(
    open='<tool_call>{"name": "',
    between='", "arguments": ',
    close="}</tool_call>",
    next='}</tool_call><tool_call>{"name": "',
)
"""The form of the embedded model."""
CALL = '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>'
READ = Call("get_weather", '{"city": "Paris"}')
MARKS = "a</tool_call> <tool_call>{b"
ODD, ODD_READ = CALL.replace("Paris", MARKS), Call("get_weather", f'{{"city": "{MARKS}"}}')
"""A call with the marks of calls in a string: a grammar for JSON allows it."""
TURN = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}"
FAMILIES = {
    "one object in marks, a line each": (
        TURN + "{% for c in m.tool_calls or [] %}{{ '\n' }}<tool_call>\n"
        '{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}'
        "\n</tool_call>{% endfor %}<end>\n{% endfor %}",
        '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>',
        """<tool_call>
{"name": "f", "arguments": {"a": 1}}
</tool_call>
<tool_call>
{"name": "g", "arguments": {"b": "x"}}
</tool_call>""",
    ),
    "a bare object, one at most": (
        TURN + "{% if m.tool_calls %}{% if m.tool_calls | length > 1 %}"
        "{{ raise_exception('one call at a time') }}{% endif %}"
        '{"name": "{{ m.tool_calls[0].function.name }}", "parameters": '
        "{{ m.tool_calls[0].function.arguments | tojson }}}{% endif %}<end>{% endfor %}",
        '{"name": "f", "parameters": {"a": 1}}',
        None,
    ),
    "a list behind a control token, with ids": (
        TURN + "{% if m.tool_calls %}[CALLS] [{% for c in m.tool_calls %}"
        '{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}, '
        '"id": "{{ c.id }}"}{{ ", " if not loop.last }}{% endfor %}]{% endif %}<end>{% endfor %}',
        '[CALLS] [{"name": "f", "arguments": {"a": 1}, "id": "abcdefgh1"}]',
        """[CALLS] [{"name": "f", "arguments": {"a": 1}, "id": "abcdefgh1"}, \
{"name": "g", "arguments": {"b": "x"}, "id": "ABCDEFGH2"}]""",
    ),
    "a name and its arguments between control tokens": (
        TURN + "{% for c in m.tool_calls or [] %}[CALLS]{{ c.function.name }}[ARGS]"
        "{{ c.function.arguments | tojson }}{% endfor %}<end>{% endfor %}",
        '[CALLS]f[ARGS]{"a": 1}',
        '[CALLS]f[ARGS]{"a": 1}[CALLS]g[ARGS]{"b": "x"}',
    ),
    "control tokens around each call": (
        TURN + "{% if m.tool_calls %}[CALLS]{% for c in m.tool_calls %}[CALL]{{ c.function.name }}"
        "[ARGS]{{ c.function.arguments | tojson }}[END]{{ '\\n' if not loop.last }}{% endfor %}"
        "[DONE]{% endif %}<end>{% endfor %}",
        '[CALLS][CALL]f[ARGS]{"a": 1}',
        '[CALLS][CALL]f[ARGS]{"a": 1}[END]\n[CALL]g[ARGS]{"b": "x"}',
    ),
    "the name in the mark": (
        TURN + "{% for c in m.tool_calls or [] %}<function={{ c.function.name }}>"
        "{{ c.function.arguments | tojson }}</function>{% endfor %}<end>{% endfor %}",
        '<function=f>{"a": 1}</function>',
        '<function=f>{"a": 1}</function><function=g>{"b": "x"}</function>',
    ),
    "arguments joined as text": (
        TURN + "{% for c in m.tool_calls or [] %}{{ '<call>' + c.function.name + '\n```json\n' + "
        "c.function.arguments + '\n```</call>' }}{% endfor %}<end>{% endfor %}",
        '<call>f\n```json\n{"a": 1}\n```</call>',
        '<call>f\n```json\n{"a": 1}\n```</call><call>g\n```json\n{"b": "x"}\n```</call>',
    ),
}
"""Chat templates of several kinds, and how each writes one call and two."""


def read(text: str, seed: int, form: CallForm = TINY) -> list[str | Call]:
    """What a reader finds in a text that comes in random portions; texts are joined."""
    cuts, reader, found, rest = random.Random(seed), Reader(form), list[str | Call](), text
    while rest:
        length = cuts.randint(1, 9)
        found += reader.feed(rest[:length])
        rest = rest[length:]
    found += reader.end()
    joined: list[str | Call] = []
    for item in found:
        if joined and isinstance(item, str) and isinstance(joined[-1], str):
            joined[-1] += item
        else:
            joined.append(item)
    return joined


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


def accepts(constraint: Constraint, text: str) -> bool:
    """Whether a grammar takes a text, byte by byte, by llguidance itself."""
    llguidance = pytest.importorskip("llguidance")
    matcher = llguidance.LLMatcher(
        llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(constraint.value)
    )
    data = text.encode()
    return bool(matcher.try_consume_tokens(list(data)) == len(data) and matcher.is_accepting())


def test_the_grammar_allows_text_or_right_calls_only() -> None:
    """And with a form of the answer, calls or that form."""
    box = toolbox([WEATHER])
    assert box is not None
    free = box.constraint(TINY)

    assert accepts(free, "plain text with <b> and {}")
    assert accepts(free, CALL)
    assert accepts(free, f"Wait. {CALL}{CALL}")
    assert not accepts(free, CALL.replace("get_weather", "get_time"))
    assert not accepts(free, CALL.replace('"Paris"', "7"))
    form = box.constraint(TINY, Constraint("json_object"))
    assert accepts(form, '{"a": 1}')
    assert accepts(form, CALL)
    assert not accepts(form, "plain text")


@pytest.mark.parametrize("family", [one for one in FAMILIES if "control" not in one])
def test_each_family_has_its_grammar(family: str) -> None:
    """Control tokens are no text, so that a byte tokenizer has none of theirs."""
    template, one, two = FAMILIES[family]
    form = form_of(template, "", "<end>", ("<end>",))
    tools = [
        {"type": "function", "function": {"name": name, "parameters": {"properties": fields}}}
        for name, fields in (("f", {"a": {"type": "integer"}}), ("g", {"b": {"type": "string"}}))
    ]
    box, single = toolbox(tools), toolbox(tools, parallel=False)
    assert box is not None
    assert single is not None

    for constraint in (box.constraint(form), single.constraint(form)):
        assert accepts(constraint, one)
        assert accepts(constraint, "plain text, {} and <b>")
        assert not accepts(constraint, one.replace("1", '"x"'))
        assert not accepts(constraint, one[:-1])
    if two is not None:
        assert accepts(box.constraint(form), two)
        assert not accepts(single.constraint(form), two)


def test_a_forced_choice_leaves_only_calls() -> None:
    """And only of the named function."""
    other = {"type": "function", "function": {"name": "other"}}
    choice = {"type": "function", "function": {"name": "other"}}
    box = toolbox([WEATHER, other], choice)

    assert box is not None
    assert box.forced
    assert [function["name"] for function in box.functions] == ["other"]
    assert toolbox([WEATHER], "none") is None
    with pytest.raises(ApiError, match="none of the functions"):
        toolbox([WEATHER], choice)
