"""What is written on a floor plan: rooms, streets, dimensions, title, scale and north.

Decides where words stand and how large they are. Refuses to know walls and furniture.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from floorplans.drawing import NAME_ROOM_M
from floorplans.layout import CIRCULATION, Kind
from floorplans.sheet import FLOOR, HALLWAY, INK, LINE, between, to_metres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from floorplans.layout import Tile
    from floorplans.sheet import Point, Sheet

_PITCH_M = 0.64
_WITH_AREA = frozenset({Kind.OFFICE, Kind.MEETING, Kind.COUNCIL, Kind.PUBLIC, Kind.STORAGE})


def draw_labels(sheet: Sheet, tiles: Sequence[Tile], areas_m2: Mapping[str, float]) -> None:
    """Write number, name and clear area into every room."""
    seen: set[str] = set()
    for tile in tiles:
        if tile.kind is Kind.SHAFT or tile.number in seen:
            continue
        seen.add(tile.number)
        if tile.kind is Kind.CORRIDOR:
            _label_corridor(sheet, tile)
        elif tile.kind in {Kind.LIFT, Kind.STAIRS}:
            _label_core(sheet, tile)
        else:
            _label_room(sheet, tile, areas_m2[tile.number])


def _label_corridor(sheet: Sheet, tile: Tile) -> None:
    x0, y0, x1, y1 = to_metres(tile.box)
    is_upright = y1 - y0 > x1 - x0
    aside_m = 0.0 if is_upright else 0.1 * (x1 - x0)
    at = ((x0 + x1) / 2 - aside_m, (y0 + y1) / 2)
    sheet.text(at, f"{tile.name} {tile.number}", 0.42, LINE, upright=is_upright)


def _label_core(sheet: Sheet, tile: Tile) -> None:
    x0, y0, x1, y1 = to_metres(tile.box)
    at = (x0 + x1) / 2, (y0 + y1) / 2
    sheet.fill((at[0] - 0.72, at[1] - 0.3, at[0] + 0.72, at[1] + 0.3), FLOOR)
    sheet.text(at, tile.number, 0.36)


def _label_room(sheet: Sheet, tile: Tile, area_m2: float) -> None:
    width_m = (tile.box.x1 - tile.box.x0) / 100
    lines = [tile.number, *_wrap(sheet, tile.name, width_m - 0.7)]
    if tile.kind in _WITH_AREA:
        lines.append(f"{area_m2:.0f} m²")
    ground = HALLWAY if tile.kind in CIRCULATION else FLOOR
    centre = _label_centre(tile)
    _clear(sheet, centre, min(width_m - 0.3, _measure(sheet, lines)), len(lines), ground)
    _stack(sheet, centre, lines)


def _label_centre(tile: Tile) -> Point:
    """Give the middle of a room, moved to where its furniture leaves space."""
    x0, y0, x1, y1 = to_metres(tile.box)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    if tile.kind is Kind.COUNCIL:
        return x + 0.9, y
    if tile.kind is Kind.MEETING:
        return x, y0 + NAME_ROOM_M / 2
    if tile.kind is Kind.SANITARY:
        return x, y0 + 2.2
    return (x, y0 + 0.75) if tile.name == "Treppenhalle" else (x, y)


def _measure(sheet: Sheet, lines: Sequence[str]) -> float:
    return max(sheet.text_width_m(line, 0.36) for line in lines) + 0.1


def _clear(sheet: Sheet, centre: Point, width_m: float, lines: int, ground: int) -> None:
    x, y, half = *centre, _PITCH_M * lines / 2
    sheet.fill((x - width_m / 2, y - half, x + width_m / 2, y + half), ground)


def _stack(sheet: Sheet, centre: Point, lines: Sequence[str]) -> None:
    top = centre[1] + _PITCH_M * len(lines) / 2
    for n, line in enumerate(lines):
        height, grey = (0.48, INK) if n == 0 else (0.34, LINE)
        sheet.text((centre[0], top - _PITCH_M * (n + 0.5)), line, height, grey)


def _wrap(sheet: Sheet, name: str, width_m: float) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and sheet.text_width_m(longer, 0.34) <= width_m:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw_surroundings(sheet: Sheet, width_m: float, height_m: float) -> None:
    """Write the streets around, and the overall dimensions."""
    middle_x, middle_y = width_m / 2, height_m / 2
    sheet.text((middle_x, -4.4), "Marktplatz", 0.9, LINE)
    sheet.text((middle_x, height_m + 3.2), "Eichstraße", 0.9, LINE)
    sheet.text((-6.4, middle_y), "Hirschstraße", 0.9, LINE, upright=True)
    sheet.text((width_m + 3.2, middle_y), "Münzstraße", 0.9, LINE, upright=True)
    draw_dimensions(sheet, width_m, height_m)


def draw_dimensions(sheet: Sheet, width_m: float, height_m: float) -> None:
    """Draw the overall dimensions below and to the left."""
    _dimension(sheet, (0.0, -1.8), (width_m, -1.8), f"{width_m:.2f} m".replace(".", ","))
    _dimension(sheet, (-1.8, 0.0), (-1.8, height_m), f"{height_m:.2f} m".replace(".", ","))


def _dimension(sheet: Sheet, start: Point, end: Point, words: str) -> None:
    is_upright = start[0] == end[0]
    sheet.line((start, end), LINE)
    for x, y in (start, end):
        sheet.line(((x - 0.45, y - 0.45), (x + 0.45, y + 0.45)), INK, 0.06)
        reach = ((x - 0.7, y), (x + 0.7, y)) if is_upright else ((x, y - 0.7), (x, y + 0.7))
        sheet.line(reach, LINE)
    middle = between(start, end, 0.5)
    at = (middle[0] - 0.9, middle[1]) if is_upright else (middle[0], middle[1] - 0.9)
    sheet.text(at, words, 0.5, LINE, upright=is_upright)


def draw_legend(sheet: Sheet, title: str, notes: Sequence[str], width_m: float) -> None:
    """Draw the title, the notes and the scale bar below the plan."""
    sheet.line(((0.0, -6.6), (width_m, -6.6)), INK, 0.06)
    half = sheet.text_width_m(title, 1.1) / 2
    sheet.text((half, -8.6), title, 1.1)
    for n, note in enumerate(notes):
        half = sheet.text_width_m(note, 0.5) / 2
        sheet.text((half, -10.6 - n * 1.1), note, 0.5, LINE)
    _draw_scale_bar(sheet, width_m - 30.0, -10.4)


def _draw_scale_bar(sheet: Sheet, x_m: float, y_m: float) -> None:
    steps = (0, 1, 2, 3, 4, 5, 10, 15, 20)
    for n, (low, high) in enumerate(pairwise(steps)):
        box = (x_m + low, y_m, x_m + high, y_m + 0.5)
        sheet.fill(box, INK if n % 2 == 0 else FLOOR)
        sheet.frame(box, INK)
    for mark in (0, 5, 10, 20):
        sheet.text((x_m + mark, y_m - 0.9), f"{mark} m", 0.5)


def draw_north_arrow(sheet: Sheet, centre: Point, rotation_deg: float) -> None:
    """Draw an arrow to grid north; the frame's x axis is turned by the rotation against east."""
    angle = math.radians(90.0 - rotation_deg)
    ahead, aside = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))

    def point(along: float, across: float) -> Point:
        return (
            centre[0] + along * ahead[0] + across * aside[0],
            centre[1] + along * ahead[1] + across * aside[1],
        )

    sheet.circle(centre, 1.9, LINE)
    sheet.polygon((point(1.9, 0), point(-1.2, 0.75), point(-0.7, 0)), INK)
    sheet.line((point(1.9, 0), point(-1.2, -0.75), point(-0.7, 0)), INK)
    sheet.text(point(2.6, 0), "N", 0.7)
