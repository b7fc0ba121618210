"""The verdict per network class in every cell of a building's matrix.

Decides how the zones of a floor become one mark a wing and class: the worst of them. Levels come
from the layers that coverage pages keep; a building without zones costs one look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from wlantrack.radio.bands import BAND_KEYS, band_index
from wlantrack.services import coverage, places
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import progress as queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import CoverageCache, FloorCoverage
    from wlantrack.store.models.demand import Zone
    from wlantrack.store.models.places import Building, Floor

BADNESS = ("meets", "primary", "unknown", "fails")
"""Verdicts, the worst last."""


@dataclass(frozen=True)
class VerdictMark:
    """What a cell of the matrix says of one network class, and of how many zones."""

    network_class: str
    verdict: str
    zones: int


def judge_cells(
    session: Session, actor: Actor, building: Building, counts: str, cache: CoverageCache
) -> dict[tuple[int, int | None], tuple[VerdictMark, ...]]:
    """Give the marks of every floor and wing of which something is asked."""
    floors = {floor.id: floor for floor in building.floors}
    found: dict[tuple[int, int | None, str], list[str]] = {}
    predicted: dict[int, FloorCoverage] = {}
    for zone in queries.list_zones(session, building.id):
        floor = floors[zone.floor_id]
        outline = _outline_of(session, actor, zone, floor)
        wing_id = zone.wing_id or _wing_around(building, outline)
        if not _may_see(actor, building.id, wing_id, zone.network_class):
            continue
        if floor.id not in predicted:
            whole = places.find_floor(session, actor, str(floor.public_id)).floor
            predicted[floor.id] = coverage.predict_floor(session, actor, whole, counts, cache)
        verdict = judge_zone(zone, outline, predicted[floor.id])
        found.setdefault((floor.id, wing_id, zone.network_class), []).append(verdict)
    marks: dict[tuple[int, int | None], tuple[VerdictMark, ...]] = {}
    for (floor_id, wing_id, network_class), verdicts in sorted(
        found.items(), key=str, reverse=True
    ):
        mark = VerdictMark(network_class, max(verdicts, key=BADNESS.index), len(verdicts))
        marks[floor_id, wing_id] = (*marks.get((floor_id, wing_id), ()), mark)
    return marks


def _may_see(actor: Actor, building_id: int, wing_id: int | None, network_class: str) -> bool:
    is_open = network_class == "visitor"
    action = Action.SEE_NETWORKS if is_open else Action.SEE_INTERNAL_NETWORKS
    return actor.can(action, building_id, wing_id)


def _outline_of(session: Session, actor: Actor, zone: Zone, floor: Floor) -> BaseGeometry | None:
    if zone.outline is not None:
        return zone.outline
    outlines = [
        room.outline
        for room in places.list_rooms(session, actor, floor)
        if room.use == zone.room_use
        and room.outline is not None
        and zone.wing_id in (None, room.wing_id)
    ]
    return shapely.union_all(outlines) if outlines else None


def _wing_around(building: Building, outline: BaseGeometry | None) -> int | None:
    if outline is None or outline.is_empty:
        return None
    point = outline.representative_point()
    for wing in building.wings:
        if wing.outline is not None and wing.outline.covers(point):
            return wing.id
    return None


def judge_zone(zone: Zone, outline: BaseGeometry | None, predicted: FloorCoverage) -> str:
    """Tell whether a zone meets its requirement, the primary signal only, or neither."""
    requirement, levels = zone.requirement, predicted.coverage
    if outline is None or outline.is_empty or requirement.signal_dbm is None:
        return "unknown"
    x, y = np.meshgrid(levels.grid.x_m, levels.grid.y_m)
    inside = shapely.contains_xy(outline, x, y)
    if not inside.any():
        return "unknown"
    offset_db = _offset_db(zone)
    index = band_index(zone.band)
    has_primary = levels.best()[index][inside] + offset_db >= requirement.signal_dbm
    meets = has_primary
    if requirement.secondary_dbm is not None:
        meets = meets & (levels.nth(2)[index][inside] + offset_db >= requirement.secondary_dbm)
    if _reaches(meets, requirement.pass_share):
        return "meets"
    return "primary" if _reaches(has_primary, requirement.pass_share) else "fails"


def _offset_db(zone: Zone) -> float:
    profile = zone.client_profile
    if profile is None:
        return 0.0
    offsets = (profile.offset_24_db, profile.offset_5_db, profile.offset_6_db)
    return dict(zip(BAND_KEYS, offsets, strict=True))[zone.band]


def _reaches(cells: Iterable[bool], share: float) -> bool:
    return float(np.mean(np.asarray(cells))) >= share
