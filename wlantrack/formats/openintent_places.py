"""Floor plans, walls and areas of an OpenIntent project; sandbox only.

Decides which unit a coordinate has where the format leaves it out, and what a wall loses whose
material has only a name. The format's origin is the lower left corner already.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.loose_values import (
    find_number,
    find_point,
    find_text,
    find_value,
    list_items,
)
from wlantrack.formats.projects import (
    Bands,
    Points,
    ProjectArea,
    ProjectClutter,
    ProjectFloor,
    ProjectWall,
    ProjectWallType,
)
from wlantrack.radio.materials import P2040_CLASSES, Layer, compute_loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wlantrack.formats.loose_values import Item
    from wlantrack.formats.notes import Notes

UNITS_M: Final = {"meters": 1.0, "metres": 1.0, "m": 1.0, "feet": 0.3048, "ft": 0.3048}
ASSUMED_LOSS_DB: Bands = (4.0, 4.0, 4.0)
ASSUMED_THICKNESS_M: Final = {"concrete": 0.2, "brick": 0.24, "glass": 0.006, "metal": 0.001}
LEAST_WALL_M: Final = 0.001
_PARTITION_M: Final = 0.1
_GROUND: Final = re.compile(r"(ground|eg|erdgeschoss|g)\b", re.IGNORECASE)
_LEVEL: Final = re.compile(
    r"(?:floor|level|etage|og)?[\s_-]*(-?[0-9]{1,2})(?:st|nd|rd|th)?\b", re.IGNORECASE
)


@dataclass(frozen=True)
class OpenPlan:
    """A floor plan: the floor, its source, and what one unit of a coordinate measures."""

    floor: ProjectFloor
    item: Item
    unit: str
    metres_by_unit: dict[str, float]

    def place(self, item: object, *path: str) -> tuple[float, float] | None:
        """Give a point in metres; without a unit it has that of the plan's first dimension."""
        point = find_point(item, *path)
        unit = find_text(item, *path, "unit").lower() or self.unit
        metres = self.metres_by_unit.get(unit)
        if point is None or metres is None:
            return None
        return round(point[0] * metres, 6), round(point[1] * metres, 6)


def read_plan(item: Item, buildings: Mapping[str, str], notes: Notes) -> OpenPlan | None:
    """Give a floor plan, None if it has no name."""
    name = find_text(item, "name")
    if not name:
        return None
    sizes: dict[str, tuple[float, float]] = {}
    heights_m = []
    for entry in list_items(item, "dimensions"):
        unit = find_text(entry, "unit").lower()
        width, length = find_number(entry, "width"), find_number(entry, "length")
        height = find_number(entry, "height")
        if width is not None and length is not None and width > 0 and length > 0:
            sizes.setdefault(unit, (width, length))
        if height is not None and unit in UNITS_M and height > 0:
            heights_m.append(height * UNITS_M[unit])
    size_m = next(
        (
            (w * UNITS_M[unit], h * UNITS_M[unit])
            for unit, (w, h) in sizes.items()
            if unit in UNITS_M
        ),
        None,
    )
    metres_by_unit = dict(UNITS_M) if size_m else {}
    if size_m and "pixels" in sizes:
        metres_by_unit["pixels"] = size_m[0] / sizes["pixels"][0]
    if size_m is None:
        notes.add(
            Problem(
                msg("The plan has no scale: what is drawn on it is not imported."),
                msg("Give its dimensions in meters or feet, too."),
                field="floorplans",
                value=name,
            )
        )
    floor = ProjectFloor(
        key=name,
        name=name,
        building=buildings.get(name) or find_text(item, "project_name") or None,
        level=_read_level(find_text(item, "floor_id")),
        height_m=heights_m[0] if heights_m else None,
        slab=None,
        width_m=round(size_m[0], 6) if size_m else None,
        length_m=round(size_m[1], 6) if size_m else None,
        picture=None,
    )
    return OpenPlan(floor, item, next(iter(sizes), ""), metres_by_unit)


def _read_level(text: str) -> int | None:
    if _GROUND.match(text):
        return 0
    match = _LEVEL.match(text)
    return int(match[1]) if match else None


def read_walls(
    plans: Iterable[OpenPlan], materials: Mapping[str, Item], notes: Notes
) -> tuple[tuple[ProjectWallType, ...], tuple[ProjectWall, ...]]:
    """Give the kinds of walls that are used or defined, and the walls."""
    types: dict[str, ProjectWallType] = {}
    for name, material in materials.items():
        types[name] = _read_wall_type(name, name, material, notes)
    walls, repeated = [], Counter[str]()
    for plan in plans:
        for segment in list_items(plan.item, "wall_segments"):
            name = find_text(segment, "wall_type")
            kind = types.get(name)
            if kind is None:
                # A type that is only a name: thickness and height stand with each wall.
                own = tuple(
                    find_number(segment, key) for key in ("thickness", "height", "bottom_height")
                )
                key = f"{name}|{own}"
                kind = types.get(key) or _read_wall_type(key, name, segment, notes)
                types[key] = kind
            ends = plan.place(segment, "start_point"), plan.place(segment, "end_point")
            if ends[0] is None or ends[1] is None or math.dist(*ends) < LEAST_WALL_M:  # type: ignore[arg-type]
                notes.skip(segment | {"name": name}, "wall_segments")
                continue
            key = f"{plan.floor.key}|{ends[0]}|{ends[1]}"
            repeated[key] += 1
            walls.append(
                ProjectWall(f"{key}|{repeated[key]}", plan.floor.key, kind.key, *ends[0], *ends[1])
            )
    return tuple(types.values()), tuple(walls)


def _read_wall_type(key: str, name: str, item: Item, notes: Notes) -> ProjectWallType:
    thickness_m = find_number(item, "thickness_m") or find_number(item, "thickness")
    top_m = find_number(item, "top_height") or find_number(item, "height")
    bottom_m = find_number(item, "bottom_height") or 0.0
    flat = find_number(item, "rf_properties", "attenuation_flat")
    per_metre = find_number(item, "rf_properties", "attenuation_per_m")
    if flat is not None:
        loss_db: Bands = (flat, flat, flat)
    elif per_metre is not None and thickness_m is not None:
        loss_db = _equal(round(per_metre * thickness_m, 3))
    else:
        loss_db = _guess_loss(
            find_text(item, "itu_material_type") or name, thickness_m, name, notes
        )
    return ProjectWallType(
        key=key,
        name=name or "?",
        loss_db=loss_db,
        thickness_m=thickness_m if thickness_m and 0 < thickness_m <= 5 else None,
        bottom_m=bottom_m,
        top_m=top_m if top_m is not None and top_m > bottom_m else None,
    )


def _equal(value: float) -> Bands:
    return value, value, value


def _guess_loss(word: str, thickness_m: float | None, name: str, notes: Notes) -> Bands:
    """Compute the loss of a material that is only named, if its name is one of ITU-R P.2040."""
    known = next(
        (
            c
            for c in P2040_CLASSES
            if c.replace(" ", "") in word.lower().replace("_", "").replace(" ", "")
        ),
        None,
    )
    try:
        if known is not None and known != "air":
            thickness = thickness_m or ASSUMED_THICKNESS_M.get(known, _PARTITION_M)
            low, middle, high = compute_loss((Layer(known, thickness),))
            return round(low, 2), round(middle, 2), round(high, 2)
    except InvalidInput:
        pass
    notes.add(
        Problem(
            msg("The loss of this wall is not known; %(loss)s dB are assumed.", loss="4"),
            msg("Give it as a wall material with its attenuation."),
            field="wall_type",
            value=name,
        )
    )
    return ASSUMED_LOSS_DB


def _read_points(plan: OpenPlan, item: Item) -> Points | None:
    placed = [
        plan.place(corner, "coordinate_xyz") for corner in list_items(item, "area", "coordinates")
    ]
    points = tuple(point for point in placed if point is not None)
    return points if len(points) == len(placed) >= 3 else None


def read_clutter(
    plans: Iterable[OpenPlan], materials: Mapping[str, Item], notes: Notes
) -> tuple[ProjectClutter, ...]:
    """Give the areas in which every metre costs some dB."""
    areas = []
    for plan in plans:
        for number, item in enumerate(list_items(plan.item, "attenuation_areas"), start=1):
            given = find_value(item, "area_material")
            material = given if isinstance(given, dict) else materials.get(str(given), {})
            points = _read_points(plan, item)
            per_metre = find_number(material, "rf_properties", "attenuation_per_m")
            if points is None or per_metre is None or per_metre < 0:
                notes.skip(item, "attenuation_areas")
                continue
            bottom_m = find_number(material, "bottom_height") or 0.0
            top_m = find_number(material, "top_height")
            areas.append(
                ProjectClutter(
                    key=f"{plan.floor.key}|{number}",
                    floor=plan.floor.key,
                    name=find_text(material, "name"),
                    points=points,
                    db_per_m=_equal(per_metre),
                    bottom_m=bottom_m,
                    top_m=top_m if top_m is not None and top_m > bottom_m else None,
                )
            )
    return tuple(areas)


def read_areas(plans: Iterable[OpenPlan], notes: Notes) -> tuple[ProjectArea, ...]:
    """Give the areas to be covered; those excluded are not imported."""
    areas = []
    for plan in plans:
        for number, item in enumerate(list_items(plan.item, "coverage_areas"), start=1):
            points = _read_points(plan, item)
            if points is None or item.get("exclusion") is True:
                notes.skip(item, "coverage_areas")
                continue
            key = f"{plan.floor.key}|{number}"
            areas.append(ProjectArea(key, plan.floor.key, "", points, None))
    return tuple(areas)
