"""Nothing that a server sends takes control of the reader, or gets a secret out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from openai_compat.conformance.reports import FORMATS
from openai_compat.conformance.reports.as_text import render as render_text
from openai_compat.conformance.reports.compare import COMPARISONS, render
from openai_compat.conformance.verdict import Run

from . import samples

WIDTH = 80
# A word of a command cannot be broken without breaking the command.
UNBREAKABLE = re.compile(r" {18,}('|-d '|--profile '|--only |\"content\":)")


def every_report() -> Iterator[tuple[str, str]]:
    """Each format of the hostile run, and each comparison of it."""
    for style, write in FORMATS.items():
        yield style, write(samples.HOSTILE)
    for style in COMPARISONS:
        yield f"compared as {style}", render([samples.HOSTILE, samples.USUAL], style)


REPORTS = dict(every_report())


def width(line: str) -> int:
    """Columns by the Unicode standard, apart from the code under test."""
    return sum(
        0
        if unicodedata.combining(char)
        else 2
        if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in line
    )


@pytest.mark.parametrize("style", REPORTS)
def test_no_character_is_unprintable(style: str) -> None:
    odd = {char for char in REPORTS[style] if not char.isprintable()} - {"\n"}

    assert odd == set()


@pytest.mark.parametrize("style", REPORTS)
def test_no_secret_is_told(style: str) -> None:
    text = REPORTS[style]

    assert "sk-abc" not in text
    assert "password" not in text
    assert "session=1" not in text


@pytest.mark.parametrize("style", REPORTS)
def test_a_report_can_be_written_as_utf8(style: str) -> None:
    assert REPORTS[style].encode("utf-8")


@pytest.mark.parametrize("run", [samples.HOSTILE, samples.USUAL, samples.DEAD, samples.FLAWLESS])
def test_text_is_never_wider_than_the_page(run: Run) -> None:
    wide = [line for line in render_text(run, width=WIDTH).splitlines() if width(line) > WIDTH]

    assert [line for line in wide if not UNBREAKABLE.match(line)] == []
    # The one long word of the ordinary run is a prompt.
    assert run is samples.HOSTILE or len(wide) <= 1


@pytest.mark.parametrize("columns", [40, 60, 100, 132])
def test_text_fits_other_widths(columns: int) -> None:
    lines = render_text(samples.FLAWLESS, width=columns).splitlines()

    assert max(map(width, lines)) <= columns


@pytest.mark.parametrize("run", [samples.HOSTILE, samples.USUAL])
def test_colour_changes_nothing_but_colour(run: Run) -> None:
    coloured = render_text(run, colour=True)

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(run)


class Tags(HTMLParser):
    """The names of all elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("style", ["html", "compared as html"])
def test_html_has_only_elements_of_ours(style: str) -> None:
    tags = Tags()
    tags.feed(REPORTS[style])

    assert tags.names.isdisjoint({"script", "img", "iframe", "object", "link", "a", "form"})
    assert tags.attributes <= {
        *("aria-hidden", "charset", "class", "colspan", "content", "http-equiv", "lang"),
        *("name", "open", "title"),
    }


@pytest.mark.parametrize("style", ["markdown", "compared as markdown"])
def test_markdown_has_only_html_of_ours(style: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    text = REPORTS[style]
    html = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).render(text)
    tags = Tags()
    tags.feed(html)

    assert tags.names.isdisjoint({"script", "img", "iframe", "a", "b"})
    prose = re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", html)
    assert "@everyone" not in prose
    assert "://" not in prose


def test_junit_and_badge_are_xml() -> None:
    suites = ET.fromstring(REPORTS["junit"])

    assert len(list(suites.iter("testcase"))) == len(samples.HOSTILE.results)
    assert ET.fromstring(REPORTS["badge"]).tag.endswith("svg")
