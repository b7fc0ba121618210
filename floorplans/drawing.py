"""The look of walls, stairs and furniture: an architect's neat line drawing in greys.

Decides line widths, hatches and furniture. Refuses to know which rooms exist: it draws tiles and
walls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorplans.layout import CIRCULATION, Kind
from floorplans.openings import trace_leaves
from floorplans.sheet import COURT, FLOOR, FURNITURE, HALLWAY, INK, LINE, THIN, WALL, to_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from floorplans.layout import Tile, Wall
    from floorplans.sheet import Rectangle, Sheet


def draw_ground(sheet: Sheet, tiles: Sequence[Tile]) -> None:
    """Tint the floors of rooms and corridors."""
    for tile in tiles:
        grey = HALLWAY if tile.kind in CIRCULATION else FLOOR
        sheet.fill(to_metres(tile.box), grey)


def draw_courtyard(sheet: Sheet, box: Sequence[float]) -> None:
    """Draw the courtyard with paths, a fountain and trees."""
    x0, y0, x1, y1 = to_metres(box)
    sheet.fill((x0, y0, x1, y1), COURT)
    middle = (x0 + x1) / 2, (y0 + y1) / 2
    for low, high in ((y0 + 4, middle[1] - 3), (middle[1] + 3, y1 - 4)):
        for left, right in ((x0 + 4, middle[0] - 3), (middle[0] + 3, x1 - 4)):
            sheet.fill((left, low, right, high), 226)
            sheet.frame((left, low, right, high), FURNITURE)
            for n in range(3):
                tree = left + (right - left) * (n + 0.5) / 3, (low + high) / 2
                sheet.circle(tree, 2.2, 170, 214)
                sheet.circle(tree, 0.25, 120, 120)
    sheet.circle(middle, 2.0, 150, 220)
    sheet.circle(middle, 0.7, 150, 255)


def draw_walls(sheet: Sheet, walls: Sequence[Wall]) -> None:
    """Draw solid walls filled, then windows and doors in their gaps."""
    for wall in walls:
        if wall.opening is None and wall.top_cm is None:
            sheet.fill(to_metres(wall.body(extension_cm=wall.host_cm / 2)), WALL)
    for wall in walls:
        if wall.opening is not None:
            _draw_opening(sheet, wall)
        elif wall.top_cm is not None:
            sheet.fill(to_metres(wall.body()), THIN)


def _draw_opening(sheet: Sheet, wall: Wall) -> None:
    opening = wall.opening
    if opening is None:
        return
    body = to_metres(wall.body())
    sheet.fill(body, FLOOR)
    if opening.leaves == 0:
        sheet.frame(body)
        x1, y1, x2, y2 = to_metres(wall.ends)
        sheet.line(((x1, y1), (x2, y2)))
        return
    for leaf in trace_leaves(wall):
        sheet.line((leaf.hinge, leaf.arc[0]), INK, 0.05)
        sheet.line(leaf.arc, THIN, 0.02)


def draw_fittings(sheet: Sheet, tiles: Sequence[Tile]) -> None:
    """Draw stairs, lifts, shafts, cubicles, tables and chairs."""
    painters = {
        Kind.STAIRS: _draw_stairs,
        Kind.LIFT: _draw_cross,
        Kind.SHAFT: _draw_cross,
        Kind.VOID: _draw_void,
        Kind.SANITARY: _draw_cubicles,
        Kind.COUNCIL: _draw_seats,
        Kind.MEETING: _draw_table,
    }
    for tile in tiles:
        painter = painters.get(tile.kind)
        if painter is not None:
            painter(sheet, to_metres(tile.box))


def _draw_stairs(sheet: Sheet, box: Rectangle) -> None:
    x0, y0, x1, y1 = box
    middle = (x0 + x1) / 2
    low, high = y0 + 1.6, y1 - 1.4
    count = round((high - low) / 0.3)
    for n in range(count + 1):
        y = low + (high - low) * n / count
        sheet.line(((x0 + 0.1, y), (x1 - 0.1, y)), THIN, 0.02)
    sheet.fill((middle - 0.08, low, middle + 0.08, high), FLOOR)
    sheet.frame((middle - 0.08, low, middle + 0.08, high), THIN)
    left, right = (x0 + middle) / 2, (middle + x1) / 2
    sheet.line(((right, low - 0.4), (right, high + 0.6), (left, high + 0.6), (left, low)), LINE)
    sheet.polygon(((left, low - 0.35), (left - 0.15, low), (left + 0.15, low)), LINE)


def draw_open_stair(sheet: Sheet, box: Sequence[float], *, is_ground: bool) -> None:
    """Draw the grand stair, and above the ground floor the opening that it rises in."""
    x0, y0, x1, y1 = to_metres(box)
    middle = (y0 + y1) / 2
    if not is_ground:
        sheet.fill((x0, y0, x1, y1), FLOOR)
        sheet.dashes((x0, y0), (x1, y1))
        sheet.dashes((x0, y1), (x1, y0))
    low, high = (middle - 1.1, middle + 1.1)
    sheet.fill((x0 + 1.0, low, x1 - 1.0, high), FLOOR)
    count = round((x1 - x0 - 2.0) / 0.32)
    for n in range(count + 1):
        x = x0 + 1.0 + (x1 - x0 - 2.0) * n / count
        sheet.line(((x, low), (x, high)), THIN, 0.02)
    sheet.frame((x0 + 1.0, low, x1 - 1.0, high), LINE)
    sheet.line(((x0 + 0.6, middle), (x1 - 1.2, middle)), LINE)
    tip = x1 - 0.9
    sheet.polygon(((tip, middle), (tip - 0.35, middle - 0.15), (tip - 0.35, middle + 0.15)), LINE)
    if not is_ground:
        sheet.frame((x0, y0, x1, y1), INK)


def _draw_cross(sheet: Sheet, box: Rectangle) -> None:
    x0, y0, x1, y1 = box[0] + 0.2, box[1] + 0.2, box[2] - 0.2, box[3] - 0.2
    sheet.frame((x0, y0, x1, y1), THIN)
    sheet.line(((x0, y0), (x1, y1)), THIN)
    sheet.line(((x0, y1), (x1, y0)), THIN)


def _draw_void(sheet: Sheet, box: Rectangle) -> None:
    x0, y0, x1, y1 = box
    sheet.dashes((x0, y0), (x1, y1))
    sheet.dashes((x0, y1), (x1, y0))


def _draw_cubicles(sheet: Sheet, box: Rectangle) -> None:
    """Draw two cubicles and two basins, clear of doors at either end."""
    left, right = box[0] + 0.1, box[2] - 0.35
    low, high = box[3] - 3.1, box[3] - 1.3
    middle = (low + high) / 2
    for y in (low, middle, high):
        sheet.line(((left, y), (left + 1.4, y)), THIN)
    for y in (low + 0.45, middle + 0.45):
        sheet.circle((left + 0.4, y), 0.22, THIN)
        sheet.circle((right, y), 0.18, THIN)
    sheet.line(((left + 1.4, low), (left + 1.4, high)), THIN)


NAME_ROOM_M = 3.0
"""Depth that a meeting room keeps free for its name, below the table."""


def _draw_table(sheet: Sheet, box: Rectangle) -> None:
    """Draw a long table with chairs above the room's name."""
    x0, y0, x1, y1 = box[0] + 1.5, box[1] + NAME_ROOM_M + 0.3, box[2] - 1.5, box[3] - 1.2
    is_wide = x1 - x0 >= y1 - y0
    centre = (x0 + x1) / 2, (y0 + y1) / 2
    half_length, half_width = min(5.0, max(x1 - x0, y1 - y0) / 2), 0.6
    chairs = max(2, int(half_length / 0.45))
    for n in range(chairs):
        along = ((n + 0.5) / chairs * 2 - 1) * half_length
        for across in (-half_width - 0.35, half_width + 0.35):
            x, y = (along, across) if is_wide else (across, along)
            sheet.circle((centre[0] + x, centre[1] + y), 0.22, FURNITURE)
    reach = (half_length, half_width) if is_wide else (half_width, half_length)
    table = (centre[0] - reach[0], centre[1] - reach[1], centre[0] + reach[0], centre[1] + reach[1])
    sheet.fill(table, FLOOR)
    sheet.frame(table, FURNITURE)


def _draw_seats(sheet: Sheet, box: Rectangle) -> None:
    """Draw the rows of a council hall, facing the chair's table on the left."""
    x0, y0, x1, y1 = box
    desk = (x0 + 1.4, y0 + 2.4, x0 + 2.2, y1 - 2.4)
    sheet.frame(desk, FURNITURE)
    for column in range(int((x1 - x0 - 5.0) / 1.5)):
        x = x0 + 4.0 + column * 1.5
        for y in (*_steps(y0 + 1.2, 2), *_steps(y1 - 1.2 - 2 * 0.95, 2)):
            sheet.frame((x, y, x + 0.5, y + 0.9), FURNITURE)
            sheet.circle((x + 0.8, y + 0.45), 0.2, FURNITURE)


def _steps(start: float, count: int) -> list[float]:
    return [start + n * 0.95 for n in range(count)]
