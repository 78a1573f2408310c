"""The JUnit report counts and files every result the way CI systems read it."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from openai_compat.conformance.reports import FORMATS
from openai_compat.conformance.verdict import Verdict

from . import samples


@pytest.fixture(name="suite")
def _suite() -> ET.Element:
    suite = ET.fromstring(FORMATS["junit"](samples.USUAL)).find("testsuite")
    assert suite is not None
    return suite


def test_counts_are_those_of_the_cases(suite: ET.Element) -> None:
    cases = suite.findall("testcase")

    assert suite.get("tests") == str(len(cases)) == str(len(samples.USUAL.results))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == "3"
    assert suite.get("errors") == str(len(suite.findall("testcase/error"))) == "1"
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped"))) == "7"


def test_a_failure_holds_its_evidence(suite: ET.Element) -> None:
    case = suite.find("testcase[@name='chat.stream.ends-with-done']")
    assert case is not None
    failure = case.find("failure")
    assert failure is not None

    assert case.get("classname") == "chat"
    assert case.get("time") == "0.250"
    assert failure.get("type") == "MUST"
    assert failure.get("message") == "the last event is not the sentinel"
    assert 'expected  data of the last event: "[DONE]"' in (failure.text or "")
    assert "curl -N" in (failure.text or "")


def test_a_known_failure_is_skipped_with_its_reason(suite: ET.Element) -> None:
    skipped = suite.find("testcase[@name='chat.tools.streamed']/skipped")

    assert skipped is not None
    assert skipped.get("message") == "known: issue 12: tool calls come as text"


def test_a_warning_is_output_of_a_passed_case(suite: ET.Element) -> None:
    case = suite.find("testcase[@name='chat.usage.in-last-chunk']")
    assert case is not None

    assert [child.tag for child in case] == ["system-out"]


def test_verdicts_without_a_message_fall_back_to_the_title() -> None:
    run = replace(samples.USUAL, results=(samples.result("a.b", Verdict.FAIL, title="It is so."),))

    assert 'message="It is so."' in FORMATS["junit"](run)
