"""The demo's cable routes: trays in the town hall's corridors, and a riser at each cabinet.

Decides a network that is nearly whole: on the top floor one tray is not drawn yet, so that some runs
have no way and say why, and one duct is fuller than it may be.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

import shapely

from wlantrack.services.actor import SYSTEM
from wlantrack.services.cable_routes import RISER, find_wing_around, make_prefix
from wlantrack.store.models.permits import CableRoute
from wlantrack.store.queries import cable_routes as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.store.models.places import Floor
    from wlantrack.store.session import Database

REASON: Final = "demo data"
_SOUTH, _NORTH, _WEST, _EAST = 10.1, 62.2, 7.8, 82.2
_CORRIDORS: Final = (
    (((2.0, _SOUTH), (88.0, _SOUTH)), 48),
    (((_WEST, _SOUTH), (_WEST, _NORTH)), 24),
    (((2.0, _NORTH), (88.0, _NORTH)), 48),
    (((_EAST, _SOUTH), (_EAST, _NORTH)), 24),
)
"""Middle of each corridor, and how many cables its tray takes."""
_CABINETS: Final = ((15.86, 14.54), (74.14, 14.54), (15.86, 57.66), (74.14, 57.66))
_UNDRAWN: Final = (4, 3)
"""Floor and corridor whose tray nobody has drawn yet."""
_DUCT: Final = (2, 1)
"""Floor and corridor that has a duct in the parapet instead, with room for one cable only."""


def load_routes(database: Database) -> None:
    """Load the town hall's routes if there are none yet, in one transaction."""
    with database.writing(SYSTEM.audit(REASON)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or building.id in queries.list_routed_buildings(session):
            return
        floors = queries.list_storeys(session, building.id)
        for floor in floors:
            floor.building = building
            session.add_all(_make_trays(floor))
        if len(floors) > 1:
            session.add_all(_make_risers(floors[0], floors[-1]))
        session.commit()


def _make_trays(floor: Floor) -> Iterator[CableRoute]:
    corridors = [
        (points, capacity, (floor.level, number))
        for number, (points, capacity) in enumerate(_CORRIDORS)
        if (floor.level, number) != _UNDRAWN
    ]
    spurs = [
        (((x, y), (x, _SOUTH if y < (_SOUTH + _NORTH) / 2 else _NORTH)), 96, None)
        for x, y in _CABINETS
    ]
    for number, (points, capacity, place) in enumerate((*corridors, *spurs), start=1):
        is_duct = place == _DUCT
        made = _make_route(floor, "duct" if is_duct else "tray", number)
        made.line = shapely.LineString(points)
        made.capacity = 1 if is_duct else capacity
        made.note = "Brüstungskanal von 1998, voll" if is_duct else ""
        _put_in_wing(made)
        yield made


def _make_risers(lowest: Floor, highest: Floor) -> Iterator[CableRoute]:
    for number, (x, y) in enumerate(_CABINETS, start=1):
        made = _make_route(lowest, RISER, number)
        made.upper_floor_id, made.upper_floor = highest.id, highest
        made.line, made.capacity = shapely.Point(x, y), 144
        _put_in_wing(made)
        yield made


def _make_route(floor: Floor, kind: str, number: int) -> CableRoute:
    return CableRoute(
        public_id=uuid.uuid4(),
        code=f"{make_prefix(floor, kind)}{number:02d}",
        kind=kind,
        floor_id=floor.id,
        floor=floor,
    )


def _put_in_wing(route: CableRoute) -> None:
    wing = find_wing_around(route.floor, route.line)
    route.wing_id = wing.id if wing else None
