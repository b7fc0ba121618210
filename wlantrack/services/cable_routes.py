"""Cable routes: trays, conduits, ducts and risers; list them, draw, change and delete them.

Decides where a route belongs: the wing whose outline holds all of it, none if it leads through
several. How runs lead along them is :mod:`wlantrack.services.cable_ways`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.services import history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cabling_places import find_wing, next_number, taken_code
from wlantrack.services.route_lines import check_on_plan, make_line, points_of
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.services.walls import WALL_REACH_M
from wlantrack.store.models.permits import ROUTE_KINDS, CableRoute
from wlantrack.store.queries import cable_routes as queries
from wlantrack.store.queries.cable_routes import RouteFilter

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.services.route_lines import PointM
    from wlantrack.store.models.places import Floor, Wing
    from wlantrack.store.queries.cable_routes import RouteRow
    from wlantrack.store.queries.paging import Page

__all__ = ["ROUTE_KINDS", "RouteFilter"]

RISER: Final = "riser"
MOST_CABLES: Final = 100_000
KIND_WORDS: Final = {
    "tray": msg("cable tray"),
    "conduit": msg("conduit"),
    "duct": msg("duct"),
    "riser": msg("riser"),
}


@dataclass(frozen=True)
class RouteValues:
    """What people edit about a route; floors such as ``RH/3``, corners in building metres.

    An empty code gets the next free one, an empty wing follows from the course.
    """

    kind: str
    points: tuple[PointM, ...]
    floor: str
    upper_floor: str = ""
    wing: str = ""
    capacity: int | None = None
    code: str = ""
    note: str = ""


def list_routes(
    session: Session, actor: Actor, narrow: RouteFilter, page: Page
) -> tuple[list[RouteRow], int]:
    """Give one page of the routes in scope, and how many match."""
    pairs = scope_pairs(actor, Action.SEE_CABLING)
    return queries.list_routes(session, pairs, narrow, page)


def list_on_floor(session: Session, actor: Actor, floor: Floor) -> list[CableRoute]:
    """Give the routes in scope on a floor, and the risers that pass it, by code."""
    found = queries.list_on_level(session, floor.building_id, floor.level)
    return [route for route in found if actor.can(Action.SEE_CABLING, *place_of(route))]


def list_floors_above(session: Session, floor: Floor) -> list[Floor]:
    """Give the floors to which a riser from a floor may lead, from below."""
    storeys = queries.list_storeys(session, floor.building_id)
    for storey in storeys:
        storey.building = floor.building
    return [storey for storey in storeys if storey.level > floor.level]


def find_route(session: Session, actor: Actor, ref: str) -> CableRoute:
    """Give a route by code or public id.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = (
        queries.get_route_by_code(session, ref)
        if public_id is None
        else queries.get_route(session, public_id)
    )
    if found is None or not actor.can(Action.SEE_CABLING, *place_of(found)):
        raise NotFound(msg("There is no such cable route; perhaps somebody has deleted it."))
    return found


def place_of(route: CableRoute) -> tuple[int, int | None]:
    """Give building id and wing id of a route."""
    return route.floor.building_id, route.wing_id


def list_history(session: Session, actor: Actor, route: CableRoute) -> list[Entry]:
    """Give what happened to a route that was found before, the latest first."""
    return history.list_of_record(session, actor, route.__tablename__, route.public_id)


def values_of(route: CableRoute) -> RouteValues:
    """Give a route's values, to change some of them."""
    return RouteValues(
        route.kind,
        points_of(route.line),
        places.floor_code(route.floor),
        places.floor_code(route.upper_floor) if route.upper_floor else "",
        route.wing.code if route.wing else "",
        route.capacity,
        route.code,
        route.note,
    )


def add_route(session: Session, actor: Actor, values: RouteValues) -> CableRoute:
    """Draw a route.

    Raises
    ------
    InvalidInput
        Its course or place is impossible, or its code is taken.
    """
    made = CableRoute(public_id=uuid.uuid4())
    _apply(session, actor, made, values, None)
    session.add(made)
    session.commit()
    return made


def edit_route(
    session: Session, actor: Actor, ref: str, values: RouteValues, version: int | None
) -> CableRoute:
    """Change a route.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its course or place is impossible, or its code is taken.
    """
    found = find_route(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    require_version(session, found, version)
    with session.no_autoflush:  # one change, one version, one event
        _apply(session, actor, found, values, (found.floor_id, found.line))
    session.commit()
    return found


def delete_route(session: Session, actor: Actor, ref: str, version: int | None) -> Floor:
    """Delete a route and give the floor it was on; runs are then led along others.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    found = find_route(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    require_version(session, found, version)
    floor = found.floor
    session.delete(found)
    session.commit()
    return floor


def _apply(
    session: Session,
    actor: Actor,
    found: CableRoute,
    values: RouteValues,
    before: tuple[int, BaseGeometry] | None,
) -> None:
    floor = places.find_floor(session, actor, values.floor).floor
    check_plain(values.kind, values.capacity)
    line = make_line(values.points, is_riser=values.kind == RISER)
    upper = _find_upper(session, actor, floor, values)
    wing = find_wing(floor, values.wing) if values.wing else find_wing_around(floor, line)
    wing_id = wing.id if wing else None
    actor.require(Action.EDIT_CABLING, floor.building_id, wing_id)
    if before is None or before[0] != floor.id or not before[1].equals_exact(line, 0):
        check_on_plan(session, floor, line)
        found.line = line
    prefix = make_prefix(floor, values.kind)
    code = values.code.strip() or found.code
    if not code:
        code = f"{prefix}{next_number(queries.list_codes(session, prefix), prefix):02d}"
    if code != found.code and queries.get_route_by_code(session, code) is not None:
        raise taken_code(code)
    found.code, found.kind, found.capacity = code, values.kind, values.capacity
    found.note = values.note
    found.floor_id, found.floor = floor.id, floor
    found.upper_floor_id, found.upper_floor = (upper.id if upper else None), upper
    found.wing_id, found.wing = wing_id, wing


def make_prefix(floor: Floor, kind: str) -> str:
    """Give what codes of routes begin with: ``RH-3-T`` for a tray, ``RH-3-R`` for a riser."""
    return f"{places.floor_code(floor).replace('/', '-')}-{'R' if kind == RISER else 'T'}"


def check_plain(kind: str, capacity: int | None) -> None:
    """Refuse a kind that is none, or a capacity that no route has.

    Raises
    ------
    InvalidInput
        Names the field.
    """
    if kind not in ROUTE_KINDS:
        choices = tuple(KIND_WORDS.values())
        raise _refuse("kind", kind, msg("Choose one of: %(choices)s.", choices=choices))
    if capacity is not None and not 1 <= capacity <= MOST_CABLES:
        raise _refuse(
            "capacity",
            str(capacity),
            msg("This must lie between %(low)g and %(high)g.", low=1, high=MOST_CABLES),
            msg("Enter how many cables fit; leave it empty while that is not known."),
        )


def find_wing_around(floor: Floor, line: BaseGeometry) -> Wing | None:
    """Give the wing whose outline holds all of a course."""
    for wing in floor.building.wings:
        if wing.outline is not None and wing.outline.buffer(WALL_REACH_M).covers(line):
            return wing
    return None


def check_upper(floor: Floor, upper: Floor | None, kind: str) -> None:
    """Refuse a riser that leads nowhere, and any other route that leads upwards.

    Raises
    ------
    InvalidInput
        Names the upper floor.
    """
    if kind != RISER:
        if upper is not None:
            raise _refuse(
                "upper_floor",
                places.floor_code(upper),
                msg("Only a riser leads to another floor."),
                msg("Leave the upper floor empty, or choose riser."),
            )
        return
    if upper is None or upper.building_id != floor.building_id or upper.level <= floor.level:
        raise _refuse(
            "upper_floor",
            places.floor_code(upper) if upper else "",
            msg("A riser leads to a higher floor of the same building."),
            msg("Choose the floor on which it ends; it can be entered on those between too."),
        )


def _find_upper(session: Session, actor: Actor, floor: Floor, values: RouteValues) -> Floor | None:
    upper = None
    if values.upper_floor:
        upper = places.find_floor(session, actor, values.upper_floor).floor
    check_upper(floor, upper, values.kind)
    return upper


def _refuse(
    field: str, value: str, message: Message, remedy: Message | None = None
) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field, value=value or None))
