"""Writes the first embedded model and its projector as GGUF files.

``python -m openai_compat.reference.embedded.first FOLDER [WEIGHTS.npz]``; without weights
they are random, from a fixed seed. Needs the package ``gguf``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import gguf
import numpy as np
from numpy.typing import NDArray

from . import alphabet

Weights = Mapping[str, NDArray[np.float32]]

NAME: Final = "tiny"
WIDTH, LAYERS, HEADS, INNER, CONTEXT = 128, 4, 4, 384, 4096
IMAGE, PATCH, SEEN = 64, 16, 64


def shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor of the language model, as (rows, columns)."""
    vocabulary = len(alphabet.TOKENS)
    found: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary, WIDTH),
        "output_norm.weight": (WIDTH,),
        "output.weight": (vocabulary, WIDTH),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        found |= {f"{block}{name}_norm.weight": (WIDTH,) for name in ("attn", "ffn")}
        found |= {
            f"{block}attn_{name}.weight": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")
        }
        found |= {f"{block}ffn_{name}.weight": (INNER, WIDTH) for name in ("gate", "up")}
        found[f"{block}ffn_down.weight"] = (WIDTH, INNER)
    return found


def random_weights(seed: int = 1) -> dict[str, NDArray[np.float32]]:
    """Weights that make a babbler: lively enough that its choices depend on its input."""
    random = np.random.default_rng(seed)
    made = {}
    for name, shape in {**shapes(), **projector_shapes()}.items():
        if name.endswith("norm.weight"):
            made[name] = np.ones(shape, np.float32)
            continue
        scale = {"token_embd.weight": 1.0, "output.weight": 0.35}.get(name, 0.4 / shape[-1] ** 0.5)
        made[name] = (random.standard_normal(shape) * scale).astype(np.float32)
    return made


def write_model(path: Path, weights: Weights) -> None:
    """The language model: matrices in half precision, everything else in single."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(NAME)
    writer.add_license("mit")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(alphabet.TOKENS))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_uint32("llama.pooling_type", 3)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(list(alphabet.TOKENS))
    writer.add_token_scores(list(alphabet.SCORES))
    writer.add_token_types(list(alphabet.KINDS))
    writer.add_bos_token_id(alphabet.BOS)
    writer.add_eos_token_id(alphabet.EOS)
    writer.add_unk_token_id(alphabet.UNKNOWN)
    writer.add_pad_token_id(alphabet.IDS["<pad>"])
    writer.add_add_bos_token(value=True)
    writer.add_add_eos_token(value=False)
    writer.add_add_space_prefix(value=False)
    for key, token in (("pre", "prefix"), ("suf", "suffix"), ("mid", "middle")):
        writer.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", alphabet.IDS[f"<|fim_{token}|>"])
    template = Path(__file__).with_name("template.jinja").read_text(encoding="utf-8")
    writer.add_chat_template(template.rstrip("\n"))
    for name in shapes():
        value = weights[name]
        writer.add_tensor(name, value if value.ndim == 1 else value.astype(np.float16))
    finish(writer)


def projector_shapes() -> dict[str, tuple[int, ...]]:
    """The tensors of the projector that are used."""
    return {
        "v.patch_embd.weight": (SEEN, 3, PATCH, PATCH),
        "v.position_embd.weight": ((IMAGE // PATCH) ** 2, SEEN),
        "mm.0.weight": (WIDTH, SEEN),
        "mm.0.bias": (WIDTH,),
        "mm.2.weight": (WIDTH, WIDTH),
        "mm.2.bias": (WIDTH,),
    }


def write_projector(path: Path, weights: Weights) -> None:
    """The smallest projector that llama.cpp runs: patches, positions and two matrices."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_name(f"{NAME} projector")
    writer.add_bool("clip.has_vision_encoder", val=True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", val=True)
    for key, number in (
        ("image_size", IMAGE), ("patch_size", PATCH), ("embedding_length", SEEN),
        ("feed_forward_length", 2 * SEEN), ("projection_dim", WIDTH), ("block_count", 1),
        ("attention.head_count", 2),
    ):  # fmt: skip
        writer.add_uint32(f"clip.vision.{key}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    for name in projector_shapes():
        writer.add_tensor(name, np.ascontiguousarray(weights[name], np.float32))
    # The graph runs one layer fewer than block_count, so these are there but never used.
    for name, shape in (("attn_out", (SEEN, SEEN)), ("ffn_up", (2 * SEEN, SEEN)),
                        ("ffn_down", (SEEN, 2 * SEEN))):  # fmt: skip
        writer.add_tensor(f"v.blk.0.{name}.weight", np.zeros(shape, np.float32))
    finish(writer)


def finish(writer: gguf.GGUFWriter) -> None:
    """Write everything and close the file."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    """Write both files into the folder that the command line names."""
    folder = Path(sys.argv[1])
    given = sys.argv[2:]
    weights = dict(np.load(given[0])) if given else random_weights()
    write_model(folder / f"{NAME}.gguf", weights)
    write_projector(folder / f"{NAME}-projector.gguf", weights)


if __name__ == "__main__":
    main()
