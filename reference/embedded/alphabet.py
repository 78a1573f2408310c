"""The first model's vocabulary: special tokens, every byte, and the printable characters.

Every character is a token of its own, so that a copy of a text is a copy of its tokens
whatever stands around it.
"""

from __future__ import annotations

from typing import Final

UNKNOWN, BOS, EOS = 0, 1, 2
SPECIAL: Final = ("<unk>", "<s>", "<|im_end|>")
CONTROL: Final = ("<|im_start|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<pad>")
DEFINED: Final = ("<tool_call>", "</tool_call>")
BYTES: Final = tuple(f"<0x{byte:02X}>" for byte in range(256))
CHARACTERS: Final = ("▁", *map(chr, range(ord("!"), ord("~") + 1)))

TOKENS: Final = (*SPECIAL, *BYTES, *CONTROL, *DEFINED, *CHARACTERS)
KINDS: Final = (2, 3, 3, *(6 for _ in BYTES), *(3 for _ in CONTROL), *(4 for _ in DEFINED),
                *(1 for _ in CHARACTERS))  # fmt: skip
SCORES: Final = tuple(-1e4 if kind == 1 else 0.0 for kind in KINDS)
IDS: Final = {token: number for number, token in enumerate(TOKENS)}


def encode(text: str) -> list[int]:
    """Token ids of a text in which special tokens are spelled out."""
    ids: list[int] = []
    position = 0
    while position < len(text):
        for name in (*SPECIAL, *CONTROL, *DEFINED):
            if text.startswith(name, position):
                ids.append(IDS[name])
                position += len(name)
                break
        else:
            character = "▁" if text[position] == " " else text[position]
            known = IDS.get(character)
            ids.extend([known] if known is not None else
                       [IDS[f"<0x{byte:02X}>"] for byte in character.encode()])  # fmt: skip
            position += 1
    return ids
