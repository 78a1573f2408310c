"""Pictures of simple shapes, and how llama.cpp prepares a picture for the vision tower."""

# ruff: noqa: PLR2004 - chances are plain numbers

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .shapes import SHAPES, draw, places

SIDE = 64
"""Every picture is made this wide and high."""
PADDING: Final = (122, 116, 104)
SMALLEST, LARGEST, LEAST = 32, 600, 14
"""Sides of a canvas; the diameter that a shape has at least after a picture was made SIDE wide."""

COLOURS: Final = {
    "red": ((195, 255), (0, 50), (0, 50)),
    "green": ((0, 60), (110, 255), (0, 70)),
    "blue": ((0, 60), (0, 110), (170, 255)),
    "yellow": ((225, 255), (210, 255), (0, 80)),
    "black": ((0, 30), (0, 30), (0, 30)),
    "white": ((235, 255), (235, 255), (235, 255)),
    "orange": ((235, 255), (115, 170), (0, 45)),
    "purple": ((105, 160), (0, 50), (120, 205)),
    "grey": ((100, 165), (100, 165), (100, 165)),
    "pink": ((240, 255), (95, 195), (160, 215)),
    "brown": ((100, 165), (40, 85), (5, 45)),
}
"""The least and the largest part of red, green and blue that a colour has."""
NEUTRAL: Final = ("black", "white", "grey")
"""Colours whose three parts are about the same."""
CONTRAST = 90
"""The distance in RGB between a shape and its background, at least."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture shows: ``count`` shapes of one kind and colour, or nothing."""

    background: str
    shape: str | None = None
    colour: str | None = None
    count: int = 0


def scene(chance: random.Random) -> Scene:
    """A scene; one of five is of one colour only."""
    names = list(COLOURS)
    if chance.random() < 0.2:
        return Scene(chance.choice(names))
    background = "white" if chance.random() < 0.35 else chance.choice([*NEUTRAL, *names])
    colour = chance.choice([name for name in names if name != background])
    return Scene(background, chance.choice(list(SHAPES)), colour, chance.choice((1, 1, 2, 3, 4)))


def paint(shown: Scene, chance: random.Random, largest: int = LARGEST) -> Image.Image:
    """A picture of a scene: RGB, sides from SMALLEST to ``largest``, shapes apart from each other.

    A training needs no large ones: they take longer, and look the same when they are SIDE wide.
    """
    return layers(shown, chance, largest)[0]


def layers(
    shown: Scene, chance: random.Random, largest: int = LARGEST
) -> tuple[Image.Image, Image.Image]:
    """The picture of a scene, and where its shapes are (of mode L)."""
    size = canvas(chance, largest)
    mask = Image.new("L", size)
    ground = front = shade(shown.background, chance)
    if shown.shape is not None and shown.colour is not None:
        while math.dist(front, ground) < CONTRAST:
            ground, front = shade(shown.background, chance), shade(shown.colour, chance)
        for place in places(size, shown.count, LEAST * max(size) / SIDE, chance):
            draw(mask, SHAPES[shown.shape], place, chance.gauss(0, 6))
    picture = Image.new("RGB", size, ground)
    picture.paste(front, (0, 0), mask)
    return noisy(picture, chance) if chance.random() < 0.4 else picture, mask


def canvas(chance: random.Random, largest: int) -> tuple[int, int]:
    """Width and height: half are square, the others up to 5:3."""
    long = SMALLEST * (largest / SMALLEST) ** chance.random()
    short = long if chance.random() < 0.5 else max(SMALLEST, long * chance.uniform(0.6, 1))
    width, height = (long, short) if chance.random() < 0.5 else (short, long)
    return round(width), round(height)


def shade(name: str, chance: random.Random) -> Colour:
    """A colour that everyone would call by that name."""
    low, high = COLOURS[name][0]
    if name in NEUTRAL:
        middle = chance.randint(low, high)
        red, green, blue = (min(255, max(0, middle + chance.randint(-5, 5))) for _ in range(3))
    else:
        red, green, blue = (chance.randint(*part) for part in COLOURS[name])
    return red, green, blue


def noisy(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The same with grain."""
    values = np.asarray(picture, np.int16)
    most = chance.randint(1, 14)
    grain = np.random.default_rng(chance.getrandbits(32)).integers(
        -most, most, values.shape, np.int8, endpoint=True
    )
    return Image.fromarray((values + grain).clip(0, 255).astype(np.uint8))


def fit(image: Image.Image) -> Image.Image:
    """The image SIDE wide and high, with bars where its form is another one.

    Equal to llama.cpp's preparation, whose resize is Pillow's (mtmd-image.cpp, PAD_CEIL).
    """
    scale = min(np.float32(SIDE) / np.float32(side) for side in image.size)
    width, height = (min(math.ceil(np.float32(side) * scale), SIDE) for side in image.size)
    ground = Image.new(image.mode, (SIDE, SIDE), PADDING if image.mode == "RGB" else 0)
    fitted = image.resize((width, height), Image.Resampling.BICUBIC)
    ground.paste(fitted, ((SIDE - width) // 2, (SIDE - height) // 2))
    return ground


def sent(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The picture as it arrives: a third of all go through JPEG."""
    if chance.random() > 1 / 3:
        return picture
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=chance.randint(60, 95))
    return Image.open(buffer)


def pixels(image: Image.Image) -> NDArray[np.float32]:
    """What the vision tower gets of a picture: (3, SIDE, SIDE), in -1..1."""
    values = np.asarray(fit(image.convert("RGB")), np.float32) / np.float32(255)
    return np.ascontiguousarray(((values - 0.5) / 0.5).transpose(2, 0, 1), np.float32)
