"""A floor drawn as SVG in the page: plan, rooms, zones, access points, in building metres.

Decides what such a sheet shows, so that the same drawing serves to look at and to draw on. SVG's y
points down: every y is turned round here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from flask import url_for

from wlantrack.services import access_points, coverage, pictures, places, plans, public_sight
from wlantrack.services.scene import position_of
from wlantrack.web.context import actor, installation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.places import FloorPlace

MARGIN_M = 2.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the sheet in SVG's coordinates, in metres."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shape:
    """An outline of the sheet as an SVG path, with its name; ``kind`` chooses how it is drawn."""

    path: str
    label: str
    kind: str


@dataclass(frozen=True)
class Dot:
    """An access point of the sheet."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Sheet:
    """What the SVG shows."""

    box: Box
    plan_url: str | None
    plan_box: Box | None
    shapes: tuple[Shape, ...]
    dots: tuple[Dot, ...]
    is_labelled: bool = False
    """Whether the dots are larger and carry their names: for a sheet with few of them."""

    @property
    def dot_radius(self) -> float:
        """Give the radius of an access point's dot in metres: the same size on every sheet."""
        share = 80 if self.is_labelled else 160
        return round(max(self.box.width, self.box.height) / share, 3)


def make_box(bounds_m: tuple[float, float, float, float]) -> Box:
    """Turn (min x, min y, max x, max y) in building metres into a rectangle of the sheet."""
    x0, y0, x1, y1 = bounds_m
    return Box(round(x0, 3), round(-y1, 3), round(x1 - x0, 3), round(y1 - y0, 3))


def make_path(outline: BaseGeometry | None) -> str:
    """Write an outline as an SVG path."""
    rings = (
        "L".join(f"{x:.2f} {-y:.2f}" for x, y in ring[:-1]) for ring in pictures.rings_of(outline)
    )
    return "".join(f"M{ring}Z" for ring in rings)


def make_line_path(line: BaseGeometry) -> str:
    """Write a line as an SVG path."""
    return "M" + "L".join(f"{x:.2f} {-y:.2f}" for x, y, *_ in line.coords)


def make_shape(outline: BaseGeometry | None, label: str, kind: str) -> Shape:
    """Make a shape of the sheet."""
    return Shape(make_path(outline), label, kind)


def draw_sheet(
    session: Session,
    place: FloorPlace,
    extra: Iterable[Shape] = (),
    around: BaseGeometry | None = None,
    *,
    is_drawn_on: bool = False,
) -> Sheet:
    """Give a floor's sheet with its rooms and access points in scope.

    Parameters
    ----------
    extra
        Further shapes, drawn over the rooms.
    around
        What the sheet is to show, with a margin; None shows the whole floor.
    is_drawn_on
        Whether to show all of the plan, also where nothing is drawn yet.
    """
    person, floor = actor(), place.floor
    cache = installation().results
    bounds_m = coverage.find_scene(session, person, floor, "planned", cache).bounds_m
    plan = next(
        (
            sheet
            for sheet in plans.current_plans(session, person, place)
            if sheet.pixel_to_building is not None
        ),
        None,
    )
    if around is not None:
        bounds_m = around.buffer(MARGIN_M).bounds
    elif is_drawn_on and plan is not None:
        shown = shapely.union(shapely.box(*bounds_m), shapely.box(*pictures.plan_bounds(plan)))
        bounds_m = shown.bounds
    rooms = places.list_rooms(session, person, floor)
    sight = public_sight.area_of(session, person, floor)
    return Sheet(
        make_box(bounds_m),
        url_for(
            "plans.building_picture", ref=plan.public_id, v=pictures.plan_key(plan, sight=sight)
        )
        if plan
        else None,
        make_box(pictures.plan_bounds(plan)) if plan else None,
        (
            *(
                make_shape(room.outline, f"{room.number} {room.name}".strip(), "room")
                for room in rooms
                if room.outline is not None
            ),
            *extra,
        ),
        tuple(
            Dot(round(position_of(point)[0], 2), round(-position_of(point)[1], 2), point.code)
            for point in access_points.list_on_floor(session, person, floor)
        ),
    )
