"""Modelfiles: their whole grammar, where a mistake is, and that what is written reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_compat.reference.library.errors import LibraryError, ModelfileError
from openai_compat.reference.library.instructions import Place, Word, value, written
from openai_compat.reference.library.modelfile import Modelfile, parse, write
from openai_compat.reference.library.parameters import KNOWN, STOP
from openai_compat.reference.library.settings import ROLES, Message, Settings

EVERYTHING = '''# a comment
from llama3.2   # this belongs to the name of no model

PARAMETER temperature 1
  parameter num_ctx 4096
Parameter\tstop\t"<|end|>"
PARAMETER stop  two words \t
PARAMETER penalize_newline TRUE
SYSTEM """
You are "Mario".
# no comment

"""
TEMPLATE "{{ .System }}
{{ .Prompt }}"
MESSAGE user Is Toronto in Canada?
message assistant "yes"
message system """ # """
LICENSE MIT
LICENSE ""
REQUIRES 0.14.0
ADAPTER ./lora.gguf
'''


def test_every_instruction() -> None:
    """In any case, with any white space; values bare, in quotes, in three quotes."""
    found = parse(EVERYTHING.replace("   # this belongs to the name of no model", ""))

    assert found == Modelfile(
        sources=(Word("llama3.2", Place(2, 6)),),
        settings=Settings(
            parameters={
                "temperature": 1.0,
                "num_ctx": 4096,
                "stop": ("<|end|>", "two words"),
                "penalize_newline": True,
            },
            system='\nYou are "Mario".\n# no comment\n\n',
            messages=(
                Message("user", "Is Toronto in Canada?"),
                Message("assistant", "yes"),
                Message("system", " # "),
            ),
            template="{{ .System }}\n{{ .Prompt }}",
            licences=("MIT", ""),
        ),
        template=Place(14, 10),
        adapters=(Word("./lora.gguf", Place(22, 9)),),
        idle=("penalize_newline", "REQUIRES"),
    )


def test_a_comment_has_a_line_of_its_own() -> None:
    """Behind a value it is a part of it."""
    assert parse("FROM x # y").sources[0].text == "x # y"


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(mark: str, end: str) -> None:
    """UTF-8 with and without a mark, UTF-16 with one; lines end as on any system."""
    text = 'FROM ü\nSYSTEM """a\nb"""\nLICENSE c'.replace("\n", end)
    found = parse(text.encode(mark))

    assert found.sources[0].text == "ü"
    assert found.settings.system == "a\nb"
    assert found.settings.licences == ("c",)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a b", "a b"),
        ('""', ""),
        ('""""""', ""),
        ('"a" b"', 'a" b'),
        ('"a" b', 'a" b\nnext'),
        ('"""He said "hi""""', 'He said "hi"'),
        ('"""a""" b', 'a""" b\nnext'),
        ('""a""', '"a"'),
        ('say "hi"', 'say "hi"'),
        (r'"\n"', r"\n"),
    ],
)
def test_quotes(text: str, meant: str) -> None:
    """They end at the end of a line, and nothing is escaped within them."""
    quotes = '"""' if text.startswith('"""') else '"'

    more = f"\nnext{quotes}" if "next" in meant else ""

    assert parse(f"FROM x\nSYSTEM {text}{more}").settings.system == meant


def test_the_last_value_counts() -> None:
    """But of stop texts and licences all do."""
    text = "FROM x\nPARAMETER seed 1\nPARAMETER seed 2\nSYSTEM a\nSYSTEM b\n"
    found = parse(text).settings

    assert found.parameters == {"seed": 2}
    assert found.system == "b"


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "no FROM"),
        ("# only a comment", 1, 1, "no FROM"),
        ("FORM x", 1, 1, "did you mean 'FROM'?"),
        ("FORM", 1, 1, "did you mean 'FROM'?"),
        ("FROM x\n  PARAMETRE seed 1", 2, 3, "did you mean 'PARAMETER'?"),
        ("FROM x\nhello there", 2, 1, "there are FROM, PARAMETER"),
        ("FROM", 1, 5, "needs a value"),
        ("FROM  ", 1, 5, "needs a value"),
        ('FROM ""', 1, 6, "not empty"),
        ('FROM x\nADAPTER """ """', 2, 9, "not empty"),
        ('FROM x\nSYSTEM\n"""a"""', 2, 7, "on the same line"),
        ("FROM x\nPARAMETER", 2, 10, "name of a parameter"),
        ("FROM x\nPARAMETER num_ctx", 2, 18, "PARAMETER num_ctx needs a value"),
        ("FROM x\nPARAMETER num_cxt 1", 2, 11, "did you mean 'num_ctx'?"),
        ("FROM x\nPARAMETER NUM_CTX 1", 2, 11, "did you mean 'num_ctx'?"),
        ("FROM x\nPARAMETER zzz 1", 2, 11, "there are num_ctx, "),
        ("FROM x\nPARAMETER num_ctx 1.5", 2, 19, "a whole number from 1 to"),
        ("FROM x\nPARAMETER num_ctx 0", 2, 19, "a whole number from 1 to"),
        ("FROM x\nPARAMETER top_p 1.1", 2, 17, "a number from 0 to 1"),
        ("FROM x\nPARAMETER temperature -1", 2, 23, "a number, 0 or more"),
        ("FROM x\nPARAMETER temperature nan", 2, 23, "a number, 0 or more"),
        ("FROM x\nPARAMETER temperature 1_0", 2, 23, "a number, 0 or more"),
        ("FROM x\nPARAMETER presence_penalty 1e999", 2, 28, "a number"),
        ("FROM x\nPARAMETER use_mmap maybe", 2, 20, "true or false"),
        ('FROM x\nPARAMETER stop ""', 2, 16, "not empty"),
        ("FROM x\nMESSAGE", 2, 8, "a role"),
        ("FROM x\nMESSAGE user", 2, 13, "MESSAGE user needs a value"),
        ("FROM x\nMESSAGE usr Hi", 2, 9, "did you mean 'user'?"),
        ("FROM x\nMESSAGE tool Hi", 2, 9, "there are system, user, assistant"),
        ('FROM x\nSYSTEM  "a\nb', 2, 9, '" is missing'),
        ('FROM x\nSYSTEM """a\nb""', 2, 8, '""" is missing'),
        ('FROM x\nSYSTEM """', 2, 8, '""" is missing'),
    ],
)
def test_mistakes(text: str, line: int, column: int, says: str) -> None:
    """The place, what is wrong, and what would be right."""
    with pytest.raises(ModelfileError) as told:
        parse(text)

    assert (told.value.line, told.value.column) == (line, column)
    assert says in told.value.message
    assert str(told.value).startswith(f"Modelfile, line {line}, column {column}: ")


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [(b"FROM x\nSYSTEM \xff", 2, 8), (b"\xff\xfeF\0R\0\n\0\0", 2, 1), (b"\x80", 1, 1)],
)
def test_bytes_that_are_no_text(content: bytes, line: int, column: int) -> None:
    """The place of the first, and what a Modelfile has to be."""
    with pytest.raises(ModelfileError, match="UTF-8, or UTF-16") as told:
        parse(content)

    assert (told.value.line, told.value.column) == (line, column)


@pytest.mark.parametrize("name", KNOWN)
def test_every_parameter_has_values(name: str) -> None:
    """Each of the documented ones."""
    text = {int: "2", float: "0.5", bool: "false", str: "x"}[KNOWN[name].kind]
    found = parse(f"FROM x\nPARAMETER {name} {text}").settings.parameters[name]

    assert found == ("x",) if name == STOP else type(found) is KNOWN[name].kind


TEXTS = st.text(st.characters(codec="utf-8")).filter(lambda text: "\r\n" not in text)
QUOTED = st.lists(st.sampled_from(['"', "\n", " ", "a", '"""', "#"])).map("".join)
EITHER = TEXTS | QUOTED


def possible(text: str) -> bool:
    """Whether a Modelfile can say it: no line before the last ends with three quotes."""
    return not any(line.rstrip().endswith('"""') for line in text.split("\n")[:-1])


SAID = EITHER.filter(possible)


@given(EITHER)
@settings(deadline=None, database=None)
def test_a_written_value_reads_the_same(text: str) -> None:
    """All but those that no Modelfile can have."""
    try:
        form = written(text)
    except ValueError:
        assert not possible(text)
        return

    assert value(form.split("\n")) == (text, form.count("\n") + 1)


def of(name: str) -> st.SearchStrategy[object]:
    """Values of a parameter."""
    parameter = KNOWN[name]
    if name == STOP:
        return st.lists(SAID.filter(bool), min_size=1).map(tuple)
    if parameter.kind is bool:
        return st.booleans()
    least, most = max(parameter.least, -(10**17)), min(parameter.most, 10**17)
    if parameter.kind is int:
        return st.integers(int(least), int(most))
    return st.floats(least, most, allow_nan=False)


SETTINGS = st.builds(
    Settings,
    parameters=st.fixed_dictionaries({}, optional={name: of(name) for name in KNOWN}),
    system=st.none() | SAID,
    messages=st.lists(st.builds(Message, st.sampled_from(ROLES), SAID)).map(tuple),
    template=st.none() | SAID,
    licences=st.lists(SAID).map(tuple),
)


@given(SETTINGS)
@settings(deadline=None, database=None, max_examples=100)
def test_a_written_modelfile_reads_the_same(made: Settings) -> None:
    """Whatever the settings are."""
    found = parse(write(["some folder/model.gguf", "/its/projector"], made).encode())

    assert [source.text for source in found.sources] == ["some folder/model.gguf", "/its/projector"]
    assert found.settings == made


def test_a_text_that_no_modelfile_can_have() -> None:
    """Is told, and not written wrongly."""
    with pytest.raises(LibraryError, match="SYSTEM"):
        write(["x"], Settings(system='a"""\n"b"\nc'))
