"""XML and HTML from elements, so that nothing is ever escaped by hand."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

# What XML 1.0 cannot hold at all, not even escaped (its section 2.2).
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, *children: Element | str, **attributes: str) -> Element:
    """An element; ``class_`` and ``stroke_width`` stand for ``class`` and ``stroke-width``."""
    node = Element(tag)
    for name, value in attributes.items():
        node.set(name.strip("_").replace("_", "-"), legal(value))
    append(node, *children)
    return node


def append(node: Element, *children: Element | str) -> None:
    """Put elements and texts after what ``node`` holds already."""
    for child in children:
        if isinstance(child, Element):
            node.append(child)
        elif len(node):
            node[-1].tail = (node[-1].tail or "") + legal(child)
        else:
            node.text = (node.text or "") + legal(child)


def legal(text: str) -> str:
    """``text`` with the replacement character for what XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)
