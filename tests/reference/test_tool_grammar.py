"""Tools: the grammar that a choice of tools makes."""

from __future__ import annotations

import pytest
from openai_compat.backends import Constraint
from openai_compat.reference.chat.calls import form_of
from openai_compat.reference.chat.tools import toolbox
from openai_compat.reference.errors import ApiError

from .call_forms import CALL, FAMILIES, TINY, WEATHER, accepts


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
