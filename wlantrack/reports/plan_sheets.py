"""A sheet of plan for work on site, as SVG in millimetres of paper: picture, ways, marks, scale.

Decides the scale, how each kind of thing is drawn, and where its name stands so that no name covers
another; refuses to know records and languages.
"""

from __future__ import annotations

import base64
import html
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Point = tuple[float, float]
    Bounds = tuple[float, float, float, float]

WIDTH_MM: Final = 265.0
HEIGHT_MM: Final = 146.0
"""The paper that a sheet may fill, with its foot."""
FOOT_MM: Final = 12.0
_HEAD_MM: Final = 8.0
"""Above the plan: the stamp of one that is schematic."""
SCALES: Final = (25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 5000)
_BARS_M: Final = (1, 2, 5, 10, 20, 50, 100, 200)
_LEAST_BAR_MM: Final = 18.0
_TEXT_MM: Final = 2.5
_ADVANCE_EM: Final = 0.602
"""Width of every letter of DejaVu Sans Mono."""
_MARK_MM: Final = 1.5
"""Half the size of a mark."""
_REACHES_MM: Final = (2.2, 5.0, 9.0, 14.0)
_TURNS_DEG: Final = (0, 180, 90, 270, 45, 135, 315, 225)
"""So far away, and in these directions, a name is tried, the best first."""

LINE_STYLES: Final[Mapping[str, str]] = {
    "room": 'fill="none" stroke="#9aa3ab" stroke-width="0.15"',
    "wall": 'fill="none" stroke="#4a535b" stroke-width="0.35"',
    "tray": 'fill="none" stroke="#0b7285" stroke-width="1.1" stroke-opacity="0.45"',
    "way": 'fill="none" stroke="#c2255c" stroke-width="0.55" stroke-linejoin="round"',
    "straight": 'fill="none" stroke="#c2255c" stroke-width="0.4" stroke-dasharray="1.6 1.1"',
}
MARK_SHAPES: Final[Mapping[str, str]] = {
    "access point": '<circle r="1.5" fill="#1864ab"/><circle r="0.55" fill="white"/>',
    "outlet": '<rect x="-1.2" y="-1.2" width="2.4" height="2.4" fill="white" stroke="#1864ab" stroke-width="0.6"/>',
    "distributor": '<rect x="-1.5" y="-1.5" width="3" height="3" fill="#212529"/>'
    '<path d="M-0.8 -0.5H0.8M-0.8 0.5H0.8" stroke="white" stroke-width="0.35"/>',
    "penetration": '<path d="M0 -1.8L1.8 0L0 1.8L-1.8 0Z" fill="#e8590c"/>'
    '<path d="M-0.6 -0.6L0.6 0.6M0.6 -0.6L-0.6 0.6" stroke="white" stroke-width="0.35"/>',
}


@dataclass(frozen=True)
class Picture:
    """A PNG, and the rectangle in building metres that it fills."""

    png: bytes
    bounds_m: Bounds


@dataclass(frozen=True)
class Line:
    """A line in building metres; ``kind`` is one of :data:`LINE_STYLES`."""

    kind: str
    points_m: tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """Something at a place, with its name; ``kind`` is one of :data:`MARK_SHAPES`."""

    kind: str
    x_m: float
    y_m: float
    label: str


@dataclass(frozen=True)
class SheetWords:
    """What a sheet says in its reader's language; ``legend`` by kind of mark and line."""

    scale: str
    north: str
    schematic: str
    legend: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanSheet:
    """What a sheet shows of a floor, in building metres: x right, y up.

    ``north_deg`` is how far north is turned clockwise from the paper's upper edge, None where nobody
    knows; ``is_schematic`` tells that nothing may be measured on it.
    """

    bounds_m: Bounds
    pictures: tuple[Picture, ...] = ()
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    north_deg: float | None = None
    is_schematic: bool = False


@dataclass(frozen=True)
class Drawing:
    """A sheet as SVG, its size on paper, and the scale that holds there."""

    svg: str
    width_mm: float
    height_mm: float
    denominator: int


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: _Box) -> float:
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True)
class _Name:
    """A name, the middle of its left edge, and whether a line leads from its mark to it."""

    text: str
    box: _Box
    is_far: bool


def _escape(text: str) -> str:
    """Give text as XML may hold it; control characters it may not."""
    return html.escape("".join(letter for letter in text if letter.isprintable()))


def choose_scale(width_m: float, height_m: float) -> int:
    """Give the denominator of the largest usual scale at which so much fits on the paper."""
    free_mm = (WIDTH_MM, HEIGHT_MM - FOOT_MM - _HEAD_MM)
    needed = max(width_m * 1000 / free_mm[0], height_m * 1000 / free_mm[1])
    fitting = (scale for scale in SCALES if scale >= needed)
    return next(fitting, math.ceil(needed / 1000) * 1000)


def draw(sheet: PlanSheet, words: SheetWords) -> Drawing:
    """Draw a sheet; it is as large as what it shows at its scale, with a foot below."""
    x0, y0, x1, y1 = sheet.bounds_m
    denominator = choose_scale(x1 - x0, y1 - y0)
    mm_per_m = 1000 / denominator
    width, height = (x1 - x0) * mm_per_m, (y1 - y0) * mm_per_m

    def to_paper(point_m: Point) -> Point:
        return (point_m[0] - x0) * mm_per_m, (y1 - point_m[1]) * mm_per_m

    parts = [
        *(_draw_picture(picture, to_paper, mm_per_m) for picture in sheet.pictures),
        *(_draw_line(line, to_paper) for line in sheet.lines),
        *_draw_marks(sheet.marks, to_paper, (width, height)),
    ]
    frame = f'<rect width="{width:.2f}" height="{height:.2f}"'
    body = (
        f'<clipPath id="sheet">{frame}/></clipPath>'
        f'<g clip-path="url(#sheet)">{"".join(parts)}</g>'
        f'{frame} fill="none" stroke="#212529" stroke-width="0.25"/>'
        f"{''.join(_draw_foot(sheet, words, denominator, height))}"
    )
    head = _HEAD_MM if sheet.is_schematic else 0.5
    stamp = _draw_stamp(words.schematic) if sheet.is_schematic else ""
    size = max(width, WIDTH_MM), head + height + FOOT_MM
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.2f}mm" height="{size[1]:.2f}mm"'
        f' viewBox="0 0 {size[0]:.2f} {size[1]:.2f}" font-family="DejaVu Sans Mono"'
        f' font-size="{_TEXT_MM}">{stamp}<g transform="translate(0 {head})">{body}</g></svg>'
    )
    return Drawing(svg, *size, denominator)


def _draw_picture(picture: Picture, to_paper: _ToPaper, mm_per_m: float) -> str:
    x0, y0, x1, y1 = picture.bounds_m
    left, top = to_paper((x0, y1))
    data = base64.b64encode(picture.png).decode()
    return (
        f'<image x="{left:.2f}" y="{top:.2f}" width="{(x1 - x0) * mm_per_m:.2f}"'
        f' height="{(y1 - y0) * mm_per_m:.2f}" preserveAspectRatio="none"'
        f' href="data:image/png;base64,{data}"/>'
    )


def _draw_line(line: Line, to_paper: _ToPaper) -> str:
    points = " ".join("{:.2f},{:.2f}".format(*to_paper(point)) for point in line.points_m)
    return f'<polyline points="{points}" {LINE_STYLES[line.kind]}/>'


def _draw_marks(
    marks: Sequence[Mark], to_paper: _ToPaper, paper: tuple[float, float]
) -> Iterator[str]:
    """Draw the marks, and then their names, each where it covers least."""
    places = [to_paper((mark.x_m, mark.y_m)) for mark in marks]
    taken = [_Box(x - _MARK_MM, y - _MARK_MM, 2 * _MARK_MM, 2 * _MARK_MM) for x, y in places]
    for mark, (x, y) in zip(marks, places, strict=True):
        yield f'<g transform="translate({x:.2f} {y:.2f})">{MARK_SHAPES[mark.kind]}</g>'
    for mark, place in zip(marks, places, strict=True):
        name = _place_name(mark.label, place, taken, paper)
        taken.append(name.box)
        yield _draw_name(name, place)


def _place_name(
    text: str, place: Point, taken: Sequence[_Box], paper: tuple[float, float]
) -> _Name:
    width, height = len(text) * _ADVANCE_EM * _TEXT_MM, _TEXT_MM * 1.2
    best: tuple[float, _Name] | None = None
    for reach in _REACHES_MM:
        for turn_deg in _TURNS_DEG:
            turn = math.radians(turn_deg)
            x, y = place[0] + reach * math.cos(turn), place[1] + reach * math.sin(turn)
            x -= width * (1 - round(math.cos(turn), 3)) / 2
            box = _Box(x, y - height / 2 + math.sin(turn) * height / 2, width, height)
            covered = sum(box.overlap(other) for other in taken) + _outside(box, paper)
            name = _Name(text, box, is_far=reach > _REACHES_MM[0])
            if covered == 0:
                return name
            if best is None or covered < best[0]:
                best = covered, name
    assert best is not None  # noqa: S101 - there are directions
    return best[1]


def _outside(box: _Box, paper: tuple[float, float]) -> float:
    return box.width * box.height - box.overlap(_Box(0, 0, *paper))


def _draw_name(name: _Name, place: Point) -> str:
    box = name.box
    text = (
        f'<rect x="{box.x:.2f}" y="{box.y:.2f}" width="{box.width:.2f}" height="{box.height:.2f}"'
        f' fill="#fff" fill-opacity="0.8"/><text x="{box.x:.2f}" y="{box.y + 0.78 * box.height:.2f}">'
        f"{_escape(name.text)}</text>"
    )
    if not name.is_far:
        return text
    end_x = min(max(place[0], box.x), box.x + box.width)
    end_y = min(max(place[1], box.y), box.y + box.height)
    line = f"M{place[0]:.2f} {place[1]:.2f}L{end_x:.2f} {end_y:.2f}"
    return f'<path d="{line}" stroke="#343a40" stroke-width="0.2"/>{text}'


def _draw_stamp(words: str) -> str:
    size = 3.2
    length = len(words) * _ADVANCE_EM * size + 4
    return (
        f'<rect x="0.2" y="0.2" width="{length:.2f}" height="6" fill="#fff" stroke="#c92a2a"'
        f' stroke-width="0.4"/><text x="2" y="4.3" font-size="{size}" font-weight="bold"'
        f' fill="#a61e1e">{_escape(words)}</text>'
    )


def _draw_foot(sheet: PlanSheet, words: SheetWords, denominator: int, top: float) -> Iterator[str]:
    """Draw scale bar, north arrow and legend below the plan."""
    mm_per_m = 1000 / denominator
    bar_m = next((bar for bar in _BARS_M if bar * mm_per_m >= _LEAST_BAR_MM), _BARS_M[-1])
    half, y = bar_m * mm_per_m / 2, top + 5.5
    yield (
        f'<path d="M0.2 {y}h{2 * half:.2f}v1.4h-{2 * half:.2f}Z" fill="#fff" stroke="#212529"'
        f' stroke-width="0.2"/><path d="M0.2 {y}h{half:.2f}v1.4h-{half:.2f}Z" fill="#212529"/>'
        f'<text x="0" y="{y - 1}">0</text><text x="{2 * half:.2f}" y="{y - 1}"'
        f' text-anchor="middle">{bar_m} m</text>'
        f'<text x="0" y="{y + 5}">{_escape(words.scale)} 1:{denominator}</text>'
    )
    x = 2 * half + 12
    if sheet.north_deg is not None:
        yield (
            f'<g transform="translate({x + 3:.2f} {top + 6.5:.2f})">'
            f'<g transform="rotate({sheet.north_deg:.1f})"><path d="M0 -4L2 3.4L0 1.8L-2 3.4Z"'
            f' fill="#212529"/></g><text x="4.5" y="1">{_escape(words.north)}</text></g>'
        )
        x += 10 + len(words.north) * _ADVANCE_EM * _TEXT_MM + 6
    yield from _draw_legend(sheet, words, x, top)


def _draw_legend(sheet: PlanSheet, words: SheetWords, left: float, top: float) -> Iterator[str]:
    x, y = left, top + 4.0
    kinds = {mark.kind for mark in sheet.marks} | {line.kind for line in sheet.lines}
    for kind, text in words.legend.items():
        if kind not in kinds:
            continue
        width = 6 + len(text) * _ADVANCE_EM * _TEXT_MM + 4
        if x + width > WIDTH_MM and x > left:
            x, y = left, y + 5.0
        sign = MARK_SHAPES.get(kind) or f'<path d="M-2 0H2" {LINE_STYLES[kind]}/>'
        yield (
            f'<g transform="translate({x + 2:.2f} {y:.2f})">{sign}'
            f'<text x="3.4" y="0.9">{_escape(text)}</text></g>'
        )
        x += width


if TYPE_CHECKING:
    from collections.abc import Callable

    _ToPaper = Callable[[Point], Point]
