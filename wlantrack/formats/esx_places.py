"""Floors, walls and areas of an Ekahau project; sandbox only.

Decides how its units become metres: x and y count from a plan's top left corner in the file, and
from its lower left corner in the result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Problem, msg
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
    ProjectRequirement,
    ProjectSlab,
    ProjectWall,
    ProjectWallType,
)

if TYPE_CHECKING:
    from wlantrack.formats.esx_archive import EsxArchive
    from wlantrack.formats.loose_values import Item
    from wlantrack.formats.notes import Notes

BAND_WORDS: Final = ("TWO", "FIVE", "SIX")
LEAST_WALL_M: Final = 0.001
_HIGHEST_LOSS_DB: Final = 150.0
_SCALES: Final = (1e-5, 10.0)
_CRITERIA: Final = {
    "SIGNAL_STRENGTH": "signal_dbm",
    "SECONDARY_SIGNAL_STRENGTH": "secondary_dbm",
    "SIGNAL_TO_NOISE_RATIO": "snr_db",
    "DATA_RATE": "data_rate_mbit",
}


@dataclass(frozen=True)
class Sheet:
    """A plan's own units, and what one of them measures; None: no scale."""

    width: float
    height: float
    metres_per_unit: float | None

    def place(self, point: tuple[float, float] | None) -> tuple[float, float] | None:
        """Give a point in metres, None if it has no place."""
        if point is None or self.metres_per_unit is None:
            return None
        x, y = point
        return round(x * self.metres_per_unit, 6), round(
            (self.height - y) * self.metres_per_unit, 6
        )


def read_sheets(archive: EsxArchive) -> dict[str, Sheet]:
    """Give every plan's units by its id."""
    sheets = {}
    for plan in archive.read_list("floorPlans"):
        scale = find_number(plan, "metersPerUnit")
        if scale is not None and not _SCALES[0] <= scale <= _SCALES[1]:
            scale = None
        sheets[find_text(plan, "id")] = Sheet(
            find_number(plan, "width") or 0.0, find_number(plan, "height") or 0.0, scale
        )
    return sheets


def read_floors(
    archive: EsxArchive, sheets: dict[str, Sheet], notes: Notes
) -> tuple[ProjectFloor, ...]:
    """Give the plans with what the file says of their storeys."""
    buildings = {find_text(b, "id"): find_text(b, "name") for b in archive.read_list("buildings")}
    storeys = {find_text(s, "floorPlanId"): s for s in archive.read_list("buildingFloors")}
    slabs = {find_text(kind, "id"): kind for kind in archive.read_list("floorTypes")}
    floors = []
    for plan in archive.read_list("floorPlans"):
        key = find_text(plan, "id")
        if not key:
            notes.skip(plan, "floorPlans")
            continue
        sheet, storey = sheets[key], storeys.get(key, {})
        level = find_number(storey, "floorNumber")
        name = find_text(plan, "name") or key
        if sheet.metres_per_unit is None:
            notes.add(
                Problem(
                    msg("The plan has no scale: what is drawn on it is not imported."),
                    msg("Set the scale in Ekahau and save the project again."),
                    field="floorPlans",
                    value=name,
                )
            )
        scale = sheet.metres_per_unit
        floors.append(
            ProjectFloor(
                key=key,
                name=name,
                building=buildings.get(find_text(storey, "buildingId")),
                level=None if level is None else math.floor(level),
                height_m=find_number(storey, "height"),
                slab=_read_slab(slabs.get(find_text(storey, "floorTypeId")), storey),
                width_m=None if scale is None else round(sheet.width * scale, 6),
                length_m=None if scale is None else round(sheet.height * scale, 6),
                picture=_read_picture(archive, plan, notes),
            )
        )
    return tuple(floors)


def _read_picture(archive: EsxArchive, plan: Item, notes: Notes) -> bytes | None:
    # Some versions keep the drawing itself beside its bitmap; the bitmap shows what was seen.
    for key in ("bitmapImageId", "imageId"):
        member = f"image-{find_text(plan, key)}"
        if archive.has(member):
            return archive.read_picture(member)
    notes.add(Problem(msg("The plan has no picture."), field="floorPlans", value=plan.get("name")))
    return None


def _read_slab(kind: Item | None, storey: Item) -> ProjectSlab | None:
    thickness_m = find_number(storey, "thickness")
    if kind is None or thickness_m is None:
        return None
    per_metre = read_bands(kind)
    flat = find_number(kind, "attenuationPerMeter")
    if per_metre is None and flat is not None:
        per_metre = (flat, flat, flat)
    if per_metre is None:
        return None
    return ProjectSlab(
        f"{find_text(kind, 'name')} {thickness_m:g} m", _times(per_metre, thickness_m)
    )


def read_bands(kind: Item) -> Bands | None:
    """Give the attenuation factors per band; a band that is not given takes its neighbour's."""
    given = {
        find_text(entry, "band"): find_number(entry, "attenuationFactor")
        for entry in list_items(kind, "propagationProperties")
    }
    known = [given.get(band) for band in BAND_WORDS]
    found = next((value for value in known if value is not None), None)
    if found is None:
        return None
    filled: list[float] = []
    for value in known:
        found = found if value is None else value
        filled.append(found)
    return filled[0], filled[1], filled[2]


def _times(per_metre: Bands, length_m: float) -> Bands:
    low, middle, high = (
        round(min(max(value * length_m, 0.0), _HIGHEST_LOSS_DB), 3) for value in per_metre
    )
    return low, middle, high


def read_wall_types(archive: EsxArchive, notes: Notes) -> tuple[ProjectWallType, ...]:
    """Give the kinds of walls with the loss of one passage."""
    types = []
    for kind in archive.read_list("wallTypes"):
        thickness_m = find_number(kind, "thickness")
        total_db, per_metre = find_number(kind, "totalAttenuation"), read_bands(kind)
        if per_metre is not None and thickness_m is not None:
            loss_db = _times(per_metre, thickness_m)
        elif total_db is not None:
            loss_db = _times((total_db, total_db, total_db), 1.0)
        else:
            notes.skip(kind, "wallTypes")
            continue
        bottom_m = find_number(kind, "lowerEdge") or 0.0
        top_m = find_number(kind, "upperEdge")
        types.append(
            ProjectWallType(
                key=find_text(kind, "id"),
                name=find_text(kind, "name") or find_text(kind, "key"),
                loss_db=loss_db,
                thickness_m=thickness_m if thickness_m and 0 < thickness_m <= 5 else None,
                bottom_m=bottom_m,
                top_m=top_m if top_m is not None and top_m > bottom_m else None,
            )
        )
    return tuple(types)


def read_walls(
    archive: EsxArchive, sheets: dict[str, Sheet], types: set[str], notes: Notes
) -> tuple[ProjectWall, ...]:
    """Give the walls; a wall is on the floor of its points."""
    points = {
        find_text(p, "id"): find_value(p, "location") for p in archive.read_list("wallPoints")
    }
    walls, unscaled = [], 0
    for segment in archive.read_list("wallSegments"):
        ends = [points.get(end) for end in _list_ends(segment)]
        floors = {find_text(end, "floorPlanId") for end in ends}
        floor = floors.pop() if len(floors) == 1 else ""
        wall_type = find_text(segment, "wallTypeId")
        if len(ends) != 2 or floor not in sheets or wall_type not in types:
            notes.skip(segment, "wallSegments")
            continue
        if sheets[floor].metres_per_unit is None:
            unscaled += 1
            continue
        first, second = (sheets[floor].place(find_point(end, "coord")) for end in ends)
        if first is None or second is None or math.dist(first, second) < LEAST_WALL_M:
            notes.skip(segment, "wallSegments")
            continue
        walls.append(ProjectWall(find_text(segment, "id"), floor, wall_type, *first, *second))
    return tuple(walls)


def _list_ends(segment: Item) -> list[str]:
    ends = segment.get("wallPoints")
    if isinstance(ends, list):
        return [end for end in ends if isinstance(end, str)]
    return [find_text(segment, "point1Id"), find_text(segment, "point2Id")]


def _read_points(item: Item, sheets: dict[str, Sheet]) -> Points | None:
    sheet = sheets.get(find_text(item, "floorPlanId"))
    if sheet is None:
        return None
    placed = [sheet.place(find_point(corner)) for corner in list_items(item, "area")]
    points = tuple(point for point in placed if point is not None)
    return points if len(points) == len(placed) >= 3 else None


def read_clutter(
    archive: EsxArchive, sheets: dict[str, Sheet], notes: Notes
) -> tuple[ProjectClutter, ...]:
    """Give the areas full of shelves and the like."""
    kinds = {find_text(kind, "id"): kind for kind in archive.read_list("attenuationAreaTypes")}
    areas = []
    for area in archive.read_list("attenuationAreas"):
        kind = kinds.get(find_text(area, "attenuationAreaTypeId"), {})
        points, db_per_m = _read_points(area, sheets), read_bands(kind)
        bottom_m = find_number(kind, "lowerEdge") or 0.0
        top_m = find_number(kind, "upperEdge")
        if points is None or db_per_m is None or (top_m is not None and top_m <= bottom_m):
            notes.skip(area, "attenuationAreas")
            continue
        name = find_text(area, "name") or find_text(kind, "name")
        floor = find_text(area, "floorPlanId")
        loss = _times(db_per_m, 1.0)
        areas.append(
            ProjectClutter(find_text(area, "id"), floor, name, points, loss, bottom_m, top_m)
        )
    return tuple(areas)


def read_areas(
    archive: EsxArchive, sheets: dict[str, Sheet], notes: Notes
) -> tuple[ProjectArea, ...]:
    """Give the areas to be covered."""
    areas = []
    for area in archive.read_list("areas"):
        points = _read_points(area, sheets)
        if points is None:
            notes.skip(area, "areas")
            continue
        key, floor = find_text(area, "id"), find_text(area, "floorPlanId")
        requirement = find_text(area, "requirementId") or None
        areas.append(ProjectArea(key, floor, find_text(area, "name"), points, requirement))
    return tuple(areas)


def read_requirements(archive: EsxArchive) -> tuple[ProjectRequirement, ...]:
    """Give the sets of limits; where they differ by band, those of 5 GHz."""
    return tuple(_read_requirement(item) for item in archive.read_list("requirements"))


def _read_requirement(item: Item) -> ProjectRequirement:
    values: dict[str, float] = {}
    # The last one wins: 5 GHz over those for every band, and these over 2.4 GHz.
    ranks = {"TWO": 0, "SIX": 1, "": 2, "FIVE": 3}
    criteria = sorted(
        list_items(item, "criteria"), key=lambda c: ranks.get(find_text(c, "frequencyBand"), 0)
    )
    for criterion in criteria:
        if find_text(criterion, "radioTechnology") == "BLUETOOTH":
            continue
        kind, value = find_text(criterion, "type"), find_number(criterion, "value")
        if value is None:
            continue
        if kind in _CRITERIA:
            values[_CRITERIA[kind]] = value
        elif kind == "NUMBER_OF_ACCESS_POINTS":
            values["count"] = value
            values["access_point_dbm"] = find_number(criterion, "additionalLimit") or -75.0
        elif kind == "CHANNEL_OVERLAP":
            values["overlap"] = value
    count, overlap = values.pop("count", None), values.pop("overlap", None)
    return ProjectRequirement(
        key=find_text(item, "id"),
        name=find_text(item, "name") or find_text(item, "key"),
        signal_dbm=values.get("signal_dbm"),
        secondary_dbm=values.get("secondary_dbm"),
        snr_db=values.get("snr_db"),
        data_rate_mbit=values.get("data_rate_mbit"),
        access_point_count=None if count is None or count < 1 else round(count),
        access_point_dbm=values.get("access_point_dbm"),
        overlap_max=None if overlap is None or overlap < 0 else round(overlap),
    )
