"""Rows for buildings, wings, floors, plans and rooms, with values that fit together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import shapely

from wlantrack.store.models.places import Building, Floor, FloorPlan, Room, Wing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def add_building(session: Session, code: str = "RH", **values: Any) -> Building:
    defaults = {"name": f"Building {code}", "begun_on": date(1998, 5, 4)}
    building = Building(code=code, wings=[], floors=[], **defaults | values)
    session.add(building)
    session.flush()
    return building


def add_wing(session: Session, building: Building, code: str = "MP", **values: Any) -> Wing:
    wing = Wing(building_id=building.id, code=code, **{"name": f"Wing {code}"} | values)
    building.wings.append(wing)
    session.flush()
    return wing


def add_floor(session: Session, building: Building, level: int = 0, **values: Any) -> Floor:
    defaults = {"name": f"Floor {level}", "height_m": 3.0}
    floor = Floor(building_id=building.id, level=level, **defaults | values)
    building.floors.append(floor)
    session.flush()
    return floor


def add_room(session: Session, floor: Floor, number: str = "101", **values: Any) -> Room:
    room = Room(floor_id=floor.id, number=number, **values)
    session.add(room)
    session.flush()
    return room


def add_plan(session: Session, floor: Floor, number: int = 1, **values: Any) -> FloorPlan:
    """Add a plan of 40 m x 20 m with its bottom left at the origin."""
    defaults: dict[str, Any] = {
        "name": "plan.png",
        "media_type": "image/png",
        "original_file": "0" * 32,
        "original_sha256": "0" * 64,
        "image_file": "1" * 32,
        "image_sha256": "1" * 64,
        "width_px": 400,
        "height_px": 200,
        "pixel_to_building": [0.1, 0.0, 0.0, 0.0, -0.1, 20.0],
        "scale_method": "metres per pixel",
        "uploaded_at": MOMENT,
    }
    plan = FloorPlan(floor_id=floor.id, number=number, **defaults | values)
    session.add(plan)
    session.flush()
    return plan


@dataclass(frozen=True)
class House:
    """A building of two wings, each 20 m x 20 m, and two floors."""

    building: Building
    west: Wing
    east: Wing
    ground: Floor
    first: Floor


def add_house(session: Session, code: str = "RH") -> House:
    building = add_building(session, code)
    return House(
        building,
        add_wing(session, building, "WE", outline=shapely.box(0, 0, 20, 20)),
        add_wing(session, building, "EA", outline=shapely.box(20, 0, 40, 20)),
        add_floor(session, building, 0),
        add_floor(session, building, 1),
    )
