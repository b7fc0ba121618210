"""The pictures of a report as SVG: bars of progress, and the map of what the public can reach.

Decides that nothing is told by colour alone and that a picture needs nothing from outside. Refuses
to know where numbers and levels come from.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    Ring = tuple[tuple[float, float], ...]

FONT: Final = 'font-family="Libertinus Serif, Georgia, serif"'
PLAIN_FONT: Final = 'font-family="Fira Sans, Arial, sans-serif"'
"""Of texts in pictures: as documents are set, and as pages are."""
_INK, _MUTED, _LINE = "#1a1a1a", "#4d4d4d", "#b3b3b3"
_WIDTH: Final = 660
_LABEL_WIDTH: Final = 232
_NUMBER_WIDTH: Final = 90
_ROW: Final = 24
TONES: Final = ("#1a4f9c", "#8fb3e6", "#ffffff")
"""Live, under way, planned: they differ in lightness, and the planned part is an outline."""


@dataclass(frozen=True)
class Bar:
    """How far a place has come: its parts in the order of the legend, and what stands beside it."""

    label: str
    parts: tuple[int, ...]
    words: str


def draw_bars(bars: Sequence[Bar], legend: Sequence[str]) -> str:
    """Draw one bar a place, all of full width: the share counts, the words give the numbers."""
    height = 34 + _ROW * len(bars) + 6
    parts = [_draw_legend(legend)]
    for row, bar in enumerate(bars):
        parts.append(_draw_bar(bar, 34 + _ROW * row))
    return _frame(_WIDTH, height, parts)


def _draw_legend(legend: Sequence[str]) -> str:
    drawn, x = [], float(_LABEL_WIDTH)
    for tone, words in zip(TONES, legend, strict=True):
        drawn.append(
            f'<rect x="{x:g}" y="6" width="14" height="12" fill="{tone}" stroke="{_INK}" stroke-width="0.6"/>'
            + _text(x + 19, 16, words, 12)
        )
        x += 34 + 6.6 * len(words)
    return "".join(drawn)


def _draw_bar(bar: Bar, top: float) -> str:
    room = _WIDTH - _LABEL_WIDTH - _NUMBER_WIDTH
    total = sum(bar.parts)
    drawn = [_text(_LABEL_WIDTH - 10, top + 13, _shorten(bar.label), 12.5, anchor="end")]
    x = float(_LABEL_WIDTH)
    for tone, part in zip(TONES, bar.parts, strict=True):
        width = room * part / total if total else 0.0
        if width:
            drawn.append(
                f'<rect x="{x:.1f}" y="{top + 2:g}" width="{width:.1f}" height="15" fill="{tone}"/>'
            )
        x += width
    drawn.append(
        f'<rect x="{_LABEL_WIDTH}" y="{top + 2:g}" width="{room}" height="15" fill="none"'
        f' stroke="{_INK}" stroke-width="0.6"/>'
    )
    drawn.append(_text(_LABEL_WIDTH + room + 8, top + 13, bar.words, 12))
    return "".join(drawn)


def _shorten(label: str, longest: int = 34) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


@dataclass(frozen=True)
class FloorPicture:
    """One storey on the map: outlines in building metres, and its heat map with its bounds."""

    title: str
    words: str
    footprint: tuple[Ring, ...]
    rooms: tuple[Ring, ...]
    png: bytes
    bounds_m: tuple[float, float, float, float]


@dataclass(frozen=True)
class RampStep:
    """A colour of the heat map; ``words`` stands below it where its class begins."""

    colour: str
    words: str = ""


@dataclass(frozen=True)
class MapWords:
    """What the map's legend says."""

    ramp: str
    building: str
    room: str
    below: str


_GAP: Final = 24.0
_TITLE: Final = 38.0
_MOST_HEIGHT: Final = 780.0
"""What is higher does not fit a page together with its heading."""


def draw_floors(floors: Sequence[FloorPicture], ramp: Sequence[RampStep], words: MapWords) -> str:
    """Draw storeys side by side, all to one scale, north of the plan up."""
    columns = min(len(floors), 2 if len(floors) <= 4 else 3)
    rows = -(-len(floors) // columns)
    room = (_WIDTH - _GAP * (columns - 1)) / columns
    height = min(_MOST_HEIGHT / rows - _TITLE - _GAP, _WIDTH / 2)
    scale = min(min(room / _span(floor, 0), height / _span(floor, 1)) for floor in floors)
    parts, top = [], 0.0
    for start in range(0, len(floors), columns):
        row = floors[start : start + columns]
        for place, floor in enumerate(row):
            parts.append(_draw_floor(floor, place * (room + _GAP), top, scale))
        top += _TITLE + max(_span(floor, 1) for floor in row) * scale + _GAP
    parts.append(_draw_ramp(ramp, words, top))
    return _frame(_WIDTH, top + 62, parts)


def _extent(floor: FloorPicture) -> tuple[float, float, float, float]:
    points = [point for ring in floor.footprint or floor.rooms for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if not points:
        return floor.bounds_m
    return min(xs), min(ys), max(xs), max(ys)


def _span(floor: FloorPicture, axis: int) -> float:
    extent = _extent(floor)
    return max(extent[axis + 2] - extent[axis], 1.0)


def _draw_floor(floor: FloorPicture, left: float, top: float, scale: float) -> str:
    x0, _, _, y1 = _extent(floor)
    head = _text(left, top + 14, floor.title, 13, weight="bold")
    head += _text(left, top + 29, floor.words, 11.5, fill=_MUTED)
    image_x0, image_y0, image_x1, image_y1 = floor.bounds_m

    def path(rings: Sequence[Ring], look: str) -> str:
        drawn = " ".join(
            "M" + " L".join(f"{x - x0:.2f},{y1 - y:.2f}" for x, y in ring) + " Z" for ring in rings
        )
        return f'<path d="{drawn}" fill-rule="evenodd" {look}/>' if drawn else ""

    data = base64.b64encode(floor.png).decode()
    width = 1 / scale  # one pixel of the picture in metres
    return (
        head
        + f'<g transform="translate({left:.1f},{top + _TITLE:.1f}) scale({scale:.4f})">'
        + path(floor.footprint, f'fill="#e9e9e9" stroke="{_INK}" stroke-width="{width:.4f}"')
        + path(floor.rooms, 'fill="#ffffff"')
        + f'<image x="{image_x0 - x0:.2f}" y="{y1 - image_y1:.2f}"'
        f' width="{image_x1 - image_x0:.2f}" height="{image_y1 - image_y0:.2f}"'
        f' preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        + path(floor.rooms, f'fill="none" stroke="{_INK}" stroke-width="{width * 0.8:.4f}"')
        + "</g>"
    )


def _draw_ramp(ramp: Sequence[RampStep], words: MapWords, top: float) -> str:
    step = 26.0
    drawn = [_text(0, top + 12, words.ramp, 12)]
    for place, item in enumerate(ramp):
        x = place * step
        drawn.append(
            f'<rect x="{x:g}" y="{top + 20:g}" width="{step:g}" height="14" fill="{item.colour}"/>'
        )
        if item.words:
            drawn.append(_text(x, top + 48, item.words, 11, fill=_MUTED))
    drawn.append(
        f'<rect x="0" y="{top + 20:g}" width="{step * len(ramp):g}" height="14" fill="none"'
        f' stroke="{_INK}" stroke-width="0.6"/>'
    )
    x = step * len(ramp) + 34
    keys = (
        (f'fill="#e9e9e9" stroke="{_INK}" stroke-width="0.6"', words.building),
        (f'fill="#ffffff" stroke="{_INK}" stroke-width="0.6"', words.room),
        ("", words.below),
    )
    for row, (look, text) in enumerate(keys):
        y = top + 4 + 19 * row
        if look:
            drawn.append(f'<rect x="{x:g}" y="{y:g}" width="18" height="12" {look}/>')
        else:
            drawn.append(_draw_hatch(x, y))
        drawn.append(_text(x + 25, y + 10.5, text, 12))
    return "".join(drawn)


def _draw_hatch(x: float, y: float) -> str:
    lines = "".join(
        f'<path d="M{x + start:g},{y + 12:g} L{x + start + 6:g},{y:g}" stroke="{_INK}"/>'
        for start in (0, 6, 12)
    )
    box = f'<rect x="{x:g}" y="{y:g}" width="18" height="12" fill="#ffffff" stroke="{_LINE}"/>'
    return box + lines


def _text(  # noqa: PLR0913 - where, what, and how it looks
    x: float, y: float, words: str, size: float, *, anchor: str = "start",
    weight: str = "normal", fill: str = _INK,
) -> str:  # fmt: skip
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
        f' font-weight="{weight}" fill="{fill}" {FONT}>{escape(words)}</text>'
    )


def _frame(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:.0f}"'
        f' width="{width:g}" height="{height:.0f}">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )
