"""The JUnit report, for the test panels of CI systems.

The dialect is the one of Jenkins' xunit schema: ``failure`` is the server's fault, ``error``
ours or the network's, ``skipped`` also holds known failures, ``system-out`` the warnings.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, indent, tostring

from ..verdict import Result, Run, Verdict
from .findings import findings
from .printable import evidence_lines, printable, printable_lines
from .redact import redacted
from .tree import element
from .wording import expectation, headline, remark


def render(run: Run) -> str:
    """An XML document of one suite with one case a check."""
    run = redacted(run)
    found = findings(run)
    counts = {
        "tests": str(len(run.results)),
        "failures": str(len(found.failures)),
        "errors": str(len(found.errors)),
        "skipped": str(found.skipped + len(found.known)),
        "time": f"{run.duration_s:.3f}",
    }
    name = _shown(name=f"{run.tool} {run.profile}", timestamp=run.started)
    suite = element("testsuite", **name, **counts)
    suite.append(_properties(run))
    suite.extend(map(_case, run.results))
    suite.append(element("system-out", printable(headline(run))))
    if run.problems:
        suite.append(element("system-err", printable_lines("\n".join(run.problems))))
    root = element("testsuites", suite, name="openai-conformance", **counts)
    indent(root, " ")
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _shown(**attributes: str) -> dict[str, str]:
    return {name: printable(value) for name, value in attributes.items()}


def _properties(run: Run) -> Element:
    server = run.server
    values = {
        "url": server.url,
        "profile": run.profile,
        "chat_model": server.chat_model,
        "embedding_model": server.embedding_model,
        "vision_model": server.vision_model,
        "requests": str(run.requests),
        "interrupted": str(run.interrupted).lower(),
    }
    return element(
        "properties",
        *(
            element("property", **_shown(name=name, value=value))
            for name, value in values.items()
            if value
        ),
    )


def _case(result: Result) -> Element:
    area = result.id.partition(".")[0]
    time = f"{result.duration_s:.3f}"
    case = element("testcase", **_shown(name=result.id, classname=area, time=time))
    reason = printable(result.message or result.title)
    if result.known is not None:
        case.append(
            element("skipped", _evidence(result), message=printable(f"known: {result.known}"))
        )
    elif result.verdict is Verdict.SKIP:
        case.append(element("skipped", message=reason))
    elif result.verdict is Verdict.WARN:
        case.append(element("system-out", f"warning: {reason}\n{_evidence(result)}"))
    elif result.verdict is Verdict.FAIL:
        case.append(element("failure", _evidence(result), message=reason, type=result.level))
    elif result.verdict is Verdict.ERROR:
        case.append(element("error", _evidence(result), message=reason, type="error"))
    return case


def _evidence(result: Result) -> str:
    lines = (
        ("", result.title),
        ("because   ", remark(result)),
        ("requires  ", f"{result.says} ({result.requirement})"),
        ("expected  ", expectation(result)),
        ("actual    ", result.actual),
        ("curl      ", result.curl),
    )
    text = "\n".join(label + text for label, text in lines if text)
    return "\n".join(evidence_lines(text, 20_000, most=400))
