"""The pictures show what their scenes say, and are the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the training needs numpy")
Image = pytest.importorskip("PIL.Image", reason="pictures need Pillow")
pictures = pytest.importorskip("openai_compat.reference.embedded.training.pictures")

MANY = 150


def painted(seed: int) -> tuple[Any, Any, Any]:
    """A scene, its picture and where its shapes are."""
    chance = random.Random(seed)
    shown = pictures.scene(chance)
    return shown, *pictures.layers(shown, chance)


def parts(filled: Any) -> int:
    """How many areas of a mask touch nowhere: each grows from one point until nothing is added."""
    left, found = filled.copy(), 0
    while left.any():
        found += 1
        grown = np.zeros_like(left)
        grown[np.unravel_index(left.argmax(), left.shape)] = True
        while True:
            wider = np.pad(grown, 1)
            wider = wider[:-2] | wider[1:-1] | wider[2:]
            wider = (wider[:, :-2] | wider[:, 1:-1] | wider[:, 2:]) & left
            if (wider == grown).all():
                break
            grown = wider
        left &= ~grown
    return found


def test_scenes_are_complete() -> None:
    chance = random.Random(1)
    scenes = [pictures.scene(chance) for _ in range(2000)]

    assert {one.background for one in scenes} == set(pictures.COLOURS)
    assert {one.colour for one in scenes} == {None, *pictures.COLOURS}
    assert {one.shape for one in scenes} == {None, *pictures.SHAPES}
    assert all(
        (one.count > 0) == (one.shape is not None) == (one.colour is not None) for one in scenes
    )
    assert all(one.background != one.colour for one in scenes)
    assert {one.count for one in scenes} == {0, 1, 2, 3, 4}


def test_the_same_seed_paints_the_same_picture() -> None:
    for seed in range(10):
        (one, first, _), (other, second, _) = painted(seed), painted(seed)

        assert one == other
        assert first.tobytes() == second.tobytes()


def test_sizes_vary_within_their_bounds() -> None:
    sizes = [painted(seed)[1].size for seed in range(MANY)]

    assert all(32 <= side <= 600 for size in sizes for side in size)
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)
    assert any(width == height for width, height in sizes)
    assert max(max(size) / min(size) for size in sizes) <= 1.75


def test_as_many_shapes_are_seen_as_the_scene_counts() -> None:
    """Even after the picture was made as small as the vision tower gets it."""
    for seed in range(MANY):
        shown, _, mask = painted(seed)

        assert parts(np.asarray(pictures.fit(mask)) > 90) == shown.count


def test_shape_and_background_have_the_colours_of_the_scene() -> None:
    for seed in range(MANY):
        shown, picture, mask = painted(seed)
        values, filled = np.asarray(picture, float), np.asarray(mask)
        for name, area in ((shown.background, filled == 0), (shown.colour, filled == 255)):
            if name is None:
                continue
            mean = values[area].mean(0)
            bounds = pictures.COLOURS[name]

            assert all(
                low - 12 < part < high + 12 for part, (low, high) in zip(mean, bounds, strict=True)
            )


def test_pixels_are_centred_between_bars() -> None:
    white = Image.new("RGB", (200, 100), "white")
    values = pictures.pixels(white)

    assert values.shape == (3, 64, 64)
    assert values.dtype == np.float32
    assert (values[:, 16:48] == 1).all()
    bar = (np.array(pictures.PADDING) / 255 - 0.5) / 0.5
    assert np.allclose(values[:, :16], bar[:, None, None], atol=1e-6)
    assert np.allclose(values[:, 48:], bar[:, None, None], atol=1e-6)


def test_pixels_of_a_picture_that_fits_are_its_own() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    values = pictures.pixels(Image.fromarray(noise))

    assert (((values.transpose(1, 2, 0) + 1) / 2 * 255).round() == noise).all()
