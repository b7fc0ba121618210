"""The demo's penetrations: where runs cross the fire walls of the town hall's staircases.

Decides that a hole lies in a heavy wall, where the way of its first run crosses it or comes nearest.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import shapely
from shapely.ops import nearest_points

from wlantrack.rollout.lifecycle import CABLE_ORDER
from wlantrack.store.models.permits import Penetration, PenetrationRun
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from datetime import date

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.places import Building, Wing

EARLY: Final = frozenset(CABLE_ORDER[: CABLE_ORDER.index("permits cleared")])
"""States of runs that wait for their permits."""
_APART_M: Final = 0.6
"""Holes lie so far apart: each has a seal of its own."""
_FIRE_WALLS: Final = ("concrete-150", "concrete-200", "brick-365")


def add_penetrations(session: Session, building: Building, today: date) -> None:
    """Add where runs cross fire walls: a hole for each wing and floor, another for what waits."""
    runs = run_queries.load_for_table(session, [(building.id, None)])
    crossing: dict[tuple[int, int | None, bool], list[CableRun]] = {}
    for run in runs:
        if run.crosses_fire_wall and run.state != "decommissioned":
            key = (run.floor_id, run.wing_id, run.state in EARLY)
            crossing.setdefault(key, []).append(run)
    walls = _find_fire_walls(session, building)
    for (floor_id, wing_id, is_waiting), through in crossing.items():
        floor = through[0].floor
        wing = next((item for item in building.wings if item.id == wing_id), None)
        made = Penetration(
            public_id=uuid.uuid4(),
            code=f"{building.code}-{f'{wing.code}-' if wing else ''}{floor.level}-D0{2 if is_waiting else 1}",
            place="Brandwand am Treppenhaus, über der Abhangdecke",
            fire_rating="F90",
            **_tell_seal(through, today),
        )
        made.floor_id, made.floor = floor.id, floor
        made.wing_id, made.wing = wing_id, wing
        spot = _place(through[0], wing, walls.get(floor_id))
        if spot is not None:
            made.x_m, made.y_m = round(spot.x, 2), round(spot.y, 2)
            walls[floor_id] = walls[floor_id].difference(spot.buffer(_APART_M))
        made.runs = [PenetrationRun(public_id=uuid.uuid4(), cable_run_id=run.id) for run in through]
        session.add(made)


def _find_fire_walls(session: Session, building: Building) -> dict[int, BaseGeometry]:
    """Give the heavy walls of each floor, by its id."""
    materials = wall_queries.get_materials_by_code(session)
    heavy = {materials[code].id for code in _FIRE_WALLS if code in materials}
    lines: dict[int, list[BaseGeometry]] = {}
    for wall in wall_queries.list_walls(session, [floor.id for floor in building.floors]):
        if wall.material_id in heavy:
            line = shapely.LineString([(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)])
            lines.setdefault(wall.floor_id, []).append(line)
    return {floor_id: shapely.union_all(some) for floor_id, some in lines.items()}


def _place(run: CableRun, wing: Wing | None, walls: BaseGeometry | None) -> shapely.Point | None:
    """Give where a run crosses a wall of its wing, or comes nearest to one; nothing without any."""
    far = run.access_point or run.outlet
    if walls is not None and wing is not None and wing.outline is not None:
        walls = walls.intersection(wing.outline)
    if walls is None or walls.is_empty or far is None or far.x_m is None or far.y_m is None:
        return None
    way: BaseGeometry = shapely.Point(far.x_m, far.y_m)
    start = run.distributor
    if start is not None and start.x_m is not None and start.y_m is not None:
        way = shapely.LineString([(start.x_m, start.y_m), (far.x_m, far.y_m)])
    spot: shapely.Point = nearest_points(walls, way)[0]
    return spot


def _tell_seal(through: list[CableRun], today: date) -> dict[str, object]:
    """Give how far a seal has come, from the runs that lead through it."""
    if any(run.state in {"pulled", "containment installed"} for run in through):
        return {"state": "open"}
    late = CABLE_ORDER[CABLE_ORDER.index("fire-stopped") :]
    if not all(run.state in late for run in through):
        return {"state": "planned"}
    is_accepted = all(run.state in {"patched", "accepted"} for run in through)
    return {
        "state": "checked" if is_accepted else "sealed",
        "seal": "Kombischott, Kissen und Beschichtung",
        "approval": "Z-19.53-2182" if is_accepted else "",
        "sealed_on": today - timedelta(days=70),
        "firm": through[0].firm,
    }
