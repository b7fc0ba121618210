"""Buildings, wings, floors and rooms: finding them by reference, listing and editing them."""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.geometry.frame import DEFAULT_CRS, require_in_area
from wlantrack.services import public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.queries import places
from wlantrack.store.queries.places import BuildingFilter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page
    from wlantrack.store.queries.places import BuildingName, BuildingRow

_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß._]{0,15}")
DEFAULT_HEIGHT_M = 3.0
LEVELS = range(-99, 1000)
PRIORITIES = range(1, 6)
HIGHEST_ELEVATION_M = 10_000.0

__all__ = ["BuildingFilter"]


@dataclass(frozen=True)
class FloorPlace:
    """A floor as a reference names it, with the wing if the reference names one."""

    floor: Floor
    wing: Wing | None = None

    @property
    def code(self) -> str:
        """Give the reference, such as ``RH/3``."""
        return floor_code(self.floor)


@dataclass(frozen=True)
class BuildingValues:
    """What people edit about a building."""

    name: str
    address: str = ""
    is_public: bool = False
    is_listed: bool = False
    begun_on: date | None = None
    priority: int = 3
    priority_reason: str = ""
    opening_hours: str = ""
    origin_easting_m: float | None = None
    origin_northing_m: float | None = None
    rotation_deg: float = 0.0
    audited_on: date | None = None
    rogue_scanned_on: date | None = None
    tamper_checked_on: date | None = None


def floor_code(floor: Floor) -> str:
    """Give a floor's reference, such as ``RH/3``; its building must be loaded."""
    return f"{floor.building.code}/{floor.level}"


def visible_buildings(actor: Actor, action: Action) -> tuple[int, ...] | None:
    """Give the ids of the buildings an actor's scopes touch; None means all."""
    scopes = actor.scopes(action)
    return None if scopes is None else tuple({s.building_id for s in scopes if s.building_id})


def list_buildings(
    session: Session, actor: Actor, narrow: BuildingFilter, page: Page
) -> tuple[list[BuildingRow], int]:
    """Give one page of the buildings the actor may see, with their counts, and how many match."""
    return places.list_buildings(
        session,
        visible_buildings(actor, Action.SEE_PLACES),
        actor.scope_pairs(Action.SEE_ACCESS_POINTS),
        narrow,
        page,
    )


def list_building_names(session: Session, actor: Actor) -> list[BuildingName]:
    """Give the names of the buildings the actor may see, for menus on every page."""
    return places.list_building_names(session, visible_buildings(actor, Action.SEE_PLACES))


def find_building(session: Session, actor: Actor, ref: str) -> Building:
    """Give a building by code or public id.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = parse_uuid(ref)
    building = (
        places.get_building_by_code(session, ref)
        if public_id is None
        else places.get_building(session, public_id)
    )
    if building is None or not actor.sees(building.id):
        raise NotFound(
            msg("There is no building %(ref)s.", ref=ref),
            msg("Check the code in the list of buildings, or add the building first."),
        )
    return building


def find_floor(session: Session, actor: Actor, ref: str) -> FloorPlace:
    """Give a floor by ``RH/3``, ``RH/MP/3`` or public id.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = parse_uuid(ref)
    wing_code = None
    if public_id is not None:
        floor = places.get_floor(session, public_id)
    else:
        building_code, wing_code, level = split_floor_ref(ref)
        floor = places.get_floor_by_level(session, building_code, level)
    if floor is None or not actor.sees(floor.building_id):
        raise NotFound(
            msg("There is no floor %(ref)s.", ref=ref),
            msg("Check building and level in the list of buildings, or add the floor first."),
        )
    wing = _find_wing(floor.building, wing_code) if wing_code else None
    return FloorPlace(floor, wing)


def list_floors(session: Session, actor: Actor, action: Action) -> list[tuple[str, str]]:
    """Give reference and words of the floors in some part of which the actor may do this."""
    scopes = actor.scopes(action)
    return [
        (ref, f"{ref} {floor.name}")
        for ref, floor in sorted(
            places.list_floors_by_code(session).items(),
            key=lambda item: (item[0].rpartition("/")[0], item[1].level),
        )
        if scopes is None or any(scope.touches(floor.building_id) for scope in scopes)
    ]


def _find_wing(building: Building, code: str) -> Wing:
    for wing in building.wings:
        if wing.code == code:
            return wing
    raise NotFound(
        msg("Building %(building)s has no wing %(wing)s.", building=building.code, wing=code),
        msg("Check the code on the building's page, or add the wing first."),
    )


def parse_uuid(text: str) -> uuid.UUID | None:
    """Give the UUID a text holds, or None when it is no UUID."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def split_floor_ref(ref: str) -> tuple[str, str | None, int]:
    """Split ``RH/3`` or ``RH/MP/3`` into building, wing and level.

    Raises
    ------
    InvalidInput
        The text has another form.
    """
    parts = ref.split("/")
    if len(parts) in {2, 3} and re.fullmatch(r"-?\d{1,3}", parts[-1]):
        wing = parts[1] if len(parts) == 3 else None
        return parts[0], wing, int(parts[-1])
    raise InvalidInput(
        Problem(
            msg("This does not name a floor."),
            msg("Write building/floor such as RH/3, or building/wing/floor such as RH/MP/3."),
            field="floor",
            value=ref,
        )
    )


def is_code(code: str) -> bool:
    """Tell whether a text may be the code of a building or wing."""
    return _CODE.fullmatch(code) is not None


def _require_code(code: str, field: str) -> str:
    if not is_code(code):
        raise InvalidInput(
            Problem(
                msg("A code has 1 to 16 letters, digits, dots or underscores."),
                msg("Choose a short code such as RH or MP."),
                field=field,
                value=code,
            )
        )
    return code


def ensure_building(
    session: Session,
    actor: Actor,
    code: str,
    values: BuildingValues,
    public_id: uuid.UUID | None = None,
) -> tuple[Building, bool]:
    """Give the building of this code, created (under ``public_id``) if missing; does not commit."""
    existing = places.get_building_by_code(session, code)
    if existing is not None:
        actor.require_visible(existing.id)
        return existing, False
    actor.require(Action.EDIT_PLACES)
    building = Building(
        code=_require_code(code, "code"), public_id=public_id or uuid.uuid4(), wings=[], floors=[]
    )
    _apply(building, values)
    session.add(building)
    session.flush()
    return building, True


def add_building(
    session: Session,
    actor: Actor,
    code: str,
    values: BuildingValues,
    storage_crs: str = DEFAULT_CRS,
) -> Building:
    """Add a building whose code must not exist yet; its origin lies in ``storage_crs``.

    Raises
    ------
    InvalidInput
        There is a building of this code, or a value is out of range.
    """
    _require_origin(values, storage_crs)
    building, is_new = ensure_building(session, actor, code, values)
    if not is_new:
        raise InvalidInput(
            Problem(
                msg("There is already a building of this code."),
                msg("Choose another code, or open that building."),
                field="code",
                value=code,
            )
        )
    session.commit()
    return building


def _apply(building: Building, values: BuildingValues) -> None:
    if not values.name.strip():
        raise InvalidInput(
            Problem(msg("A building needs a name."), msg("Fill in the name."), field="name")
        )
    if (values.origin_easting_m is None) != (values.origin_northing_m is None):
        raise InvalidInput(
            Problem(
                msg("Easting and northing belong together."),
                msg("Give both, or leave both empty."),
                field="origin_northing_m",
            )
        )
    for field in ("origin_easting_m", "origin_northing_m", "rotation_deg"):
        value = getattr(values, field)
        if value is not None and not math.isfinite(value):
            raise InvalidInput(Problem(msg("This is not a number."), field=field, value=str(value)))
    if values.priority not in PRIORITIES:
        raise InvalidInput(
            Problem(
                msg("A priority lies between 1 and 5."),
                msg("Give 1 to what comes first."),
                field="priority",
                value=str(values.priority),
            )
        )
    for field in BuildingValues.__dataclass_fields__:
        setattr(building, field, getattr(values, field))


def _require_origin(values: BuildingValues, storage_crs: str) -> None:
    origin = values.origin_easting_m, values.origin_northing_m
    if origin[0] is not None and origin[1] is not None:
        require_in_area(origin[0], origin[1], storage_crs)


def edit_building(
    session: Session,
    actor: Actor,
    ref: str,
    values: BuildingValues,
    version: int | None,
    storage_crs: str = DEFAULT_CRS,
) -> Building:
    """Change what people edit about a building; its origin lies in ``storage_crs``.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is out of range.
    """
    building = find_building(session, actor, ref)
    actor.require(Action.EDIT_PLACES, building.id)
    require_version(session, building, version)
    _require_origin(values, storage_crs)
    _apply(building, values)
    session.commit()
    return building


def ensure_wing(
    session: Session,
    actor: Actor,
    building: Building,
    code: str,
    name: str = "",
    outline: BaseGeometry | None = None,
) -> tuple[Wing, bool]:
    """Give the wing of this code, created if missing; does not commit."""
    for wing in building.wings:
        if wing.code == code:
            return wing, False
    actor.require(Action.EDIT_PLACES, building.id)
    wing = Wing(
        building_id=building.id,
        code=_require_code(code, "wing"),
        name=name or code,
        outline=outline,
    )
    building.wings.append(wing)
    session.add(wing)
    session.flush()
    return wing, True


def add_wing(session: Session, actor: Actor, ref: str, code: str, name: str) -> Wing:
    """Add a wing whose code must not exist yet in its building.

    Raises
    ------
    InvalidInput
        There is a wing of this code.
    """
    building = find_building(session, actor, ref)
    wing, is_new = ensure_wing(session, actor, building, code, name)
    if not is_new:
        raise InvalidInput(
            Problem(
                msg("The building already has a wing of this code."),
                msg("Choose another code."),
                field="code",
                value=code,
            )
        )
    session.commit()
    return wing


@dataclass(frozen=True)
class FloorValues:
    """What people edit about a floor."""

    name: str = ""
    height_m: float = DEFAULT_HEIGHT_M
    elevation_m: float | None = None


def ensure_floor(
    session: Session,
    actor: Actor,
    building: Building,
    level: int,
    values: FloorValues,
    public_id: uuid.UUID | None = None,
) -> tuple[Floor, bool]:
    """Give the floor of this level, created (under ``public_id``) if missing; does not commit."""
    for floor in building.floors:
        if floor.level == level:
            return floor, False
    actor.require(Action.EDIT_PLACES, building.id)
    if level not in LEVELS:
        raise InvalidInput(
            Problem(
                msg("There is no such level in any building."),
                msg("Count from 0 for the ground floor."),
                field="level",
                value=str(level),
            )
        )
    require_ascending(building.floors, level, values.elevation_m)
    floor = Floor(building_id=building.id, level=level, public_id=public_id or uuid.uuid4())
    _apply_floor(floor, values)
    building.floors.append(floor)
    session.add(floor)
    session.flush()
    return floor, True


def add_floor(session: Session, actor: Actor, ref: str, level: int, values: FloorValues) -> Floor:
    """Add a floor whose level must not exist yet in its building.

    Raises
    ------
    InvalidInput
        There is a floor of this level, or a value is out of range.
    """
    building = find_building(session, actor, ref)
    floor, is_new = ensure_floor(session, actor, building, level, values)
    if not is_new:
        raise InvalidInput(
            Problem(
                msg("The building already has this floor."),
                msg("Choose another level."),
                field="level",
                value=str(level),
            )
        )
    session.commit()
    return floor


def edit_floor(
    session: Session, actor: Actor, ref: str, values: FloorValues, version: int | None
) -> Floor:
    """Change what people edit about a floor.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is out of range, or the floor would lie below one of a lower level.
    """
    floor = find_floor(session, actor, ref).floor
    actor.require(Action.EDIT_PLACES, floor.building_id)
    require_version(session, floor, version)
    require_ascending(floor.building.floors, floor.level, values.elevation_m)
    _apply_floor(floor, values)
    session.commit()
    return floor


def require_ascending(floors: Iterable[Floor], level: int, elevation_m: float | None) -> None:
    """Refuse an elevation that does not rise with the level.

    Raises
    ------
    InvalidInput
        Names the floor that stands in the way.
    """
    if elevation_m is None:
        return
    for other in floors:
        if other.elevation_m is None or other.level == level:
            continue
        if (other.level < level) != (other.elevation_m < elevation_m) or (
            other.elevation_m == elevation_m
        ):
            raise InvalidInput(
                Problem(
                    msg(
                        "%(floor)s lies at %(elevation).2f m: a higher floor must lie above it, a"
                        " lower one below.",
                        floor=other.name,
                        elevation=other.elevation_m,
                    ),
                    msg("Check the elevations of both floors, or leave this one empty."),
                    field="elevation_m",
                    value=f"{elevation_m:g}",
                )
            )


def _apply_floor(floor: Floor, values: FloorValues) -> None:
    if not 1.0 <= values.height_m <= 50.0:
        raise InvalidInput(
            Problem(
                msg("A storey is between 1 m and 50 m high."),
                msg("Give the height from floor to floor in metres."),
                field="height_m",
                value=str(values.height_m),
            )
        )
    if values.elevation_m is not None and not abs(values.elevation_m) <= HIGHEST_ELEVATION_M:
        raise InvalidInput(
            Problem(
                msg("This is no elevation of a floor."),
                msg("Give metres above the building's zero, or leave it empty."),
                field="elevation_m",
                value=str(values.elevation_m),
            )
        )
    floor.name = values.name or default_floor_name(floor.level)
    floor.height_m, floor.elevation_m = values.height_m, values.elevation_m


def default_floor_name(level: int) -> str:
    """Give the usual German name of a level."""
    if level == 0:
        return "EG"
    return f"{level}. OG" if level > 0 else f"{-level}. UG"


def list_rooms(session: Session, actor: Actor, floor: Floor) -> list[Room]:
    """Give the rooms of a floor that the actor may know of."""
    return [
        room
        for room in places.list_rooms(session, floor.id)
        if public_sight.sees_room(actor, room, floor.building_id)
    ]
