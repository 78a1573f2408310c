"""Go templates of the known families render byte for byte what Go makes of them; others do not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_compat.reference.chat.calls import form_of
from openai_compat.reference.chat.template import render
from openai_compat.reference.library.errors import UnknownTemplateError
from openai_compat.reference.library.gotemplate import chat_template
from openai_compat.reference.library.gotemplate.jinja import jinja
from openai_compat.reference.library.gotemplate.tree import parse

from .gotemplates import CHATML_BOTH, CONVERSATIONS, LLAMA_TOOLS, LLAMA_TURNS, TEMPLATES
from .rendered import RENDERED

GO: dict[str, dict[str, str]] = json.loads(RENDERED.read_text(encoding="utf-8"))


PIECES = st.sampled_from(
    ["}}", "{%", "%}", "{#", "#}", "'", '"', "\\", "\n", "{", " ", "\\x", "🙂"]
)


def rendered(template: str, conversation: dict[str, Any]) -> str:
    """A conversation by the Jinja template of a Go template."""
    think = conversation.get("think")
    more = {} if think is None else {"enable_thinking": think}
    tools = conversation.get("tools", [])
    return render(chat_template(template), conversation["messages"], tools, "", "", **more)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_what_go_makes_of_a_conversation(name: str, conversation: str) -> None:
    """Every form, every conversation."""
    assert rendered(TEMPLATES[name], CONVERSATIONS[conversation]) == GO[name][conversation]


@given(st.text(st.characters(codec="utf-8")) | st.lists(PIECES).map("".join))
@settings(deadline=None, database=None)
def test_text_is_text(text: str) -> None:
    """Whatever it would mean in Jinja."""
    text = text.replace("{{", "")
    found = jinja(parse("{{ range .Messages }}{{ end }}" + text))

    assert render(found, [], (), "", "") == text


def test_go_was_asked_about_all() -> None:
    """The committed answers are those of these templates and conversations."""
    assert set(GO) == set(TEMPLATES)
    assert all(set(answers) == set(CONVERSATIONS) for answers in GO.values())


@pytest.mark.parametrize(
    ("template", "opened", "between", "close"),
    [
        (LLAMA_TOOLS, '{"name": "', '", "parameters": ', "}"),
        (CHATML_BOTH, '<tool_call>\n{"name": "', '", "arguments": ', "}\n</tool_call>"),
    ],
    ids=["llama", "chatml"],
)
def test_the_form_of_calls_is_found(template: str, opened: str, between: str, close: str) -> None:
    """So that calls are constrained and read as the model writes them."""
    form = form_of(chat_template(template), "", "", ("<|eot_id|>", "<|im_end|>"))

    assert (form.open, form.between, form.close) == (opened, between, close)


def test_only_a_template_with_tools_takes_tools() -> None:
    """The capability is looked for in the template."""
    assert "tools" in chat_template(LLAMA_TOOLS)
    assert "tools" not in chat_template(LLAMA_TURNS)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("", "another way"),
        ("[INST] {{ .System }} {{ .Prompt }} [/INST] {{ .Response }}", "another way"),
        ("{{ .Prompt }}", "another way"),
        ("{{ if .First }}### System: {{ .System }}{{ end }}", ".First"),
        (LLAMA_TURNS.replace("user<|end", "human<|end"), "another way"),
        (LLAMA_TURNS.replace("{{ .System }}", "nothing"), "another way"),
        (LLAMA_TURNS + "{{ .Surprise }}", ".Surprise"),
        (LLAMA_TURNS + "{{ printf .System }}", "printf"),
        (LLAMA_TURNS + "{{ if .System }}", "no end"),
        (LLAMA_TURNS + "{{ end }}", "{{ end }}"),
        (LLAMA_TURNS + "{{ .System", "line 7"),
        (LLAMA_TURNS + '{{ template "x" }}', "template"),
        (LLAMA_TURNS + "{{ $x }}", "$x"),
        (LLAMA_TURNS + "{{ }}", "{{ }}"),
        (LLAMA_TURNS + "{{ .System .Prompt }}", ".System .Prompt"),
        (LLAMA_TURNS + '{{ "\\q" }}', "q"),
        (LLAMA_TURNS + "{{ if .System }}" * 3000 + "{{ end }}" * 3000, "rendered"),
        (LLAMA_TURNS + "{{ range $.Messages }}" * 30 + "{{ end }}" * 30, "rendered"),
        ("{{ range $.Messages }}" * 30 + "{{ .Content }}" + "{{ end }}" * 30, "rendered"),
    ],
)
def test_other_templates_are_refused(template: str, why: str) -> None:
    """They are not guessed; the message says what was not known, and what is."""
    with pytest.raises(UnknownTemplateError) as refused:
        chat_template(template)

    assert why in str(refused.value)
    assert "Llama 3" in str(refused.value)
    assert "ChatML" in str(refused.value)
