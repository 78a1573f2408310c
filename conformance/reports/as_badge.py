"""The badge: the outcome as a small SVG that needs no other service to be shown."""

from __future__ import annotations

from xml.etree.ElementTree import Element, indent, tostring

from ..verdict import Run
from .findings import Outcome, findings, outcome
from .printable import clipped, columns, printable
from .tree import element
from .wording import headline

_GREEN, _RED, _GREY, _DARK = "#1a7f37", "#c9302c", "#6e7781", "#24292f"
_HEIGHT = 20
# The usual width of a character of Verdana at 11 pixels; textLength makes the text fit it.
_CHARACTER = 6.6
_PADDING = 6
_MOST = 40


def render(run: Run) -> str:
    """An SVG document 20 pixels high."""
    label = clipped(printable(f"OpenAI API: {run.profile}"), _MOST)
    message, colour = _outcome(run)
    left, right = _width(label), _width(message)
    title = clipped(printable(headline(run)), 2 * _MOST)
    root = element(
        "svg",
        element("title", title),
        element("rect", width=str(left), height=str(_HEIGHT), fill=_DARK),
        element("rect", x=str(left), width=str(right), height=str(_HEIGHT), fill=colour),
        _text(label, 0, left),
        _text(message, left, right),
        xmlns="http://www.w3.org/2000/svg",
        width=str(left + right),
        height=str(_HEIGHT),
        role="img",
        aria_label=f"{label}: {message}",
    )
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"


def _outcome(run: Run) -> tuple[str, str]:
    found = findings(run)
    match outcome(run):
        case Outcome.FAILS:
            return f"{len(found.failures)} failed", _RED
        case Outcome.CONFORMS:
            return ("conforms, known failures" if found.known else "conforms"), _GREEN
        case other:
            return str(other), _GREY


def _width(text: str) -> int:
    return round(columns(text) * _CHARACTER) + 2 * _PADDING


def _text(text: str, start: int, width: int) -> Element:
    return element(
        "text",
        text,
        x=str(start + _PADDING),
        y="14",
        fill="#fff",
        font_family="Verdana,DejaVu Sans,sans-serif",
        font_size="11",
        textLength=str(width - 2 * _PADDING),
        lengthAdjust="spacingAndGlyphs",
    )
