"""Clutter: areas full of shelves, plants or machines that damp every metre of a link."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, Problem, msg
from wlantrack.services import places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_out_of_range, refuse_any
from wlantrack.services.versions import require_version
from wlantrack.store.models.demand import ClutterZone
from wlantrack.store.queries import clutter as clutter_queries
from wlantrack.store.queries import demand as queries

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

CLUTTER_BOUNDS = (
    ("db_per_m_24", 0.0, 20.0),
    ("db_per_m_5", 0.0, 20.0),
    ("db_per_m_6", 0.0, 20.0),
    ("bottom_m", 0.0, 50.0),
    ("top_m", 0.0, 50.0),
)


@dataclass(frozen=True)
class ClutterValues:
    """What people edit about clutter."""

    outline: BaseGeometry | None
    db_per_m_24: float
    db_per_m_5: float
    db_per_m_6: float
    name: str = ""
    bottom_m: float = 0.0
    top_m: float = 2.0
    source: str = ""


def list_clutter(session: Session, actor: Actor, floor: Floor) -> list[ClutterZone]:
    """Give a floor's clutter in the order in which it was drawn; to those who see whole floors."""
    actor.require_visible(floor.building_id)
    if public_sight.area_of(session, actor, floor) is not None:
        return []
    return clutter_queries.list_clutter(session, [floor.id])


def find_clutter(session: Session, actor: Actor, ref: str) -> ClutterZone:
    """Give clutter by public id, with floor and building.

    Raises
    ------
    NotFound
        There is none, or its building is out of scope.
    """
    public_id = places.parse_uuid(ref)
    zone = queries.get_clutter(session, public_id) if public_id is not None else None
    if zone is None or not actor.sees(zone.floor.building_id):
        raise NotFound(msg("There is no such area; perhaps somebody has deleted it."))
    return zone


def add_clutter(
    session: Session, actor: Actor, floor_ref: str, values: ClutterValues
) -> ClutterZone:
    """Add clutter to a floor.

    Raises
    ------
    InvalidInput
        There is no outline, or a value is out of range.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    actor.require(Action.EDIT_WALLS, floor.building_id)
    zone = ClutterZone(floor_id=floor.id)
    _apply(zone, values)
    session.add(zone)
    session.commit()
    return zone


def edit_clutter(
    session: Session, actor: Actor, ref: str, values: ClutterValues, version: int | None
) -> ClutterZone:
    """Change clutter.

    Raises
    ------
    InvalidInput
        There is no outline, or a value is out of range.
    Conflict
        Somebody else has changed it since.
    """
    zone = find_clutter(session, actor, ref)
    actor.require(Action.EDIT_WALLS, zone.floor.building_id)
    require_version(session, zone, version)
    _apply(zone, values)
    session.commit()
    return zone


def delete_clutter(session: Session, actor: Actor, ref: str, version: int | None) -> Floor:
    """Delete clutter, and give its floor."""
    zone = find_clutter(session, actor, ref)
    actor.require(Action.EDIT_WALLS, zone.floor.building_id)
    require_version(session, zone, version)
    floor = zone.floor
    session.delete(zone)
    session.commit()
    return floor


def _apply(zone: ClutterZone, values: ClutterValues) -> None:
    check_clutter(values)
    for item in fields(ClutterValues):
        setattr(zone, item.name, getattr(values, item.name))


def check_clutter(values: ClutterValues | ClutterZone) -> None:
    """Refuse clutter without an outline or height, or with a loss nothing has.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems = list_out_of_range(values, CLUTTER_BOUNDS)
    if values.outline is None:
        problems.append(Problem(msg("Draw the outline of the area."), field="outline"))
    if values.top_m <= values.bottom_m:
        message = msg("The top must lie above the bottom.")
        problems.append(Problem(message, field="top_m", value=f"{values.top_m:g}"))
    refuse_any(problems)
