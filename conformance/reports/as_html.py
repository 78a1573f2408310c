"""The HTML report: one file to open, to attach or to publish."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from ..verdict import Result, Run, Verdict
from .document import chip, command, document, facts, quoted, text
from .findings import Findings, Outcome, findings, outcome
from .redact import redacted
from .support import LEGEND, Block, blocks
from .tree import append, element
from .wording import effort, expectation, headline, remark, rerun


def render(run: Run) -> str:
    """A whole document; everything that failed is open, the rest is folded."""
    run = redacted(run)
    found = findings(run)
    body = [_top(run, found)]
    if run.support:
        body.append(text("h2", "Support by endpoint"))
        body.append(_legend())
        body.extend(map(_endpoint, blocks(run.support)))
    if found.cause:
        cause = element("section", text("h2", "Nothing works, for one likely cause"))
        append(cause, quoted(found.cause[0]))
        body.append(cause)
    body += _each(run, "Failures", found.failures)
    body += _each(run, "Warnings", found.warnings)
    body += _each(run, "Errors: the judge's fault or the network's", found.errors)
    body += _listed("Known failures", ((r.id, r.known or "") for r in found.known))
    skips = ((f"{len(results)} checks", reason) for reason, results in found.skips)
    body += _listed("Skipped", skips)
    if found.passes:
        body.append(_passes(found))
    body.append(text("p", f"{run.tool} · {run.started} · {effort(run)}", class_="dim"))
    return document(f"{headline(run)}: {run.server.url}", *body)


def _top(run: Run, found: Findings) -> Element:
    counts = (
        (len(found.passes), "passed", "pass"),
        (len(found.failures), "failed", "fail"),
        (len(found.known), "known", "known"),
        (len(found.warnings), "warned", "warn"),
        (found.skipped, "skipped", "skip"),
        (len(found.errors), "error" if len(found.errors) == 1 else "errors", "error"),
    )
    chips = (
        element("li", element("b", f"{count:,}"), f" {word}", class_=tone)
        for count, word, tone in counts
    )
    server = run.server
    rows = [("models", ", ".join(server.models[:20]))]
    rows += [("chat", server.chat_model), ("embeddings", server.embedding_model)]
    rows += [("vision", server.vision_model)]
    rows += list(server.headers)
    rows += [(name, f"{state}: {why}") for name, state, why in server.capabilities]
    rows += [("note", note) for note in server.notes]
    rows += [("problem", problem) for problem in run.problems]
    tone = {Outcome.CONFORMS: "pass", Outcome.FAILS: "fail"}.get(outcome(run), "error")
    return element(
        "header",
        text("h1", headline(run)[:1].upper() + headline(run)[1:]),
        element("p", text("code", server.url)),
        element("ul", *chips, class_="counts"),
        facts(rows),
        class_=f"card top {tone}",
    )


def _legend() -> Element:
    items = (
        element("li", element("i", place.symbol), f" {says}", class_=f"chip {place}")
        for place, says in LEGEND
    )
    return element("ul", *items, class_="names")


def _endpoint(block: Block) -> Element:
    score = f"honours {block.kept} of {block.documented} documented" if block.documented else ""
    tone = "kept" if block.kept == block.documented else "missing"
    head = element("div", text("h3", block.title), class_="ends")
    append(head, text("span", score, class_=f"tag {tone}"))
    names = (chip("li", row) for group in block.groups for row in group.rows)
    return element("section", head, element("ul", *names, class_="names"), class_="card")


def _each(run: Run, title: str, results: Iterable[Result]) -> list[Element]:
    cards = [_card(run, result) for result in results]
    return [text("h2", title), *cards] if cards else []


def _card(run: Run, result: Result) -> Element:
    head = element("summary", text("span", result.verdict.upper(), class_="tag"), " ")
    append(head, text("code", result.id), " ", text("span", result.level, class_="dim"))
    rows: list[tuple[str, str | Element]] = [("because", remark(result))]
    rows.append(("requires", f"{result.says} ({result.requirement})" if result.says else ""))
    if result.claims:
        rows.append(("claims", " ".join(f"C{number}" for number in result.claims)))
    for label, evidence in (("expected", expectation(result)), ("actual", result.actual)):
        if evidence:
            rows.append((label, quoted(evidence)))
    if result.curl:
        rows.append(("curl", command(result.curl)))
    rows.append(("rerun", command(rerun(run, result))))
    card = element("details", head, text("p", result.title), facts(rows))
    card.set("class", f"card {result.verdict}")
    if result.verdict is Verdict.FAIL:
        card.set("open", "open")
    return card


def _listed(title: str, rows: Iterable[tuple[str, str]]) -> list[Element]:
    listed = facts(rows)
    return [text("h2", title), element("section", listed, class_="card")] if len(listed) else []


def _passes(found: Findings) -> Element:
    items = (
        element("li", text("code", r.id), " ", text("span", r.title, class_="dim"))
        for r in found.passes
    )
    head = text("summary", f"{len(found.passes):,} passed")
    return element("details", head, element("ul", *items), class_="card")
