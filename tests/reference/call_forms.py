"""Forms of tool calls, templates that write them, and what reads and allows them."""

from __future__ import annotations

import random

import pytest
from openai_compat.backends import Constraint
from openai_compat.reference.chat.calls import Call, CallForm
from openai_compat.reference.chat.tools import Reader

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


def accepts(constraint: Constraint, text: str) -> bool:
    """Whether a grammar takes a text, byte by byte, by llguidance itself."""
    llguidance = pytest.importorskip("llguidance")
    matcher = llguidance.LLMatcher(
        llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(constraint.value)
    )
    data = text.encode()
    return bool(matcher.try_consume_tokens(list(data)) == len(data) and matcher.is_accepting())
