"""Doors and windows, and the walls that they are cut into.

Decides where a room is entered and where it has light. Refuses to know which rooms exist.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from floorplans.layout import (
    CIRCULATION,
    THICKNESS_CM,
    Edge,
    Kind,
    Opening,
    Wall,
    choose_material,
    list_edges,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from floorplans.layout import Tile

_WITHOUT_WINDOW = frozenset({Kind.LIFT, Kind.SHAFT, Kind.TECHNICAL, Kind.STAIRS})
_WITHOUT_DOOR = frozenset({Kind.SHAFT, Kind.VOID}) | CIRCULATION


class DoorRule(NamedTuple):
    """How a kind of room is entered."""

    width: int = 90
    leaves: int = 1
    material: str = "wood-door"


_DOORS = {
    Kind.COUNCIL: DoorRule(160, 2),
    Kind.PUBLIC: DoorRule(160, 2),
    Kind.STAIRS: DoorRule(120, 1, "steel-door"),
    Kind.TECHNICAL: DoorRule(100, 1, "steel-door"),
    Kind.LIFT: DoorRule(110, 0, "steel-door"),
    Kind.SANITARY: DoorRule(80),
}
_TWO_DOORS_FROM_CM = 1000
_JAMB_CM = 45


def place_doors(edges: Sequence[Edge]) -> dict[Edge, list[Opening]]:
    """Give every closed room its doors, on its longest edge with a corridor or foyer.

    Stairs are entered at their narrow end, where the landing is.
    """
    access: dict[Tile, Edge] = {}
    for edge in edges:
        for room, other in zip(edge.tiles, reversed(edge.tiles), strict=True):
            is_way_in = room.kind not in _WITHOUT_DOOR and other.kind in CIRCULATION
            if is_way_in and (room not in access or _is_better(room, edge, access[room])):
                access[room] = edge
    doors: dict[Edge, list[Opening]] = defaultdict(list)
    for index, (room, edge) in enumerate(access.items()):
        doors[edge] += _doors_of(room, edge, is_late=index % 2 == 1)
    return doors


def _is_better(room: Tile, edge: Edge, known: Edge) -> bool:
    if room.kind is Kind.STAIRS:
        return edge.length < known.length
    return edge.length > known.length


def _doors_of(room: Tile, edge: Edge, *, is_late: bool) -> list[Opening]:
    rule = _DOORS.get(room.kind, DoorRule())
    swing = 1 if edge.after == room else -1
    if room.kind is Kind.LIFT or edge.length < rule.width + 2 * _JAMB_CM:
        middle = (edge.start + edge.end) // 2
        starts = [middle - rule.width // 2]
    elif rule.leaves == 2 and edge.length >= _TWO_DOORS_FROM_CM:
        quarter = edge.length // 5
        starts = [edge.start + quarter, edge.end - quarter - rule.width]
    elif rule.leaves == 2:
        starts = [(edge.start + edge.end - rule.width) // 2]
    else:
        starts = [edge.end - _JAMB_CM - rule.width if is_late else edge.start + _JAMB_CM]
    return [Opening(s, s + rule.width, rule.material, rule.leaves, swing, is_late) for s in starts]


_WINDOW_CM = 200
_WINDOW_EVERY_CM = 350
_PIER_CM = 60


def place_windows(edge: Edge) -> list[Opening]:
    """Give the windows of an outer edge, evenly spaced."""
    (tile,) = edge.tiles
    if tile.kind in _WITHOUT_WINDOW:
        return []
    count = max(1, edge.length // _WINDOW_EVERY_CM)
    bay = edge.length / count
    wanted = 90 if tile.kind is Kind.SANITARY else _WINDOW_CM
    width = min(wanted, int(bay) - 2 * _PIER_CM)
    if width < _PIER_CM:
        return []
    starts = [round(edge.start + bay * (n + 0.5) - width / 2) for n in range(count)]
    return [Opening(start, start + width, "glass-low-e") for start in starts]


def place_screen(edge: Edge) -> list[Opening]:
    """Give the glazed smoke door between the corridors of two wings."""
    middle = (edge.start + edge.end) // 2
    return [Opening(middle - 80, middle + 80, "glass-6", leaves=2, swing=1)]


def build_walls(
    tiles: Sequence[Tile], entrances: Iterable[tuple[bool, int, Opening]] = ()
) -> list[Wall]:
    """Turn tiles into walls with doors and windows.

    ``entrances`` are (is_vertical, line, opening): outer doors that replace the windows there.
    """
    edges = list_edges(tiles)
    doors = place_doors(edges)
    outer = list(entrances)
    walls: list[Wall] = []
    for edge in edges:
        material = choose_material(edge)
        if material is None:
            continue
        openings = list(doors.get(edge, ()))
        if edge.is_outside:
            ways_in = [o for v, line, o in outer if (v, line) == edge[:2] and _holds(edge, o)]
            openings = ways_in + [w for w in place_windows(edge) if not _hits(w, ways_in)]
        elif {tile.kind for tile in edge.tiles} <= CIRCULATION:
            openings = place_screen(edge)
        walls += _cut(edge, material, openings)
    return _join(walls)


def _holds(edge: Edge, opening: Opening) -> bool:
    return edge.start <= opening.start and opening.end <= edge.end


def _hits(opening: Opening, others: Iterable[Opening]) -> bool:
    return any(opening.start < other.end and other.start < opening.end for other in others)


def _cut(edge: Edge, material: str, openings: Iterable[Opening]) -> list[Wall]:
    host = THICKNESS_CM[material]
    solid = Wall(edge.is_vertical, edge.line, edge.start, edge.end, material, host)
    pieces: list[Wall] = []
    at = edge.start
    for opening in sorted(openings):
        pieces.append(replace(solid, start=at, end=opening.start))
        pieces.append(
            replace(
                solid,
                start=opening.start,
                end=opening.end,
                material=opening.material,
                opening=opening,
            )
        )
        at = opening.end
    pieces.append(replace(solid, start=at))
    return [piece for piece in pieces if piece.end > piece.start]


def _join(walls: Sequence[Wall]) -> list[Wall]:
    """Merge solid pieces that continue one another."""
    joined: list[Wall] = []
    for wall in walls:
        last = joined[-1] if joined else None
        if (
            last
            and last.end == wall.start
            and replace(last, end=wall.end, start=0) == replace(wall, start=0)
        ):
            joined[-1] = replace(last, end=wall.end)
        else:
            joined.append(wall)
    return joined


class Leaf(NamedTuple):
    """A door leaf in metres: its hinge, and the arc from the open to the closed end."""

    hinge: tuple[float, float]
    arc: list[tuple[float, float]]


_ARC_STEPS = 16


def trace_leaves(wall: Wall) -> list[Leaf]:
    """Give the leaves of a door piece, standing open at a right angle."""
    opening = wall.opening
    if opening is None or opening.leaves == 0:
        return []
    start, end = wall.start / 100, wall.end / 100
    if opening.leaves == 1:
        hinge, tip = (end, start) if opening.is_hinged_at_end else (start, end)
        return [_trace_leaf(wall, opening.swing, hinge, tip)]
    middle = (start + end) / 2
    return [
        _trace_leaf(wall, opening.swing, start, middle),
        _trace_leaf(wall, opening.swing, end, middle),
    ]


def _trace_leaf(wall: Wall, swing: int, hinge: float, tip: float) -> Leaf:
    face = (wall.line + swing * wall.host_cm / 2) / 100
    reach = tip - hinge

    def point(along: float, across: float) -> tuple[float, float]:
        return (across, along) if wall.is_vertical else (along, across)

    angles = (math.pi / 2 * (1 - n / _ARC_STEPS) for n in range(_ARC_STEPS + 1))
    arc = [
        point(hinge + reach * math.cos(a), face + swing * abs(reach) * math.sin(a)) for a in angles
    ]
    return Leaf(point(hinge, face), arc)
