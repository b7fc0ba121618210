"""The piece of a floor's plan around a cable run: what whoever pulls the cable has to know.

Decides that it reaches a few metres around both ends, and that secure areas are blank unless the run
ends in one; whoever sees the run sees this piece, a firm nothing else of the floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.services.scene import position_of
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.places import FloorPlan

AROUND_M = 8.0
"""So far beyond both ends the piece reaches: the way to them, and the corridor beside it."""


@dataclass(frozen=True)
class RunEnd:
    """An end of a run on this floor, in building metres."""

    x_m: float
    y_m: float
    code: str


@dataclass(frozen=True)
class RunPlan:
    """A plan, the part of it that is shown, the ends on it, and the penetrations between them."""

    plan: FloorPlan
    area: BaseGeometry
    ends: tuple[RunEnd, ...]
    holes: tuple[RunEnd, ...] = ()

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Give the rectangle around both ends."""
        return shapely.MultiPoint([(end.x_m, end.y_m) for end in self.ends]).buffer(AROUND_M).bounds


def find_run_plan(session: Session, run: CableRun) -> RunPlan | None:
    """Give the piece of plan around a run that was found before, None where nobody can tell."""
    ends = tuple(_list_ends(run))
    plan = next(
        (
            plan
            for plan in queries.list_current_plans(session, run.floor_id)
            if plan.pixel_to_building is not None and plan.wing_id in {None, run.wing_id}
        ),
        None,
    )
    if plan is None or not ends:
        return None
    points = shapely.MultiPoint([(end.x_m, end.y_m) for end in ends])
    around = shapely.box(*points.buffer(AROUND_M).bounds)
    hidden = [
        room.outline
        for room in queries.list_rooms(session, run.floor_id)
        if room.is_secure and room.outline is not None and not room.outline.intersects(points)
    ]
    area = shapely.difference(around, shapely.union_all(hidden))
    return RunPlan(plan, area, ends, tuple(_list_holes(session, run, area)))


def _list_holes(session: Session, run: CableRun, area: BaseGeometry) -> Iterator[RunEnd]:
    """Give the penetrations of a run on this floor, as far as they lie in what is shown."""
    for _, hole in penetration_queries.list_through(session, {run.id}):
        if hole.floor_id != run.floor_id or hole.x_m is None or hole.y_m is None:
            continue
        if area.intersects(shapely.Point(hole.x_m, hole.y_m)):
            yield RunEnd(hole.x_m, hole.y_m, hole.code)


def _list_ends(run: CableRun) -> Iterator[RunEnd]:
    if run.access_point is not None:
        yield RunEnd(*position_of(run.access_point), run.access_point.code)
    for stop in (run.outlet, run.distributor):
        if (
            stop is not None
            and stop.floor_id == run.floor_id
            and stop.x_m is not None
            and stop.y_m is not None
        ):
            yield RunEnd(stop.x_m, stop.y_m, stop.code)
