"""An HTML document in one file, and the pieces that the HTML reports share.

There is no script, and the content security policy forbids one. All text goes through
`element`, which escapes it when it is serialised.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from ..verdict import Support
from .html_style import STYLE
from .printable import evidence_lines, printable
from .shell import shown
from .support import Standing, standing
from .tree import append, element

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def document(title: str, *body: Element) -> str:
    """A whole document."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="referrer", content="no-referrer"),
        element("title", printable(title)),
        element("style", STYLE),
    )
    root = element("html", head, element("body", element("main", *body)), lang="en")
    return f"<!doctype html>\n{tostring(root, encoding='unicode', method='html')}\n"


def text(tag: str, content: str, *, class_: str = "") -> Element:
    """An element that holds one line of text."""
    attributes = {"class": class_} if class_ else {}
    return element(tag, printable(content), **attributes)


def quoted(content: str) -> Element:
    """Evidence, line by line; the JSON report has what is too long for a page."""
    return element("pre", "\n".join(evidence_lines(content, 20_000, most=400)))


def command(content: str) -> Element:
    """A command that can be copied."""
    return element("pre", shown(content))


def facts(rows: Iterable[tuple[str, str | Element]]) -> Element:
    """Names and what is to be said of them; a row with nothing to say is left out."""
    listed = element("dl")
    for name, value in rows:
        if isinstance(value, Element):
            append(listed, text("dt", name), element("dd", value))
        elif value:
            append(listed, text("dt", name), text("dd", value))
    return listed


def chip(tag: str, row: Support) -> Element:
    """One row of the support matrix in the colour of its standing."""
    place = standing(row)
    node = element(
        tag,
        element("i", place.symbol, aria_hidden="true"),
        " ",
        text("code", row.name),
        class_=f"chip {place}",
        title=printable(f"{row.documented}, {row.observed}"),
    )
    wrong = place in {Standing.MISSING, Standing.HARMFUL}
    said = "; ".join(filter(None, (row.observed if wrong else "", row.note)))
    if said:
        append(node, " ", text("small", said, class_="dim"))
    return node
