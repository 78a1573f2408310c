"""Lessons: in the template's format, right, and apart from what the exam asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("PIL", reason="lessons have pictures, which need Pillow")

from openai_compat.reference.chat.conversation import conversation
from openai_compat.reference.chat.template import render
from openai_compat.reference.embedded.training.course import COURSE
from openai_compat.reference.embedded.training.draw import Draw, listed, tool_words
from openai_compat.reference.embedded.training.lesson import PICTURE, Gap, Talk, template
from openai_compat.reference.embedded.training.lessons import SUBJECTS, teach
from openai_compat.reference.embedded.training.lessons.copying import ASKED, request
from openai_compat.reference.embedded.training.lessons.filling import certain, filling
from openai_compat.reference.embedded.training.lessons.finding import (
    _QUESTIONS,
    _SEARCHES,
    _WHETHER,
    ABSENT,
)
from openai_compat.reference.embedded.training.lessons.obeying import framed
from openai_compat.reference.embedded.training.lessons.wording import composed

from .drawing import drawn

TALKS = [name for name in SUBJECTS if name not in ("fill", "tell")]


@pytest.mark.parametrize("subject", TALKS)
def test_a_talk_is_written_as_the_template_renders_it(subject: str) -> None:
    """Up to the last answer, which is taught to the letter."""
    for talk in drawn(subject, 60):
        *before, _last = talk.messages
        rendered = render(
            template(), conversation(before).messages, talk.tools, "<s>", "<|im_end|>"
        )
        pieces = list(talk.pieces())
        own = [index for index, piece in enumerate(pieces) if piece.taught]
        last = next(one for one in reversed(own) if not pieces[one - 1].taught)

        assert "".join(piece.text for piece in pieces[:last]) == "<s>" + rendered
        assert pieces[own[-1]].text.endswith("<|im_end|>")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_lessons_are_the_same_for_the_same_seed(subject: str) -> None:
    """In both worlds."""
    for unseen in (False, True):
        assert drawn(subject, 5, unseen=unseen) == drawn(subject, 5, unseen=unseen)


def test_at_first_there_are_neither_parameters_nor_pictures() -> None:
    """Nor long texts; all of them come later, but not tools with nothing but a name."""
    draw = Draw("first")
    first = [teach(draw, COURSE[0]) for _ in range(300)]
    later = [teach(draw) for _ in range(300)]

    def with_parameters(talk: Talk) -> bool:
        return any(one["function"]["parameters"]["properties"] for one in talk.tools)

    assert not any(isinstance(one, Talk) and (with_parameters(one) or one.scenes) for one in first)
    assert any(isinstance(one, Talk) and one.tools for one in first)
    assert max(sum(len(piece.text) for piece in one.pieces()) for one in first) < 2000
    assert any(isinstance(one, Talk) and with_parameters(one) for one in later)
    assert any(isinstance(one, Talk) and one.scenes for one in later)


class Watchful(Draw):
    """Notices a wording that is both taught and asked."""

    def form(self, taught: Sequence[Any], asked: Sequence[Any]) -> Any:
        assert not set(taught) & set(asked)
        return super().form(taught, asked)


@pytest.mark.parametrize("subject", sorted(set(SUBJECTS) - {"story", "tell"}))
def test_no_wording_is_both_taught_and_asked(subject: str) -> None:
    """Of those from which `Draw.form` chooses."""
    for unseen in (False, True):
        draw = Watchful("forms", unseen=unseen)
        for _ in range(150):
            SUBJECTS[subject](draw)


def test_no_request_to_copy_is_both_taught_and_asked() -> None:
    """Requests to copy are put together from parts."""
    draw = Draw("copy")
    taught = {request(draw, "\0") for _ in range(20000)}

    assert len(taught) > 1000
    assert not taught & {form.format("\0") for form in ASKED}


def test_a_composed_wording_is_none_that_the_exam_has() -> None:
    """Whatever its case, courtesy and signs; and the exam has no other."""
    draw, asked = Draw("composed"), ("Turn this into JSON: {}", "Say {}!")
    near = ["please turn this into json: {}", "Say {}", "SAY  {}.", "say {} please", "Write {}"]

    assert {composed(draw, lambda: draw.choice(near), asked) for _ in range(200)} == {"Write {}"}
    exam = Draw("composed", unseen=True)
    assert {composed(exam, lambda: "Write {}", asked) for _ in range(50)} == set(asked)


def test_held_out_words_are_never_taught() -> None:
    """Words, names and cities; verbs, nouns and keys of tools; made-up words."""
    for name in ("names", "cities"):
        assert not set(listed(name)) & set(listed(f"held-out-{name}"))
    assert not set(listed("common")) & set(listed("held-out"))
    for kind in ("verbs", "nouns", "keys"):
        assert not set(tool_words(kind)) & set(tool_words(f"held-out {kind}"))
    taught, asked = Draw("x"), Draw("x", unseen=True)
    made = {taught.pseudo().lower() for _ in range(3000)}
    assert not made & {asked.pseudo().lower() for _ in range(3000)}
    for kind in ("verbs", "nouns", "keys"):
        words = {taught.tool_word(kind) for _ in range(3000)}
        assert not words & set(tool_words(f"held-out {kind}"))
        assert len(words) > 500  # any word may be a name
    texts = (text for _ in range(2000) for text, *_ in teach(taught).pieces())
    said = {word.lower() for text in texts for word in re.findall("[A-Za-z]+", text)}
    for kind in ("verbs", "nouns", "keys"):
        assert not said & set(tool_words(f"held-out {kind}"))


def test_blended_words_are_many_and_never_of_the_exam() -> None:
    """So many that a model cannot know them by heart."""
    draw = Draw("blend")
    made = [draw.blend() for _ in range(5000)]

    assert len(set(made)) > 4500
    assert all(3 <= len(word) <= 12 and word.isalpha() and word.islower() for word in made)
    for name in ("held-out", "held-out-names", "held-out-cities"):
        assert not set(made) & {word.lower() for word in listed(name)}


def test_what_is_found_stands_beside_the_word_in_the_list() -> None:
    """In the same piece of the list; and what is not there is nowhere in it."""
    wordings = (*_QUESTIONS, *_SEARCHES)
    forms = [re.escape(one).replace(r"\{\}", "(.+)") for one in wordings]
    known, unknown = 0, 0
    for talk in drawn("find", 300):
        first = str(talk.messages[0]["content"])
        whole = first if talk.messages[0]["role"] == "system" else first.rpartition("\n")[0]
        pieces = [set(re.findall(r"\w+", one)) for one in re.split(r"\n|, |; ", whole)]
        asked = [str(one["content"]) for one in talk.messages if one["role"] == "user"]
        said = [str(one["content"]) for one in talk.messages if one["role"] == "assistant"]
        for question, answer in zip(asked, said, strict=True):
            text = question.rpartition("\n")[2]
            matches = [match[1] for form in forms if (match := re.fullmatch(form, text))]
            word, partner = min(matches, key=len), answer.rpartition(": ")[2]
            assert answer in (partner, f"{word}: {partner}")
            if partner in (ABSENT, "none"):
                unknown += 1
                assert not any(word in one for one in pieces)
            else:
                known += 1
                assert any({word, partner} <= one for one in pieces)

    assert 0.3 < unknown / (known + unknown) < 0.5


def test_what_is_there_stands_in_the_list() -> None:
    """And what is not there does not, by any spelling; both are asked for equally often."""
    forms = [re.escape(one).replace(r"\{\}", "(.+)") for one in _WHETHER]
    said = {"Yes.": 0, "No.": 0}
    for talk in drawn("has", 100):
        first = str(talk.messages[0]["content"])
        whole = first if talk.messages[0]["role"] == "system" else first.rpartition("\n")[0]
        there = set(re.findall(r"\w+", whole.lower()))
        asked = [str(one["content"]) for one in talk.messages if one["role"] == "user"]
        answers = [str(one["content"]) for one in talk.messages if one["role"] == "assistant"]
        for question, answer in zip(asked, answers, strict=True):
            text = question.rpartition("\n")[2]
            matches = [match[1] for form in forms if (match := re.fullmatch(form, text))]
            word = min(matches, key=len).lower()
            assert (word in there) == (answer == "Yes.")
            said[answer] += 1

    assert 0.4 < said["Yes."] / sum(said.values()) < 0.6


@pytest.mark.parametrize(("unseen", "share"), [(False, 1 / 5), (True, 1 / 4)])
def test_brackets_are_asked_for_less_often_than_a_word_at_the_end(
    *, unseen: bool, share: float
) -> None:
    """Which is taught twice as often; the exam has all four ways equally often."""
    draw = Draw("frames", unseen=unseen)
    talks = [framed(draw) for _ in range(2000)]
    orders = [str(talk.messages[0]["content"]).lower() for talk in talks]
    found = sum("bracket" in order for order in orders) / len(orders)

    assert found == pytest.approx(share, abs=0.02)


def test_a_gap_can_be_known_from_the_rest() -> None:
    """In the exam every word of it stands elsewhere in the text, or is a keyword."""
    draw = Draw("gaps", unseen=True)
    keywords = {"return", "self", "print", "def", "for", "in", "if", "None", "import"}
    for _ in range(300):
        gap = filling(draw)
        around = re.findall(r"[^\W\d_]\w*|\d+", f"{gap.prefix} {gap.suffix}")
        for word in re.findall(r"[^\W\d_]\w*|\d+", gap.middle):
            assert word in around or word in keywords
    assert certain("a = 1\nb = a") == [(0, 1), (10, 11)]


def test_a_picture_stands_where_its_mark_is() -> None:
    """One scene for each mark."""
    for talk in drawn("see", 100):
        marks = sum(str(message["content"]).count(PICTURE) for message in talk.messages)
        assert marks == len(talk.scenes) == 1


def test_every_subject_is_taught() -> None:
    """Long conversations too."""
    draw = Draw("all")
    lessons = [teach(draw) for _ in range(2000)]
    kinds = {type(lesson) for lesson in lessons}

    assert len(kinds) == 3
    assert any(isinstance(one, Gap) for one in lessons)
    assert max(len(one.messages) for one in lessons if isinstance(one, Talk)) > 20
