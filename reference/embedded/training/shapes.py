"""The shapes in the pictures: their corners, their places, and smooth drawing."""

from __future__ import annotations

import math
import random
from typing import Final

from PIL import Image, ImageDraw

Points = list[tuple[float, float]]


def ring(*radii: float, start: float = -90, count: int = 1) -> Points:
    """Points around the centre, the radii taken in turn ``count`` times, clockwise."""
    turn = math.tau / (len(radii) * count)
    angles = (math.radians(start) + step * turn for step in range(len(radii) * count))
    return [
        (radii[step % len(radii)] * math.cos(angle), radii[step % len(radii)] * math.sin(angle))
        for step, angle in enumerate(angles)
    ]


def heart() -> Points:
    """The usual curve, from its dent."""
    curve = []
    for step in range(48):
        t = step / 48 * math.tau
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        curve.append((math.sin(t) ** 3, -(y + 2.5) / 16))
    return curve


ARM, TIP = 0.31, 0.93
SHAPES: Final[dict[str, Points]] = {
    "circle": ring(0.95, count=60),
    "square": ring(1, start=-45, count=4),
    "triangle": ring(1, count=3),
    "star": ring(1, 0.42, count=5),
    "heart": heart(),
    "cross": [
        (-ARM, -TIP), (ARM, -TIP), (ARM, -ARM), (TIP, -ARM), (TIP, ARM), (ARM, ARM),
        (ARM, TIP), (-ARM, TIP), (-ARM, ARM), (-TIP, ARM), (-TIP, -ARM), (-ARM, -ARM),
    ],
}  # fmt: skip
"""Corners by name, in a circle of radius 1; y points down."""
EQUAL = 0.5
"""The share of pictures whose shapes are of one size."""


def places(
    size: tuple[int, int], count: int, least: float, chance: random.Random
) -> list[tuple[float, float, float]]:
    """Centres and diameters (``least`` or more) of circles apart from each other and the edge."""
    largest = min(size) * {1: 0.96, 2: 0.62}.get(count, 0.5)
    while True:
        found: list[tuple[float, float, float]] = []
        equal = chance.random() < EQUAL
        diameter = chance.uniform(least, max(least, largest))
        for _ in range(30):
            wide = diameter if equal else chance.uniform(least, diameter)
            x, y = (chance.uniform(wide / 2, max(wide / 2, side - wide / 2)) for side in size)
            if all(math.hypot(x - a, y - b) > (wide + d) / 2 + least / 7 for a, b, d in found):
                found.append((x, y, wide))
            if len(found) == count:
                return found
        largest = max(least, largest * 0.85)


def draw(mask: Image.Image, shape: Points, place: tuple[float, float, float], turn: float) -> None:
    """Draw a shape with smooth edges; place is its centre and diameter, turn its degrees."""
    x, y, radius = place[0], place[1], place[2] / 2
    finer = 4 if radius < 60 else 2  # noqa: PLR2004 - pixels
    left, top, wide = math.floor(x - radius), math.floor(y - radius), math.ceil(2 * radius) + 1
    cos, sin = (scale(math.radians(turn)) * radius * finer for scale in (math.cos, math.sin))
    a, b = (x - left) * finer, (y - top) * finer
    corners = [(a + u * cos - v * sin, b + u * sin + v * cos) for u, v in shape]
    part = Image.new("L", (wide * finer, wide * finer))
    ImageDraw.Draw(part).polygon(corners, fill=255)
    part = part.reduce(finer)
    mask.paste(255, (left, top), part)
