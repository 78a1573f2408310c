"""Images for llama.cpp: decoded by Pillow, turned into embeddings by a projector (mtmd)."""

from __future__ import annotations

import ctypes
import io
import warnings
from pathlib import Path
from typing import Any

from llama_cpp import mtmd_cpp as mtmd
from llama_cpp.llama_cpp import llama_pos

from ..errors import BackendError, BadImageError, ModelFileError, NotCapableError
from ..gguf import read
from .native import Context, Model, collect

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000
"""Larger images are refused before they are unpacked: they would take over 100 MB each."""


class Picture:
    """One image, cut into chunks that the engine can evaluate."""

    def __init__(self, projector: Any, chunks: Any) -> None:
        self._projector = projector
        self._chunks = chunks
        self.tokens = int(mtmd.mtmd_helper_get_n_tokens(chunks))

    def evaluate(self, context: Context, position: int, chunk: int) -> int:
        """Put the image into a context; the position after it."""
        after = llama_pos(position)
        status = mtmd.mtmd_helper_eval_chunks(
            self._projector,
            context.pointer,
            self._chunks,
            position,
            0,
            chunk,
            True,  # noqa: FBT003 - C has no named arguments
            ctypes.byref(after),
        )
        if status:
            msg = "llama.cpp could not evaluate the image."
            raise BackendError(msg)
        return int(after.value)

    def __del__(self) -> None:
        mtmd.mtmd_input_chunks_free(self._chunks)


class Projector:
    """A loaded projector file."""

    def __init__(self, path: Path, model: Model, threads: int) -> None:
        read(path)
        mtmd.mtmd_helper_log_set(collect, ctypes.c_void_p(0))
        params = mtmd.mtmd_context_params_default()
        params.use_gpu, params.print_timings, params.warmup = False, False, False
        params.n_threads = threads
        self._pointer = mtmd.mtmd_init_from_file(str(path).encode(), model.pointer, params)
        if not self._pointer:
            msg = (
                "llama.cpp cannot load the projector file, or it belongs to another model. "
                "Use the one published with the model."
            )
            raise ModelFileError(msg)

    def picture(self, data: bytes) -> Picture:
        """Decode and cut an image; BadImageError where that cannot be done."""
        width, height, pixels = decode(data)
        buffer = (ctypes.c_uint8 * len(pixels)).from_buffer_copy(pixels)
        bitmap = mtmd.mtmd_bitmap_init(width, height, buffer)
        chunks = mtmd.mtmd_input_chunks_init()
        marker = mtmd.mtmd_default_marker()
        text = mtmd.mtmd_input_text(marker, len(marker), add_special=False, parse_special=True)
        bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
        status = mtmd.mtmd_tokenize(self._pointer, chunks, ctypes.byref(text), bitmaps, 1)
        mtmd.mtmd_bitmap_free(bitmap)
        if status or chunks is None:
            mtmd.mtmd_input_chunks_free(chunks)
            msg = "The image could not be prepared for this model. Send another size."
            raise BadImageError(msg)
        return Picture(self._pointer, chunks)

    def free(self) -> None:
        """Give the memory back."""
        mtmd.mtmd_free(self._pointer)


def decode(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of an encoded image."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        msg = "Reading images needs Pillow. Install it with: pip install 'openai-compat[llamacpp]'"
        raise NotCapableError(msg) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                msg = (
                    f"The image is {image.width} x {image.height} pixels; at most "
                    f"{MAX_PIXELS // 1_000_000} million pixels are accepted."
                )
                raise BadImageError(msg)
            rgb = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    except UnidentifiedImageError as error:
        msg = "The image is not a PNG, JPEG or WebP file."
        raise BadImageError(msg) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        limit = MAX_PIXELS // 1_000_000
        msg = f"The image has too many pixels; at most {limit} million are accepted."
        raise BadImageError(msg) from error
    except (OSError, ValueError, SyntaxError) as error:
        msg = "The image is damaged: it could not be decoded to its end."
        raise BadImageError(msg) from error
    if rgb.mode == "RGBA":
        ground = Image.new("RGBA", rgb.size, (255, 255, 255, 255))
        rgb = Image.alpha_composite(ground, rgb).convert("RGB")
    return rgb.width, rgb.height, rgb.tobytes()
