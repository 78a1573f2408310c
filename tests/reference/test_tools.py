"""Tools: the grammar, reading calls back, and their way over the wire."""

from __future__ import annotations

import random

import pytest
from openai_compat.backends import Constraint
from openai_compat.reference.chat.tools import Call, Reader, toolbox
from openai_compat.reference.errors import ApiError

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
CALL = '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>'
READ = Call("get_weather", '{"city": "Paris"}')
MARKS = "a</tool_call> <tool_call>{b"
ODD, ODD_READ = CALL.replace("Paris", MARKS), Call("get_weather", f'{{"city": "{MARKS}"}}')
"""A call with the marks of calls in a string: a grammar for JSON allows it."""


def read(text: str, seed: int) -> list[str | Call]:
    """What a reader finds in a text that comes in random portions; texts are joined."""
    cuts, reader, found, rest = random.Random(seed), Reader(), list[str | Call](), text
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
        (f"{CALL}\n{CALL}\n", [READ, READ]),
        ('<tool_call>{"name": "get_wea', []),
        (ODD, [ODD_READ]),
        (f"{ODD}\n{CALL}{ODD}", [ODD_READ, READ, ODD_READ]),
        ("text <tool_c", ["text <tool_c"]),
        ("  ", ["  "]),
        ("one  two\n", ["one  two\n"]),
    ],
)
def test_calls_are_read_out_of_text(text: str, expected: list[str | Call]) -> None:
    """However it is cut; half a call is dropped, and no markup becomes text."""
    for seed in range(20):
        assert read(text, seed) == expected


def test_the_grammar_allows_text_or_right_calls_only() -> None:
    """Checked byte by byte by llguidance itself."""
    llguidance = pytest.importorskip("llguidance")
    box = toolbox([WEATHER])
    assert box is not None

    def accepts(constraint: Constraint, text: str) -> bool:
        matcher = llguidance.LLMatcher(
            llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(constraint.value)
        )
        data = text.encode()
        return bool(matcher.try_consume_tokens(list(data)) == len(data) and matcher.is_accepting())

    free = box.constraint(None)
    assert accepts(free, "plain text with <b> and {}")
    assert accepts(free, CALL)
    assert accepts(free, f"Wait. {CALL}\n{CALL}")
    assert not accepts(free, CALL.replace("get_weather", "get_time"))
    assert not accepts(free, CALL.replace('"Paris"', "7"))
    form = box.constraint(Constraint("json_object"))
    assert accepts(form, '{"a": 1}')
    assert accepts(form, CALL)
    assert not accepts(form, "plain text")


def test_a_forced_choice_leaves_only_calls() -> None:
    """And only of the named function."""
    other = {"type": "function", "function": {"name": "other"}}
    choice = {"type": "function", "function": {"name": "other"}}
    box = toolbox([WEATHER, other], choice)

    assert box is not None
    assert box.forced
    assert [function["name"] for function in box.functions] == ["other"]
    assert toolbox([WEATHER], "none") is None
    with pytest.raises(ApiError, match="none of the tools"):
        toolbox([WEATHER], choice)
