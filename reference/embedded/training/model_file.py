"""Writes a language model as a GGUF file: matrices in half precision, everything else in single."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import gguf
import numpy as np

from .transformer import EPSILON, Transformer
from .vocabulary import BOS, EOS, UNKNOWN, Vocabulary

LAST: Final = 3
"""Pooling by the last token's state, the only one that both engines have."""
INFILL: Final = {"pre": "<|fim_prefix|>", "suf": "<|fim_suffix|>", "mid": "<|fim_middle|>"}


def write_model(
    path: Path,
    name: str,
    vocabulary: Vocabulary,
    model: Transformer,
    template: str | None = None,
) -> None:
    """Write a model of the Llama architecture with its tokenizer.

    With a chat template it also gets the ids of the infill tokens; without, it makes
    embeddings only. The keys are those that both engines read, and what people look at.
    """
    shape = model.shape
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_organization("openai-compat")
    writer.add_license("mit")
    writer.add_languages(["en"])
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_dimension_count(shape.head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_vocab_size(len(vocabulary.tokens))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(list(vocabulary.tokens))
    writer.add_token_scores(list(vocabulary.scores))
    writer.add_token_types(list(vocabulary.kinds))
    writer.add_bos_token_id(BOS)
    writer.add_eos_token_id(EOS)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_pad_token_id(vocabulary.id("<pad>"))
    writer.add_add_bos_token(value=True)
    writer.add_add_eos_token(value=False)
    writer.add_add_space_prefix(value=False)
    if template is not None:
        writer.add_chat_template(template)
        for key, token in INFILL.items():
            writer.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", vocabulary.id(token))
    else:
        writer.add_uint32("llama.pooling_type", LAST)
    for key, tensor in model.tensors().items():
        value = tensor.numpy()
        kind = np.float32 if value.ndim == 1 else np.float16
        writer.add_tensor(key, np.ascontiguousarray(value, kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
