"""A JSON report read back is the run it was made of."""

from __future__ import annotations

import pytest
from openai_compat.conformance.reports import FORMATS, read
from openai_compat.conformance.verdict import Run

from . import samples


@pytest.mark.parametrize("run", [samples.USUAL, samples.FLAWLESS, samples.DEAD])
def test_json_read_back_is_the_same_run(run: Run) -> None:
    assert read(FORMATS["json"](run)) == run
