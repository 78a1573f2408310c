"""The exam: its questions, its marks, and the card that shows them."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="lessons have pictures, which need Pillow")

from openai_compat.reference.chat.template import render
from openai_compat.reference.embedded.training import card
from openai_compat.reference.embedded.training.exam import (
    FORCED,
    SKILLS,
    Forced,
    Question,
    forced,
    questions,
)
from openai_compat.reference.embedded.training.lesson import template
from openai_compat.reference.embedded.training.marking import Mark, examine

from tests.engines import ENGINES, needs

EXAM = "e53f10b4ab4ced28270386ec3a955c2fe8838b2054cf87f1c8b5b5987f86831a"
"""SHA-256 of thirty questions of each skill, without pictures."""
COUNT = 60
CHANCE = 0.13
"""How far the first questions may be from the score of all: two standard deviations, about."""


@pytest.mark.parametrize("skill", SKILLS)
def test_questions_are_always_the_same_and_differ(skill: str) -> None:
    """So that scores can be compared."""
    asked = questions(skill, 30)

    assert asked == questions(skill, 30)
    assert len({str(one.body) for one in asked}) > 20
    assert all(one.right(one.expected) or not one.exact for one in asked)


def test_the_questions_are_those_of_the_card() -> None:
    """A change of the lessons that changes them would make new scores mean something else.

    Pictures are left out, since each release of Pillow may pack them in another way.
    """
    texts = [skill for skill in SKILLS if "picture" not in skill]
    asked = [[(one.body, one.expected) for one in questions(skill, 30)] for skill in texts]

    assert hashlib.sha256(json.dumps(asked).encode()).hexdigest() == EXAM


def test_tools_in_the_system_message_are_as_the_template_writes_them() -> None:
    """The same prompt as with a list of tools, but nothing constrains the answer."""
    from openai_compat.reference.embedded.training.draw import Draw
    from openai_compat.reference.embedded.training.lessons.calling import calling

    draw = Draw("final exam tool and arguments", unseen=True)
    for question in questions("tool and arguments", 30):
        talk = calling(draw)
        ends = ("<s>", "<|im_end|>")
        with_tools = render(template(), talk.messages[:-1], talk.tools, *ends)

        assert render(template(), question.body["messages"], (), *ends) == with_tools
        assert question.expected.startswith("<tool_call>")


def test_an_answer_is_right_to_the_letter_or_not() -> None:
    """Where no tool fits, every answer without a call is right."""
    exact = Question("/x", {}, "Paris")
    free = Question("/x", {}, "I have no tool for that.", exact=False)

    assert exact.right("Paris")
    assert not exact.right("Paris.")
    assert free.right("whatever")
    assert not free.right('<tool_call>{"name": "x", "arguments": {}}</tool_call>')


def test_what_is_forced_has_to_be_valid() -> None:
    """Text and calls; what is no JSON is not valid."""
    schema = {"type": "object", "required": ["a"]}
    one = Forced({}, schema)
    call = {"function": {"arguments": '{"a": 1}'}}

    assert one.valid({"content": '{"a": 1}'})
    assert one.valid({"content": None, "tool_calls": [call]})
    assert not one.valid({"content": "{}"})
    assert not one.valid({"content": '{"a": 1'})
    assert {kind: len(forced(kind, 3)) for kind in FORCED} == dict.fromkeys(FORCED, 3)


def test_the_card_gets_a_row_for_each_skill(tmp_path: Path) -> None:
    """Between its two comments, and nowhere else."""
    ours = {"copy": Mark(1, ("a", "b")), "picture: shape": Mark(2, ("a", "b"))}
    theirs = {"copy": Mark(2, ("a", "c"))}
    path = tmp_path / "card.md"
    path.write_text(f"before\n{card.BEGIN}\nold\n{card.END}\nafter\n", encoding="utf-8")
    card.put(card.table(ours, theirs), path)
    rows = path.read_text(encoding="utf-8").splitlines()

    assert rows[0] == "before"
    assert rows[-1] == "after"
    assert "| copy | 2 | 0.500 | 1.000 | 0.500 |" in rows
    assert "| picture: shape | 2 | 1.000 | - | - |" in rows
    assert "old" not in rows
    with pytest.raises(ValueError, match="has no lines"):
        card.put("", Path(__file__))


def on_the_card() -> dict[str, dict[str, float]]:
    """The scores that the model card states: by skill and engine."""
    text = card.CARD.read_text(encoding="utf-8").partition(card.BEGIN)[2].partition(card.END)[0]
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines()[3:]]
    return {
        row[0].removesuffix(", valid"): {
            engine: float(score)
            for engine, score in zip(("llamacpp", "ctransformers"), row[2:4], strict=True)
            if score != "-"
        }
        for row in cells
        if row
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_the_models_are_as_good_as_their_card_says(engine: str) -> None:
    """The first questions of each skill; what a constraint makes valid is always valid."""
    needs(engine)
    stated = on_the_card()
    found = examine(None, engine, COUNT)

    assert set(found) == {skill for skill, scores in stated.items() if engine in scores}
    shares = {skill: mark.share for skill, mark in found.items()}
    assert {kind: shares[kind] for kind in FORCED} == dict.fromkeys(FORCED, 1.0)
    worse = {
        skill: (share, stated[skill][engine])
        for skill, share in shares.items()
        if share < stated[skill][engine] - CHANCE
    }
    assert worse == {}


def test_the_server_ends_with_the_exam(tmp_path: Path) -> None:
    """Also when the process that examines is killed, and can end nothing itself."""
    needs("ctransformers")
    sitting = (
        "from openai_compat.reference.embedded.training.marking import serving\n"
        "with serving(None, 'ctransformers') as client:\n"
        "    print(client.base_url.port, flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", sitting],
        env={**os.environ, "TMPDIR": str(tmp_path)},  # what is killed leaves its folder behind
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        port = int(process.stdout.readline())

        def listening() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        assert listening()
        process.kill()
        process.wait()
        deadline = time.monotonic() + 30
        while listening() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not listening()
