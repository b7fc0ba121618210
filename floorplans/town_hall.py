"""The town hall as plain records: what ``town_hall.json`` holds.

Decides the keys and units of that file. Refuses to know how the plan is drawn.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import Polygon

from floorplans import access_points, wings
from floorplans.layout import THICKNESS_CM, Kind, Wall
from floorplans.openings import build_walls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from floorplans.layout import Tile

Record = dict[str, Any]

ROTATION_DEG = 38.0
"""Angle of the frame's x axis against grid east, counterclockwise."""
ORIGIN_EASTING_M, ORIGIN_NORTHING_M = 513041.9, 5402437.4
"""The frame's origin in EPSG:25832; the building's middle is then near 48.7753 N 9.1777 E."""

SLAB_MATERIAL = "concrete-200"
USES = {
    Kind.FOYER: "public",
    Kind.LIFT: "other",
    Kind.SHAFT: "technical",
    Kind.KITCHEN: "other",
}
"""Uses that are named otherwise than the kind of tile."""
_PIERCING = frozenset({Kind.STAIRS, Kind.LIFT, Kind.SHAFT, Kind.VOID})


def list_walls(level: int, tiles: Sequence[Tile]) -> list[Wall]:
    """Give all walls of a floor, its entrances and low screens included."""
    if level != 0:
        return build_walls(tiles)
    screens = [
        Wall(True, x, y0, y1, "chipboard-19", THICKNESS_CM["chipboard-19"], top_cm=height)  # noqa: FBT003 (is_vertical is the first field of a wall)
        for x, height, y0, y1 in wings.LOW_SCREENS_CM
    ]
    return build_walls(tiles, wings.ENTRANCES) + screens


def outline_rooms(tiles: Sequence[Tile], walls: Sequence[Wall]) -> dict[str, Polygon]:
    """Give the clear floor of every room, from wall face to wall face, by its number."""
    bodies = shapely.union_all(
        [shapely.box(*wall.body(wall.host_cm / 2)) for wall in walls if wall.top_cm is None]
    )
    boxes: dict[str, list[Polygon]] = {}
    for tile in tiles:
        boxes.setdefault(tile.number, []).append(shapely.box(*tile.box))
    return {
        number: _largest(shapely.union_all(parts).difference(bodies))
        for number, parts in boxes.items()
    }


def _largest(shape: BaseGeometry) -> Polygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area)


def outline_slab(level: int, outlines: Mapping[str, Polygon], tiles: Sequence[Tile]) -> Polygon:
    """Give the slab one stands on: the building less its courtyard and what pierces the floor."""
    slab = shapely.box(0, 0, wings.WIDTH_CM, wings.DEPTH_CM)
    holes: list[BaseGeometry] = [shapely.box(*wings.COURTYARD)]
    if level > 0:
        holes.append(shapely.box(*wings.ATRIUM))
        holes += [outlines[tile.number] for tile in tiles if tile.kind in _PIERCING]
    return _largest(slab.difference(shapely.union_all(holes)))


def to_wkt(polygon_cm: Polygon) -> str:
    """Give a polygon in metres as WKT, its corners in a fixed order."""
    metres = shapely.transform(polygon_cm, lambda xy: xy / 100)
    tidy = shapely.normalize(shapely.simplify(metres, 0.001))
    return str(shapely.to_wkt(tidy, rounding_precision=3, trim=True))


def describe_building(plans: Mapping[int, Record]) -> Record:
    """Give the whole building, with a plan file's record per level."""
    return {
        "building": {
            "code": "RH",
            "name": "Rathaus",
            "address": "Marktplatz 1, 70173 Stuttgart",
            "is_public": True,
            "is_listed": True,
            "is_schematic": True,
            "crs": "EPSG:25832",
            "origin_easting_m": ORIGIN_EASTING_M,
            "origin_northing_m": ORIGIN_NORTHING_M,
            "rotation_deg": ROTATION_DEG,
            "outline_wkt": to_wkt(outline_slab(0, {}, [])),
        },
        "wings": [
            {"code": code, "name": name, "outline_wkt": _wing_outline(code)}
            for code, name in wings.WING_NAMES.items()
        ],
        "floors": [_describe_floor(level, plans[level]) for level in wings.LEVELS],
        "room_groups": [
            {
                "code": "FRAKTIONEN",
                "name": "Fraktionsräume",
                "rooms": [
                    {"level": level, "number": tile.number}
                    for level in wings.LEVELS
                    for tile in wings.list_tiles(level)
                    if tile.name.startswith("Fraktion")
                ],
            }
        ],
        "access_points": access_points.describe(),
    }


def _wing_outline(code: str) -> str:
    return to_wkt(Polygon(wings.WING_OUTLINES_CM[code]))


def _describe_floor(level: int, plan: Record) -> Record:
    tiles = wings.list_tiles(level)
    walls = list_walls(level, tiles)
    outlines = outline_rooms(tiles, walls)
    elevation_m = round(sum(wings.HEIGHTS_M[:level]), 3)
    return {
        "level": level,
        "name": wings.FLOOR_NAMES[level],
        "height_m": wings.HEIGHTS_M[level],
        "elevation_m": elevation_m,
        "slab": {
            "material": SLAB_MATERIAL,
            "z_m": elevation_m,
            "outline_wkt": to_wkt(outline_slab(level, outlines, tiles)),
        },
        "plan": plan,
        "walls": [_describe_wall(wall) for wall in walls],
        "rooms": _describe_rooms(tiles, outlines),
    }


def _describe_wall(wall: Wall) -> Record:
    x1, y1, x2, y2 = (value / 100 for value in wall.ends)
    return {
        "x1_m": x1,
        "y1_m": y1,
        "x2_m": x2,
        "y2_m": y2,
        "material": wall.material,
        "thickness_m": THICKNESS_CM[wall.material] / 100,
        "bottom_m": 0.0,
        "top_m": None if wall.top_cm is None else wall.top_cm / 100,
    }


def _describe_rooms(tiles: Iterable[Tile], outlines: Mapping[str, Polygon]) -> list[Record]:
    rooms: dict[str, Record] = {}
    for tile in tiles:
        if tile.kind is not Kind.VOID:
            rooms.setdefault(
                tile.number,
                {
                    "number": tile.number,
                    "name": tile.name,
                    "wing": tile.wing,
                    "use": USES.get(tile.kind, str(tile.kind)),
                    "seats": tile.seats,
                    "public": tile.is_public,
                    "secure": tile.is_secure,
                    "conference_equipment": tile.conference,
                    "polygon_wkt": to_wkt(outlines[tile.number]),
                },
            )
    return list(rooms.values())


def dump(document: Record) -> str:
    """Give JSON with one record a line, so that a change can be read in a diff."""
    return _dump(document, "") + "\n"


def _dump(value: object, indent: str) -> str:
    if isinstance(value, dict) and any(_is_nested(item) for item in value.values()):
        inner = f",\n{indent} ".join(
            f"{json.dumps(key)}: {_dump(item, indent + ' ')}" for key, item in value.items()
        )
        return f"{{\n{indent} {inner}\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        inner = f",\n{indent} ".join(_dump(item, indent + " ") for item in value)
        return f"[\n{indent} {inner}\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def _is_nested(value: object) -> bool:
    is_table = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    return is_table or (isinstance(value, dict) and len(value) > 3)
