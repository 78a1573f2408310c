"""Reports of frozen runs are, character by character, what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from openai_compat.conformance.reports import FORMATS
from openai_compat.conformance.reports.compare import COMPARISONS, render

from . import samples

Golden = Callable[[str, str], None]
RUNS = {"usual": samples.USUAL, "flawless": samples.FLAWLESS, "dead": samples.DEAD}
SUFFIXES = {
    "text": "txt",
    "json": "json",
    "junit": "xml",
    "markdown": "md",
    "html": "html",
    "badge": "svg",
}


def test_every_format_has_a_golden_file() -> None:
    assert set(FORMATS) == set(SUFFIXES)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("style", SUFFIXES)
def test_report(name: str, style: str, golden: Golden) -> None:
    golden(f"{name}.{SUFFIXES[style]}", FORMATS[style](RUNS[name]))


@pytest.mark.parametrize("style", COMPARISONS)
def test_comparison(style: str, golden: Golden) -> None:
    other = replace(samples.OTHER, server=replace(samples.USUAL.server, url="http://other:1/v1"))

    golden(f"compared.{SUFFIXES[style]}", render([samples.USUAL, other], style))


def test_hostile_text(golden: Golden) -> None:
    golden("hostile.txt", FORMATS["text"](samples.HOSTILE))
