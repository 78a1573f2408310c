"""What the header of a GGUF file says to people: sizes, quantisation, capabilities."""

from __future__ import annotations

from ...backends.gguf import Gguf

KILO = 1000
FILE_TYPES = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1",
              10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M",
              16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S",
              22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M",
              28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16"}  # fmt: skip
"""Names of ``general.file_type``, as llama.cpp's quantisation tool has them."""


def quantisation(gguf: Gguf) -> str:
    """How the weights are stored, such as ``Q4_K_M``."""
    kind = gguf.get("general.file_type")
    return FILE_TYPES.get(kind, "unknown" if kind is None else f"type {kind}")


def amount(number: float) -> str:
    """A number of weights for people: 1.2B, 954.24K."""
    for unit in ("", "K", "M", "B"):
        if number < KILO or unit == "B":
            break
        number /= KILO
    return f"{number:.0f}{unit}" if number >= KILO / 10 or not unit else f"{number:.1f}{unit}"


def size(number: float) -> str:
    """Bytes for people: 1.9 MB."""
    for unit in ("B", "kB", "MB"):
        if number < KILO:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= KILO
    return f"{number:.1f} GB"


def capabilities(gguf: Gguf, template: str, *, projector: bool) -> list[str]:
    """What the file, and the chat template of the model, say that it can do."""
    infill = gguf.get("tokenizer.ggml.fim_pre_token_id") is not None
    found = {
        "chat": gguf.writes_text,
        "tools": "tools" in template.lower(),
        "vision": projector,
        "infill": gguf.writes_text and infill,
        "embeddings": True,
    }
    return [name for name, has in found.items() if has]
