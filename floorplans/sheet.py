"""A drawing surface in the building's metre frame, and letters on it.

Decides scale, margins, greys and lettering. Refuses to know what is drawn. The picture is drawn at
twice its size and scaled down, so that arcs and slanted lines are smooth. Pillow's built-in
typeface has no umlauts; :class:`Lettering` adds their dots, so that the picture does not depend on
the fonts of the machine.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

_OVERSAMPLING = 2
_GREY_LEVELS = 16

INK, WALL, LINE, THIN, FURNITURE = 25, 60, 90, 130, 190
FLOOR, HALLWAY, COURT, STREET = 255, 244, 236, 255

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Paper:
    """Scale and margins of a picture; margins in metres of the building."""

    metres_per_pixel: float = 0.03
    left_m: float = 9.0
    right_m: float = 6.0
    bottom_m: float = 15.0
    top_m: float = 6.0


class Sheet:
    """A drawing surface in the building's metre frame (x right, y up)."""

    def __init__(self, width_m: float, height_m: float, paper: Paper = Paper()) -> None:
        self._paper = paper
        step = paper.metres_per_pixel
        self._scale = _OVERSAMPLING / step
        self.size_px = (
            round((width_m + paper.left_m + paper.right_m) / step),
            round((height_m + paper.bottom_m + paper.top_m) / step),
        )
        self._top_m = self.size_px[1] * step - paper.bottom_m
        size = (self.size_px[0] * _OVERSAMPLING, self.size_px[1] * _OVERSAMPLING)
        self._image = Image.new("L", size, STREET)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def pixel_to_building(self) -> tuple[float, ...]:
        """Give a, b, c, d, e, f of x = a px + b py + c, y = d px + e py + f."""
        step = self._paper.metres_per_pixel
        return step, 0.0, -self._paper.left_m, 0.0, -step, round(self._top_m, 6)

    def _at(self, x_m: float, y_m: float) -> Point:
        return (x_m + self._paper.left_m) * self._scale, (self._top_m - y_m) * self._scale

    def fill(self, box: Rectangle, grey: int) -> None:
        """Fill a rectangle x0, y0, x1, y1."""
        left, bottom = self._at(box[0], box[1])
        right, top = self._at(box[2], box[3])
        self._draw.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), grey)

    def line(self, points: Sequence[Point], grey: int = LINE, width_m: float = 0.03) -> None:
        """Draw a line through points."""
        width = max(1, round(width_m * self._scale))
        self._draw.line([self._at(*point) for point in points], grey, width)

    def frame(self, box: Rectangle, grey: int = LINE) -> None:
        """Draw the outline of a rectangle."""
        x0, y0, x1, y1 = box
        self.line(((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)), grey)

    def dashes(self, start: Point, end: Point, grey: int = THIN, dash_m: float = 0.35) -> None:
        """Draw a dashed line."""
        length = math.dist(start, end)
        count = max(1, round(length / (2 * dash_m)))
        for n in range(count):
            low, high = n / count, (n + 0.5) / count
            self.line((between(start, end, low), between(start, end, high)), grey)

    def polygon(self, points: Sequence[Point], grey: int) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._at(*point) for point in points], grey)

    def circle(self, centre: Point, radius_m: float, grey: int, fill: int | None = None) -> None:
        """Draw a circle."""
        x, y = self._at(*centre)
        r = radius_m * self._scale
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill, grey, _OVERSAMPLING)

    def text(
        self, centre: Point, words: str, height_m: float, grey: int = INK, *, upright: bool = False
    ) -> None:
        """Write words around a centre; upright ones run from bottom to top."""
        mask = Lettering(height_m * self._scale).write(words)
        if upright:
            mask = mask.transpose(Image.Transpose.ROTATE_90)
        x, y = self._at(*centre)
        corner = (round(x - mask.width / 2), round(y - mask.height / 2))
        self._image.paste(grey, (*corner, corner[0] + mask.width, corner[1] + mask.height), mask)

    def text_width_m(self, words: str, height_m: float) -> float:
        """Give the length of written words."""
        return Lettering(height_m * self._scale).width_px(words) / self._scale

    def finish(self) -> Image.Image:
        """Give the picture, scaled down to its size, in a palette of 16 greys."""
        small = self._image.resize(self.size_px, Image.Resampling.BOX)
        step = 255 / (_GREY_LEVELS - 1)
        indexed = small.point([round(grey / step) for grey in range(256)])
        indexed = Image.frombytes("P", indexed.size, indexed.tobytes())
        indexed.putpalette([round(n * step) for n in range(_GREY_LEVELS) for _ in range(3)])
        return indexed


class Lettering:
    """Capital letters with umlauts, and small letters for metres and square metres."""

    _BASES = str.maketrans("ÄÖÜ²", "AOU2")
    _METRES = re.compile(r"(?<=\d) M(?=²|$)")

    def __init__(self, height_px: float) -> None:
        self._size = height_px
        # A capital of the built-in typeface is 0.7 of its size high.
        self._font = ImageFont.load_default(height_px / 0.7)

    def width_px(self, words: str) -> float:
        """Give the length of words."""
        return self._font.getlength(self._capitalise(words).translate(self._BASES))

    def write(self, words: str) -> Image.Image:
        """Give a mask of the words, as high as capitals with dots above and room below."""
        capitals = self._capitalise(words)
        plain = capitals.translate(self._BASES)
        size = self._size
        mask = Image.new("L", (math.ceil(self._font.getlength(plain)) + 4, math.ceil(2 * size)))
        draw = ImageDraw.Draw(mask)
        baseline = 1.5 * size
        body = plain[:-1] if capitals.endswith("²") else plain
        draw.text((2, baseline), body, 255, self._font, anchor="ls")
        if capitals.endswith("²"):
            start = 2 + self._font.getlength(body)
            raised = ImageFont.load_default(size * 0.8)
            draw.text((start, baseline - 0.45 * size), "2", 255, raised, anchor="ls")
        for index, letter in enumerate(capitals):
            if letter in "ÄÖÜ":
                self._dot(draw, plain[:index], plain[index], baseline)
        return mask

    def _capitalise(self, words: str) -> str:
        return self._METRES.sub(" m", words.upper())

    def _dot(self, draw: ImageDraw.ImageDraw, before: str, letter: str, baseline: float) -> None:
        middle = 2 + self._font.getlength(before) + self._font.getlength(letter) / 2
        radius, rise = 0.085 * self._size, baseline - 1.2 * self._size
        for side in (-1, 1):
            x = middle + side * 0.2 * self._size
            draw.ellipse((x - radius, rise - radius, x + radius, rise + radius), 255)


def between(start: Point, end: Point, share: float) -> Point:
    """Give the point at a share of the way."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def to_metres(box: Sequence[float]) -> Rectangle:
    """Turn a box in centimetres into metres."""
    x0, y0, x1, y1 = (value / 100 for value in box)
    return x0, y0, x1, y1
