"""A small encoder with random weights, of the kind that people embed with."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

WIDTH, INNER, LAYERS, HEADS, CONTEXT = 64, 128, 2, 2, 512
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz0123456789.,?!")
TOKENS = (*SPECIAL, *(f"▁{letter}" for letter in LETTERS), *LETTERS, "▁hello", "▁world")


def write(path: Path) -> None:
    """Write the model; its vectors are averages over the tokens."""
    random = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(value=False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("bert-bge")
    writer.add_token_list(list(TOKENS))
    writer.add_token_types([3 if token in SPECIAL else 1 for token in TOKENS])
    writer.add_token_type_count(2)
    for role, name in (("bos", "[CLS]"), ("eos", "[SEP]"), ("seperator", "[SEP]"),
                       ("unknown", "[UNK]"), ("padding", "[PAD]"), ("mask", "[MASK]")):  # fmt: skip
        writer.add_uint32(f"tokenizer.ggml.{role}_token_id", TOKENS.index(name))

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(name, (random.standard_normal(shape) * 0.1).astype(np.float32))

    add("token_embd.weight", len(TOKENS), WIDTH)
    add("token_types.weight", 2, WIDTH)
    add("position_embd.weight", CONTEXT, WIDTH)
    for part in ("weight", "bias"):
        add(f"token_embd_norm.{part}", WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        for name, rows, columns in (
            ("attn_q", WIDTH, WIDTH), ("attn_k", WIDTH, WIDTH), ("attn_v", WIDTH, WIDTH),
            ("attn_output", WIDTH, WIDTH), ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER),
        ):  # fmt: skip
            add(f"{block}{name}.weight", rows, columns)
            add(f"{block}{name}.bias", rows)
        for norm in ("attn_output_norm", "layer_output_norm"):
            add(f"{block}{norm}.weight", WIDTH)
            add(f"{block}{norm}.bias", WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
