"""The vision tower in torch gives what llama.cpp gives for the file that is written of it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the training needs numpy")
gguf = pytest.importorskip("gguf", reason="writing a model file needs gguf")
Image = pytest.importorskip("PIL.Image", reason="pictures need Pillow")
torch = pytest.importorskip("torch", reason="the training needs torch")
llama_cpp = pytest.importorskip("llama_cpp", reason="there is no llama.cpp to compare with")

WIDTH = 128


def write_language_model(path: Path) -> None:
    """The smallest language model that llama.cpp loads: one layer, random."""
    random = np.random.default_rng(1)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(256)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([2, 3, 3, *[6] * 256])
    shapes = {
        "token_embd": (len(tokens), WIDTH),
        "output": (len(tokens), WIDTH),
        "output_norm": (WIDTH,),
        **{f"blk.0.{name}_norm": (WIDTH,) for name in ("attn", "ffn")},
        **{f"blk.0.attn_{name}": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")},
        **{f"blk.0.ffn_{name}": (32, WIDTH) for name in ("gate", "up")},
        "blk.0.ffn_down": (WIDTH, 32),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def eye() -> Any:
    """A tower in which every parameter is random, so that none may be forgotten."""
    from openai_compat.reference.embedded.training.eye import Eye

    torch.set_num_threads(1)
    made = Eye(WIDTH, seed=3)
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for value in made.parameters():
            if value.ndim == 1:
                value.add_(torch.randn(value.shape, generator=generator) * 0.2)
    return made


@pytest.fixture(scope="module")
def seen(eye: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Any], Any]]:
    """What llama.cpp makes of a picture: (tokens, width)."""
    from llama_cpp import mtmd_cpp as mtmd
    from openai_compat.reference.embedded.training.projector_file import write_projector

    folder = tmp_path_factory.mktemp("eye")
    write_language_model(folder / "model.gguf")
    write_projector(folder / "projector.gguf", eye.tensors(), WIDTH)
    model = llama_cpp.Llama(str(folder / "model.gguf"), n_ctx=64, verbose=False)
    params = mtmd.mtmd_context_params_default()
    params.use_gpu, params.print_timings, params.warmup, params.n_threads = False, False, False, 1
    context = mtmd.mtmd_init_from_file(str(folder / "projector.gguf").encode(), model.model, params)
    assert context

    def look(picture: Any) -> Any:
        data = picture.tobytes()
        buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
        bitmap = mtmd.mtmd_bitmap_init(picture.width, picture.height, buffer)
        chunks = mtmd.mtmd_input_chunks_init()
        marker = mtmd.mtmd_default_marker()
        text = mtmd.mtmd_input_text(marker, len(marker), add_special=False, parse_special=True)
        bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
        assert mtmd.mtmd_tokenize(context, chunks, ctypes.byref(text), bitmaps, 1) == 0
        assert mtmd.mtmd_input_chunks_size(chunks) == 1
        chunk = mtmd.mtmd_input_chunks_get(chunks, 0)
        assert mtmd.mtmd_encode_chunk(context, chunk) == 0
        shape = (mtmd.mtmd_input_chunk_get_n_tokens(chunk), WIDTH)
        found = np.ctypeslib.as_array(mtmd.mtmd_get_output_embd(context), shape).copy()
        mtmd.mtmd_bitmap_free(bitmap)
        mtmd.mtmd_input_chunks_free(chunks)
        return found

    yield look
    mtmd.mtmd_free(context)
    model.close()


@pytest.mark.parametrize(
    "size", [(64, 64), (32, 32), (97, 97), (61, 190), (300, 200), (33, 450), (600, 599)]
)
def test_torch_and_llama_cpp_see_the_same(
    eye: Any, seen: Callable[[Any], Any], size: tuple[int, int]
) -> None:
    from openai_compat.reference.embedded.training.pictures import pixels

    noise = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), np.uint8)
    picture = Image.fromarray(noise)
    with torch.no_grad():
        expected = eye(torch.from_numpy(pixels(picture))[None])[0].numpy()
    found = seen(picture)

    assert found.shape == expected.shape
    assert np.linalg.norm(found - expected) < 0.01 * np.linalg.norm(expected)


def test_the_file_is_small(eye: Any, tmp_path: Path) -> None:
    from openai_compat.reference.embedded.training.projector_file import write_projector

    write_projector(tmp_path / "projector.gguf", eye.tensors(), WIDTH)

    assert (tmp_path / "projector.gguf").stat().st_size < 2_000_000
