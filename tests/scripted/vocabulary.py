"""The toy model's tokens: words with a leading space, punctuation, bytes, and an end.

Ordinary words have the lowest ids, so that a small id is always printable text. Every single
byte is a token too, hence every text can be encoded. Emoji and CJK characters exist only as
several tokens of bytes: whoever decodes token by token cuts them in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from string import ascii_lowercase

_TEXT = """
the a of to and in is it that was for on are as with at be this have from one had by word but
not what all were we when your can said there use each which she do how their if will up other
about out many then them these so some her would make like him into time has look two more write
go see number no way could people my than first water been call who oil its now find long down
day did get come made may part over new sound take only little work know place year live me back
give most very after thing our just name good sentence man think say great where help through
much before line right too mean old any same tell boy follow came want show also around form
three small set put end does another well large must big even such because turn here why ask
went men read need land different home us move try kind hand picture again change off play spell
air away animal house point page letter mother answer found study
"""
WORDS = _TEXT.split()
_STARTERS = "The A It I We You This That Well Yes No Here There Perhaps Once When Today Some Many"
STARTERS = _STARTERS.split()
STOPS = [b".", b"!", b"?"]
PAUSES = [b",", b";", b":", b"\n"]
CHARACTERS = "😀🌍🎉🚀🙂🌱🎵🐢你好世界日本語水火山"
"""Characters that the model writes, each in two or three tokens."""

JSON = [
    b'{"',
    b'"}',
    b'": "',
    b'", "',
    b'": ',
    b', "',
    b'": {"',
    b'": ["',
    b'"], "',
    b'"]',
    b"}, {",
    b'"}, {"',
    b"}}",
]
"""What JSON is made of, each one token: it costs about as much as with a real vocabulary."""


def _split(character: str) -> list[bytes]:
    """The first two bytes of a character are one token, each later byte is another."""
    data = character.encode()
    return [data[:2], *(data[i : i + 1] for i in range(2, len(data)))]


_LEADS = sorted({_split(character)[0] for character in CHARACTERS})
TOKENS: list[bytes] = [
    *(b" " + word.encode() for word in WORDS),
    *(b" %d" % digit for digit in range(10)),
    *(word.encode() for word in STARTERS),
    *_LEADS,
    *(bytes([byte]) for byte in range(256)),
    *JSON,
    *(bytes(pair) for pair in product(ascii_lowercase.encode(), repeat=2)),
    b"<|end|>",
]
IDS: dict[bytes, int] = {data: token for token, data in enumerate(TOKENS)}
END = len(TOKENS) - 1
"""The token that ends an answer; it has no text."""

LEADS = [IDS[data] for data in _LEADS]
_WHOLE = b"|".join(re.escape(data) for data in (*sorted(JSON, key=len, reverse=True), *_LEADS))
_PIECES = re.compile(rb" [a-z]+| \d|[A-Z][a-z]+|" + _WHOLE + rb"|[a-z]{2}|.", re.DOTALL)
_PARTS = re.compile(rb"[a-z]{2}|.", re.DOTALL)


def _continuations() -> dict[bytes, tuple[int, ...]]:
    following: dict[bytes, set[int]] = {}
    for character in CHARACTERS:
        pieces = _split(character)
        for i in range(1, len(pieces)):
            following.setdefault(b"".join(pieces[:i]), set()).add(IDS[pieces[i]])
    return {pending: tuple(sorted(tokens)) for pending, tokens in following.items()}


CONTINUATIONS = _continuations()
"""Bytes of an unfinished character → the tokens that may continue it."""


@lru_cache(maxsize=8192)
def encode(text: str) -> tuple[int, ...]:
    """The tokens of a text; decoding them gives its bytes back."""
    tokens: list[int] = []
    for piece in _PIECES.findall(text.encode("utf-8", "replace")):
        token = IDS.get(piece)
        if token is None:
            tokens.extend(IDS[part] for part in _PARTS.findall(piece))
        else:
            tokens.append(token)
    return tuple(tokens)


def decode(tokens: Iterable[int]) -> bytes:
    """The bytes of some tokens; the end token has none."""
    return b"".join(TOKENS[token] for token in tokens if token != END)


def spell(token: int) -> str:
    r"""A token as log probabilities name it: its text, or ``\xe4\xbd`` for half a character."""
    if token == END:
        return "<|end|>"
    data = TOKENS[token]
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{byte:02x}" for byte in data)
