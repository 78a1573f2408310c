"""Writes the vision tower as the GGUF file that llama.cpp calls a projector."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
from torch import Tensor

from .eye import EPSILON, HEADS, INNER, LAYERS, PATCH, SEEN
from .pictures import SIDE


def write_projector(path: Path, tensors: Mapping[str, Tensor], width: int) -> None:
    """Write the tensors of an Eye: matrices in half precision, everything else in single.

    ``width`` is the embedding length of the language model.
    """
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_name("tiny projector")
    writer.add_description("Sees colours, shapes and how many; made by the project itself.")
    writer.add_license("mit")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_bool("clip.has_vision_encoder", val=True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", val=True)
    for key, number in (
        ("image_size", SIDE), ("patch_size", PATCH), ("embedding_length", SEEN),
        ("feed_forward_length", INNER), ("projection_dim", width), ("block_count", LAYERS),
        ("attention.head_count", HEADS),
    ):  # fmt: skip
        writer.add_uint32(f"clip.vision.{key}", number)
    # Without it llama.cpp leaves the last block out, as LLaVA does.
    writer.add_array("clip.vision.feature_layer", [LAYERS])
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", EPSILON)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    for name, value in tensors.items():
        half = value.ndim > 1 and name != "v.position_embd.weight"
        writer.add_tensor(name, value.numpy().astype(np.float16 if half else np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
