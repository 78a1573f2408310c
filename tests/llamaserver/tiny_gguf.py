"""A GGUF that llama.cpp loads in milliseconds and that babbles printable words.

The weights are random but always the same. One dimension of every hidden state is constant,
and the output layer uses it as a bias: words are likely, bytes and control tokens are not, and
the end token comes now and then. The text means nothing; formats, streams and limits are real.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gguf
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Array = npt.NDArray[np.float32]

_TEXT = """
the a of to and in is it that was for on are as with at be this have from one had by word but
not what all were we when your can said there use each which she do how their if will up other
about out many then them these so some her would make like him into time has look two more write
go see number no way could people my than first water been call who oil its now find long down
day did get come made may part over new sound take only little work know place year live me back
give most very after thing our just name good sentence man think say great where help through
much before line right too mean old any same tell boy follow came want show also
"""
WORDS = _TEXT.split()
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] or '' }}"
    "{% if message['tool_calls'] %}{{ message['tool_calls'] | tojson }}{% endif %}"
    "<|im_end|>\n{% endfor %}"
    "{% if tools %}<|im_start|>system\n{{ tools | tojson }}<|im_end|>\n{% endif %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTEXT = 4096
DIMENSIONS, HEADS, LAYERS, HIDDEN = 64, 4, 2, 160
END_BIAS = 1.6
"""How likely the end is, against an ordinary word's 0: most texts have 10 to 100 tokens."""

_SPECIALS = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def _vocabulary() -> tuple[list[str], list[float], list[int], list[float]]:
    """Tokens, merge scores, types, and how likely each is to be written."""
    tokens, scores, types, bias = [], [], [], []

    def add(token: str, score: float, kind: int, likely: float) -> None:
        tokens.append(token)
        scores.append(score)
        types.append(kind)
        bias.append(likely)

    for special in _SPECIALS:
        add(special, 0.0, _UNKNOWN if special == "<unk>" else _CONTROL, -20.0)
    bias[_SPECIALS.index("<|im_end|>")] = END_BIAS
    for byte in range(256):
        add(f"<0x{byte:02X}>", 0.0, _BYTE, -20.0)
    for character in ("▁", *map(chr, range(33, 127))):
        add(character, -1000.0, _NORMAL, -0.8 if character in ".,!?" else -20.0)
    pieces = {f"▁{word}"[:size] for word in WORDS for size in range(2, len(word) + 2)}
    for piece in sorted(pieces, key=lambda one: (len(one), one)):
        add(piece, -float(100 - len(piece)), _NORMAL, 0.0 if piece[1:] in WORDS else -20.0)
    return tokens, scores, types, bias


def _random(rng: np.random.Generator, rows: int, columns: int, scale: float) -> Array:
    return (rng.standard_normal((rows, columns)) * scale).astype(np.float32)


def _tensors(bias: list[float]) -> dict[str, Array]:
    """The weights by their GGUF names; dimension 0 stays as the embedding set it."""
    rng = np.random.default_rng(20240925)
    size, width = len(bias), DIMENSIONS
    embedding = _random(rng, size, width, 1.0)
    embedding[:, 0] = 8.0
    output = _random(rng, size, width, 0.55)
    output[_SPECIALS.index("<|im_end|>")] *= 0.5
    output[:, 0] = bias
    tensors = {"token_embd.weight": embedding, "output.weight": output}
    tensors["output_norm.weight"] = np.ones(width, np.float32)
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        tensors[name + "attn_norm.weight"] = np.ones(width, np.float32)
        tensors[name + "ffn_norm.weight"] = np.ones(width, np.float32)
        for part, rows in (
            ("attn_q", width),
            ("attn_k", width),
            ("attn_v", width),
            ("ffn_gate", HIDDEN),
            ("ffn_up", HIDDEN),
        ):
            weight = _random(rng, rows, width, 0.25)
            weight[:, 0] = 0.0
            tensors[f"{name}{part}.weight"] = weight
        for part, columns, scale in (("attn_output", width, 0.15), ("ffn_down", HIDDEN, 0.06)):
            weight = _random(rng, width, columns, scale)
            weight[0] = 0.0
            tensors[f"{name}{part}.weight"] = weight
    return tensors


def write_tiny_gguf(path: Path) -> Path:
    """Write the model, about 1 MB, and give its path back."""
    tokens, scores, types, bias = _vocabulary()
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(DIMENSIONS)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(DIMENSIONS // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(_SPECIALS.index("<|im_end|>"))
    writer.add_add_bos_token(True)  # noqa: FBT003 - the library's signature
    writer.add_add_space_prefix(False)  # noqa: FBT003 - the library's signature
    writer.add_chat_template(TEMPLATE)
    for name, tensor in _tensors(bias).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
