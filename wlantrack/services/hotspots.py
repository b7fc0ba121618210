"""Public hotspots: who may publish what, and where; nothing here is shown to the public itself.

Decides that whoever edits a hotspot may publish it, since a changed text is on the net at once, and
that only visitor networks can be offered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.geometry.frame import BuildingFrame
from wlantrack.networks.plan import VISITOR
from wlantrack.networks.public import POSITION_DIGITS
from wlantrack.services import history, place_refs, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import require_selection
from wlantrack.services.networks import require_code
from wlantrack.services.published import visitor_networks
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.hotspots import PublicHotspot
from wlantrack.store.queries import hotspots as queries
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries.hotspots import HotspotFilter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.bulk_changes import Selected
    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.store.models.networks import Ssid
    from wlantrack.store.models.places import Building, Floor, Wing
    from wlantrack.store.queries.hotspots import HotspotRow

__all__ = ["HotspotFilter"]

STATE_WORDS = {
    "draft": msg("not published"),
    "shown": msg("published"),
    "silent": msg("published, but not on air"),
}
"""What the public sees of a hotspot."""

LENGTHS: Mapping[str, int] = {
    "code": 40,
    "name": 120,
    "address": 200,
    "place": 200,
    "opening_hours": 200,
    "note": 500,
}
_TEXTS = ("name", "address", "place", "opening_hours", "note")


@dataclass(frozen=True)
class HotspotValues:
    """What people edit about a hotspot; ``where`` is a building, wing or floor, such as RH/MP/0.

    Everything but code, ``where`` and note is shown to the public once it is published. An empty
    code is made up.
    """

    where: str
    ssid: str
    name: str
    address: str
    code: str = ""
    place: str = ""
    opening_hours: str = ""
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a hotspot is, as records."""

    building: Building
    wing: Wing | None = None
    floor: Floor | None = None


def state_of(*, is_published: bool, is_on_air: bool) -> str:
    """Give what the public sees of a hotspot: draft | shown | silent."""
    if not is_published:
        return "draft"
    return "shown" if is_on_air else "silent"


def where_of(hotspot: PublicHotspot) -> str:
    """Give the building, wing or floor of a hotspot, such as RH/MP/0."""
    parts = [hotspot.building.code]
    if hotspot.wing is not None:
        parts.append(hotspot.wing.code)
    if hotspot.floor is not None:
        parts.append(str(hotspot.floor.level))
    return "/".join(parts)


def list_hotspots(
    session: Session, actor: Actor, narrow: HotspotFilter, page: Page
) -> tuple[list[HotspotRow], int]:
    """Give one page of the hotspots in scope, and how many match."""
    actor.require_somewhere(Action.SEE_HOTSPOTS)
    scopes = actor.scope_pairs(Action.SEE_HOTSPOTS)
    return queries.list_rows(session, scopes, visitor_networks(session), narrow, page)


def find_hotspot(session: Session, actor: Actor, ref: str) -> PublicHotspot:
    """Give a hotspot by code or public id, with place and SSID.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    hotspot = queries.get_hotspot(session, places.parse_uuid(ref) or ref)
    if hotspot is None or not actor.can(Action.SEE_HOTSPOTS, hotspot.building_id, hotspot.wing_id):
        raise NotFound(msg("There is no such hotspot, or it is outside your area."))
    return hotspot


def find_state(session: Session, hotspot: PublicHotspot) -> str:
    """Give what the public sees of a hotspot now."""
    is_on_air = queries.is_on_air(session, hotspot.id, visitor_networks(session))
    return state_of(is_published=hotspot.is_published, is_on_air=is_on_air)


def list_history(session: Session, actor: Actor, hotspot: PublicHotspot) -> list[Entry]:
    """Give what happened to a hotspot that the actor has found, the latest first."""
    return history.list_of_record(session, actor, "public_hotspot", hotspot.public_id, frozenset())


def list_ssids(session: Session) -> list[tuple[str, str]]:
    """Give code and name of the visitor networks that can be offered."""
    found = network_queries.list_for_resolution(session, (VISITOR,))
    return [(ssid.code, ssid.name) for ssid in found if ssid.state != "retired"]


def list_places(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give code and name of the buildings, wings and floors in which the actor may publish."""
    visible = places.visible_buildings(actor, Action.PUBLISH_HOTSPOTS)
    choices = []
    for building in place_queries.list_whole_buildings(session, visible):
        if actor.can(Action.PUBLISH_HOTSPOTS, building.id):
            choices.append((building.code, building.name))
            choices += [
                (f"{building.code}/{floor.level}", f"{building.name}, {floor.name}")
                for floor in building.floors
            ]
        for wing in building.wings:
            if actor.can(Action.PUBLISH_HOTSPOTS, building.id, wing.id):
                code, name = f"{building.code}/{wing.code}", f"{building.name}, {wing.name}"
                choices.append((code, name))
                choices += [
                    (f"{code}/{floor.level}", f"{name}, {floor.name}") for floor in building.floors
                ]
    return choices


def suggest(session: Session, actor: Actor, where: str, crs: str) -> HotspotValues:
    """Give what a new hotspot of a place could say, from the building's record.

    Raises
    ------
    InvalidInput
        There is no such place.
    """
    spot = find_spot(session, actor, where)
    building = spot.building
    latitude, longitude = _find_centre(spot, crs) or (None, None)
    ssids = list_ssids(session)
    name = building.name if spot.wing is None else f"{building.name}, {spot.wing.name}"
    return HotspotValues(
        where,
        ssids[0][0] if ssids else "",
        name[: LENGTHS["name"]],
        building.address,
        opening_hours=building.opening_hours,
        latitude_deg=latitude,
        longitude_deg=longitude,
    )


def _find_centre(spot: Spot, crs: str) -> tuple[float, float] | None:
    """Give latitude and longitude of the middle of a wing, else of its building, to about 10 m."""
    building, outline = spot.building, None if spot.wing is None else spot.wing.outline
    east, north = building.origin_easting_m, building.origin_northing_m
    if outline is not None and east is not None and north is not None:
        frame, centre = BuildingFrame(east, north, building.rotation_deg, crs), outline
    elif building.footprint is not None:
        frame, centre = BuildingFrame(0.0, 0.0, 0.0, crs), building.footprint
    elif east is not None and north is not None:
        frame, centre = BuildingFrame(east, north, 0.0, crs), shapely.Point(0.0, 0.0)
    else:
        return None
    middle = shapely.point_on_surface(centre)
    longitude, latitude = frame.to_wgs84((middle.x, middle.y)).tolist()
    return round(latitude, POSITION_DIGITS), round(longitude, POSITION_DIGITS)


def find_spot(session: Session, actor: Actor, where: str) -> Spot:
    """Give the building, wing and floor of a place.

    Raises
    ------
    InvalidInput
        There is no such place in scope.
    """
    try:
        ref = place_refs.split_place_ref(where.strip())
        building = places.find_building(session, actor, ref.building)
    except (NotFound, InvalidInput) as error:
        raise _no_place(where) from error
    wing = next((wing for wing in building.wings if wing.code == ref.wing), None)
    floor = next((floor for floor in building.floors if floor.level == ref.level), None)
    if (wing is None) != (ref.wing is None) or (floor is None) != (ref.level is None):
        raise _no_place(where)
    return Spot(building, wing, floor)


def _no_place(where: str) -> InvalidInput:
    return _refuse(
        msg("There is no such place."),
        msg("Write a building such as RH, a wing such as RH/MP, or a floor such as RH/MP/0."),
        "where",
        where,
    )


def add_hotspot(session: Session, actor: Actor, values: HotspotValues) -> PublicHotspot:
    """Add a hotspot; nobody sees it before it is published.

    Raises
    ------
    InvalidInput
        A value is missing or cannot be, or the code is taken.
    """
    hotspot = PublicHotspot(
        public_id=uuid.uuid4(), open_id=uuid.uuid4(), is_published=False, code=""
    )
    with session.no_autoflush:
        apply_values(session, actor, hotspot, values)
    session.add(hotspot)
    session.commit()
    return hotspot


def edit_hotspot(
    session: Session, actor: Actor, ref: str, values: HotspotValues, version: int | None
) -> PublicHotspot:
    """Change a hotspot.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is missing or cannot be, or the code is taken.
    """
    hotspot = find_hotspot(session, actor, ref)
    actor.require(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id)
    require_version(session, hotspot, version)
    with session.no_autoflush:
        apply_values(session, actor, hotspot, values)
    session.commit()
    return hotspot


def set_published(
    session: Session, actor: Actor, selected: Sequence[Selected], reason: str, *, is_published: bool
) -> list[PublicHotspot]:
    """Publish hotspots, or take them off the page, all or none of them.

    Parameters
    ----------
    reason
        Why; it stays in the history of each.

    Raises
    ------
    NotFound
        One of them is out of scope.
    Conflict
        Somebody else has changed one of them since it was seen.
    InvalidInput
        The reason is missing, nothing is selected, or one offers no visitor network.
    """
    require_selection(selected)
    if not reason.strip():
        raise _refuse(
            msg("The reason is missing."),
            msg("Say in a few words why; it stays in the history."),
            "reason",
            reason,
        )
    found = []
    for item in selected:
        hotspot = find_hotspot(session, actor, item.ref)
        actor.require(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id)
        require_version(session, hotspot, item.version)
        if hotspot.ssid.network_class != VISITOR and is_published:
            raise _not_for_visitors(hotspot.ssid)
        found.append(hotspot)
    changed = [hotspot for hotspot in found if hotspot.is_published != is_published]
    for hotspot in changed:
        hotspot.is_published = is_published
    with audit.in_context(session, actor.audit(reason.strip()[:200])):
        session.commit()
    return changed


def find_selected(
    session: Session, actor: Actor, selected: Sequence[Selected]
) -> list[PublicHotspot]:
    """Give the ticked hotspots, by name.

    Raises
    ------
    NotFound
        One of them is out of scope.
    InvalidInput
        Nothing is selected, or too much.
    """
    require_selection(selected)
    found = [find_hotspot(session, actor, item.ref) for item in selected]
    return sorted(found, key=lambda hotspot: hotspot.name.casefold())


def delete_hotspot(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete a hotspot that is not published, and give its name.

    Raises
    ------
    InvalidInput
        It is published.
    Conflict
        Somebody else has changed it since.
    """
    hotspot = find_hotspot(session, actor, ref)
    actor.require(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id)
    require_version(session, hotspot, version)
    if hotspot.is_published:
        raise _refuse(
            msg("A published hotspot cannot be deleted."),
            msg("Take it off the page first, with a reason."),
            "is_published",
            hotspot.code,
        )
    session.delete(hotspot)
    session.commit()
    return hotspot.name


def apply_values(
    session: Session, actor: Actor, hotspot: PublicHotspot, values: HotspotValues
) -> None:
    """Check values and set them; does not commit.

    Raises
    ------
    InvalidInput
        A value is missing or cannot be, or the code belongs to another hotspot.
    """
    spot = find_spot(session, actor, values.where)
    actor.require(
        Action.PUBLISH_HOTSPOTS, spot.building.id, None if spot.wing is None else spot.wing.id
    )
    _check_texts(values)
    _check_position(values)
    ssid = network_queries.get_ssid(session, values.ssid)
    if ssid is None or ssid.network_class != VISITOR:
        raise _not_for_visitors(ssid, values.ssid)
    code = values.code.strip() or make_code(session, spot.building.code)
    other = queries.get_hotspot(session, code)
    hotspot.code = require_code(code, is_taken=other is not None and other is not hotspot)
    hotspot.building_id, hotspot.building = spot.building.id, spot.building
    hotspot.wing_id, hotspot.wing = (None, None) if spot.wing is None else (spot.wing.id, spot.wing)
    hotspot.floor_id, hotspot.floor = (
        (None, None) if spot.floor is None else (spot.floor.id, spot.floor)
    )
    hotspot.ssid_id, hotspot.ssid = ssid.id, ssid
    for field in _TEXTS:
        setattr(hotspot, field, getattr(values, field).strip())
    for field in ("latitude_deg", "longitude_deg"):
        value = getattr(values, field)
        setattr(hotspot, field, None if value is None else round(value, POSITION_DIGITS))


def make_code(session: Session, building: str) -> str:
    """Give the next free code of a building, such as RH-WLAN-3."""
    taken, number = queries.list_codes(session, f"{building}-WLAN-"), 1
    while f"{building}-WLAN-{number}" in taken:
        number += 1
    return f"{building}-WLAN-{number}"


def _check_texts(values: HotspotValues) -> None:
    problems = [
        Problem(
            msg("The public needs this to find the place."),
            msg("Please fill it in."),
            field=field,
        )
        for field in ("name", "address")
        if not getattr(values, field).strip()
    ]
    for field, length in LENGTHS.items():
        text = getattr(values, field)
        if len(text) > length:
            message = msg("This is longer than %(count)d characters.", count=length)
            problems.append(Problem(message, msg("Shorten it."), field=field, value=text[:40]))
    if problems:
        raise InvalidInput(*problems)


def _check_position(values: HotspotValues) -> None:
    limits = {"latitude_deg": 90.0, "longitude_deg": 180.0}
    given = {field: getattr(values, field) for field in limits}
    for field, value in given.items():
        if value is not None and not abs(value) <= limits[field]:  # NaN ends here too
            raise _refuse(
                msg("This is no position on the globe."),
                msg("Write degrees such as 48.7755 and 9.1801."),
                field,
                f"{value:g}",
            )
    if (values.latitude_deg is None) != (values.longitude_deg is None):
        empty = next(field for field, value in given.items() if value is None)
        raise _refuse(
            msg("Latitude and longitude belong together."),
            msg("Give both, or leave both empty."),
            empty,
            "",
        )


def _not_for_visitors(ssid: Ssid | None, ref: str = "") -> InvalidInput:
    return _refuse(
        msg("There is no such visitor network."),
        msg("Choose an SSID of class visitor: no other may be shown to the public."),
        "ssid",
        ref if ssid is None else ssid.code,
    )


def _refuse(message: Message, remedy: Message, field: str, value: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field, value=value[:80] or None))
