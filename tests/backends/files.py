"""Model files with one fault each, made from a good one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _patched(good: bytes, key: str, code: str, value: int) -> bytes:
    """The same file with another number under a key."""
    at = good.index(_string(key)) + len(_string(key)) + 4
    return good[:at] + struct.pack("<" + code, value) + good[at + struct.calcsize(code) :]


def _renamed(good: bytes, old: str, new: str) -> bytes:
    assert len(old) == len(new)
    found = good.index(_string(old))
    return good[:found] + _string(new) + good[found + len(_string(old)) :]


BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"this is no model at all\n" * 50,
    "magic-only": lambda good: good[:4],
    "version-1": lambda good: good[:4] + struct.pack("<I", 1) + good[8:],
    "version-4": lambda good: good[:4] + struct.pack("<I", 4) + good[8:],
    "half": lambda good: good[: len(good) // 2],
    "last-bytes-missing": lambda good: good[:-1000],
    "cut-in-metadata": lambda good: good[:500],
    "huge-tensor-count": lambda good: good[:8] + struct.pack("<Q", 1 << 60) + good[16:],
    "huge-key-count": lambda good: good[:16] + struct.pack("<Q", 1 << 60) + good[24:],
    "no-heads": lambda good: _patched(good, "llama.attention.head_count", "I", 0),
    "wrong-width": lambda good: _patched(good, "llama.embedding_length", "I", 96),
    "too-many-blocks": lambda good: _patched(good, "llama.block_count", "I", 9),
    "twice-the-same-token": lambda good: _renamed(good, "<0x41>", "<0x42>"),
    "no-newline-token": lambda good: _renamed(good, "<0x0A>", "<0xZZ>"),
    "unknown-architecture": lambda good: good.replace(
        _string("general.architecture") + struct.pack("<I", 8) + _string("llama"),
        _string("general.architecture") + struct.pack("<I", 8) + _string("xlama"),
    ).replace(b"llama.", b"xlama."),
}
"""By the name of the fault; each takes the bytes of a good file."""


def write(folder: Path, name: str, good: bytes) -> Path:
    """One bad file."""
    path = folder / f"{name}.gguf"
    path.write_bytes(BAD[name](good))
    return path
