"""Lessons with tools: what is called is on offer, and the request alone tells what is needed."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from statistics import mean
from typing import Any

import pytest

pytest.importorskip("PIL", reason="lessons have pictures, which need Pillow")

from jsonschema import Draft202012Validator
from openai_compat.reference.embedded.training.draw import Draw
from openai_compat.reference.embedded.training.lesson import Talk, answer
from openai_compat.reference.embedded.training.lessons.calling import (
    NO_TOOL,
    calling,
    calling_twice,
    serving,
)
from openai_compat.reference.embedded.training.lessons.parameters import again, parameter, renewed
from openai_compat.reference.embedded.training.lessons.toolbox import toolbox

from .drawing import drawn


@pytest.mark.parametrize("make", [calling, calling_twice, serving])
def test_calls_fit_what_is_offered(make: Any) -> None:
    """Every call names an offered tool, and its arguments validate; values stand in the request."""
    draw = Draw("calls")
    for _ in range(200):
        talk: Talk = make(draw)
        offered = {tool["function"]["name"]: tool["function"] for tool in talk.tools}
        assert len(offered) == len(talk.tools)
        for message in talk.messages:
            for call in message.get("tool_calls") or ():
                arguments = json.loads(call["function"]["arguments"])
                schema = offered[call["function"]["name"]]["parameters"]
                Draft202012Validator(schema).validate(arguments)
                asked = " ".join(
                    str(one["content"]) for one in talk.messages if one["role"] == "user"
                )
                for value in arguments.values():
                    assert not isinstance(value, str) or value in asked


def test_a_parameter_gets_another_value_of_its_kind() -> None:
    """So that the requests of one lesson cannot be copied from each other."""
    draw = Draw("again")
    others: list[bool] = []
    said: tuple[list[str], list[str]] = ([], [])
    for _ in range(1000):
        one = parameter(draw)
        other = again(draw, one)
        assert (other.name, other.schema) == (one.name, one.schema)
        Draft202012Validator(one.schema).validate(other.value)
        others.append(isinstance(one.value, bool | list | dict) or other.value != one.value)
        if isinstance(one.value, str) and "enum" not in one.schema:
            said[0].append(one.said)
            said[1].append(other.said)

    assert sum(others) > 980
    one_word, another_word = (sum(" " not in text for text in texts) for texts in said)
    assert another_word < 1.1 * one_word  # of several words as often


def test_every_kind_of_parameter_gets_another_value() -> None:
    """Only a flag may keep its own, since it has no more than two."""
    draw = Draw("renewed")
    kept: list[bool] = []
    for _ in range(1000):
        one = parameter(draw)
        other = renewed(draw, one)
        assert (other.name, other.schema) == (one.name, one.schema)
        Draft202012Validator(one.schema).validate(other.value)
        if not isinstance(one.value, bool):
            kept.append(other.value == one.value)

    assert sum(kept) < 20


def test_one_list_of_tools_serves_requests_of_every_kind() -> None:
    """For one call, for two, and for none; a tool is called again after all the others but one."""
    answers: list[str] = []
    for talk in drawn("serve", 300):
        names: list[str] = []
        for message in talk.messages:
            if message["role"] != "assistant" or message["content"] == "Done.":
                continue
            called = [one["function"]["name"] for one in message.get("tool_calls") or ()]
            answers.append("none" if message["content"] == NO_TOOL else f"{len(called)} calls")
            names += dict.fromkeys(called)
        first = names[: max(1, len(talk.tools) - 1)]
        assert len(set(first)) == len(first)

    shares = {one: answers.count(one) / len(answers) for one in set(answers)}
    assert set(shares) == {"none", "0 calls", "1 calls", "2 calls"}
    assert shares["none"] > 0.15
    assert shares["1 calls"] > 0.25
    assert shares["2 calls"] > 0.1


def test_parameters_alone_do_not_tell_which_tool_is_meant() -> None:
    """In a third of the longer lists some have the same; each has a verb or a noun of its own."""
    draw = Draw("toolbox")
    lists = [tools for _ in range(600) if len(tools := toolbox(draw)) > 2]
    parameters = [[one.parameters for one in tools if one.parameters] for tools in lists]
    alike = sum(any(many.count(one) > 1 for one in many) for many in parameters)

    assert 0.25 * len(lists) < alike < 0.5 * len(lists)
    assert all(len({(one.verb, one.noun) for one in tools}) == len(tools) for tools in lists)


@pytest.mark.parametrize("subject", ["which", "pick"])
def test_only_the_request_tells_whether_there_is_a_tool_for_it(subject: str) -> None:
    """Half of the requests are refused; neither length nor what was before tells which."""
    talks = drawn(subject, 600)
    refused: list[int] = []
    called: list[int] = []
    turns: set[tuple[bool, bool]] = set()
    for talk in talks:
        answers = [one for one in talk.messages if one["role"] == "assistant"]
        asked = [str(one["content"]) for one in talk.messages if one["role"] == "user"]
        decisions = [one.get("content") == NO_TOOL for one in answers if one["content"] != "Done."]
        for text, no_tool in zip(asked, decisions, strict=True):
            (refused if no_tool else called).append(len(text))
        turns |= set(pairwise(decisions))

    assert 0.45 < len(refused) / (len(refused) + len(called)) < 0.55
    assert 0.8 < mean(refused) / mean(called) < 1.25
    assert len(turns) == 4


def test_a_name_that_tells_nothing_does_not_tell_that_it_is_in_the_list() -> None:
    """Of the requests for one, many are refused."""
    refused = [
        str(message["content"]) == NO_TOOL
        for talk in drawn("which", 1500)
        for before, message in pairwise(talk.messages)
        if re.fullmatch(r"(?:Use|Call|Run|Please call) [A-Za-z]+\.?", str(before["content"]))
        and before["role"] == "user"
    ]

    assert len(refused) > 100
    assert 0.3 < mean(refused) < 0.7


def test_the_name_of_a_call_is_a_piece_of_its_own() -> None:
    """So it has the tokens that it has in the list of tools, and can be copied from there."""
    function = {"name": "get_weather", "arguments": '{"city": "Paris"}'}
    call = {"id": "call_1", "type": "function", "function": function}
    said = answer({"role": "assistant", "content": None, "tool_calls": [call]})

    assert list(said) == [
        ('<tool_call>{"name": "', True),
        ("get_weather", True),
        ('", "arguments": {"city": "Paris"}}</tool_call>', True),
    ]
