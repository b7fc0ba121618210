"""Selects behind the search: one function a kind, each within scopes and with a limit.

A function takes the session, the text, the places in which somebody may see the kind, and how many
rows to give at the most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch
from wlantrack.store.models.demand import Uplink
from wlantrack.store.models.milestones import Milestone, WorkPackage
from wlantrack.store.models.networks import Ssid, Vlan
from wlantrack.store.models.permits import Order, Penetration, Permit
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.models.work import Crew
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.scopes import in_places, in_reach, is_public_room

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Collection
    from typing import TypeAlias

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from wlantrack.store.queries.scopes import Pairs, Reach

    Text: TypeAlias = InstrumentedAttribute[str]
    PlaceId: TypeAlias = InstrumentedAttribute[int]
    OnFloor: TypeAlias = CableRun | Distributor | Outlet | Penetration
    OfProgramme: TypeAlias = Milestone | Order | Permit | WorkPackage
    Found: TypeAlias = Select[*tuple[Any, ...]]
    Find: TypeAlias = Callable[[Session, str, Pairs, int], list["SearchRow"]]
    FindOfClasses: TypeAlias = Callable[[Session, str, Collection[str], int], list["SearchRow"]]


@dataclass(frozen=True)
class SearchRow:
    """What was found: its code and name, where it lies, and the ids of it and of that place."""

    code: str
    name: str
    place: str
    public_id: uuid.UUID
    place_id: uuid.UUID | None = None


def contains_words(words: Collection[str], columns: Collection[Text]) -> ColumnElement[bool]:
    """Ask that every word stands in one of the columns, whatever its case."""
    return and_(
        true(),
        *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words),
    )


def _fetch(session: Session, query: Found, code: Text, text: str, limit: int) -> list[SearchRow]:
    """Give the rows, those first whose code is the text, then those that begin with its last word."""
    rank = (
        func.lower(code) != text.lower(),
        ~code.istartswith(text.rsplit(maxsplit=1)[-1], autoescape=True),
        code,
    )
    return [SearchRow(*row) for row in session.execute(query.order_by(*rank).limit(limit))]


def _in_buildings(pairs: Pairs, building_id: PlaceId) -> ColumnElement[bool]:
    """Restrict to the buildings of which somebody may see any part."""
    if pairs is None:
        return true()
    return building_id.in_({building for building, _ in pairs})


def _on_floors(kind: type[OnFloor], code: Text, name: Text, *others: Text) -> Find:
    """Make a search for what stands on floors, by its code, name and ``others``."""

    def find(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
        place = Building.name + ", " + Floor.name
        query = (
            select(code, name, place, kind.public_id, Building.public_id)
            .join(Floor, Floor.id == kind.floor_id)
            .join(Building, Building.id == Floor.building_id)
            .where(
                contains_words(text.split(), (code, name, *others)),
                in_places(pairs, Floor.building_id, kind.wing_id),
            )
        )
        return _fetch(session, query, code, text, limit)

    return find


def _of_programme(kind: type[OfProgramme], name: Text, *others: Text) -> Find:
    """Make a search for what belongs to a wing, a building or the whole programme."""

    def find(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
        query = (
            select(kind.code, name, func.coalesce(Building.name, ""), kind.public_id)
            .outerjoin(Building, Building.id == kind.building_id)
            .where(
                contains_words(text.split(), (kind.code, name, *others)),
                in_places(pairs, kind.building_id, kind.wing_id),
            )
        )
        return _fetch(session, query, kind.code, text, limit)

    return find


def _of_networks(kind: type[Vlan | Ssid]) -> FindOfClasses:
    """Make a search for what belongs to network classes."""

    def find(session: Session, text: str, classes: Collection[str], limit: int) -> list[SearchRow]:
        query = select(kind.code, kind.name, kind.network_class, kind.public_id).where(
            contains_words(text.split(), (kind.code, kind.name)), kind.network_class.in_(classes)
        )
        return _fetch(session, query, kind.code, text, limit)

    return find


find_cable_runs = _on_floors(CableRun, CableRun.label, CableRun.legacy_id)
find_distributors = _on_floors(Distributor, Distributor.code, Distributor.name)
find_outlets = _on_floors(Outlet, Outlet.code, Outlet.note)
find_penetrations = _on_floors(
    Penetration, Penetration.code, Penetration.place, Penetration.approval
)
find_permits = _of_programme(Permit, Permit.authority, Permit.reference)
find_orders = _of_programme(Order, Order.name, Order.firm)
find_milestones = _of_programme(Milestone, Milestone.name)
find_packages = _of_programme(WorkPackage, WorkPackage.name)
find_vlans = _of_networks(Vlan)
find_ssids = _of_networks(Ssid)


def find_buildings(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find buildings by code, name or address."""
    query = select(Building.code, Building.name, Building.address, Building.public_id).where(
        contains_words(text.split(), (Building.code, Building.name, Building.address)),
        _in_buildings(pairs, Building.id),
    )
    return _fetch(session, query, Building.code, text, limit)


def find_wings(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find wings by code or name; ``RH/MP`` names one as well."""
    words = text.replace("/", " ").split()
    query = (
        select(
            Building.code + "/" + Wing.code,
            Wing.name,
            Building.name,
            Wing.public_id,
            Building.public_id,
        )
        .join(Building, Building.id == Wing.building_id)
        .where(
            contains_words(words, (Wing.code, Wing.name, Building.code)),
            # What names the building alone is no search for all its wings.
            or_(false(), *(contains_words([word], (Wing.code, Wing.name)) for word in words)),
            in_places(pairs, Wing.building_id, Wing.id),
        )
    )
    return _fetch(session, query, Wing.code, text, limit)


def find_crews(session: Session, text: str, limit: int) -> list[SearchRow]:
    """Find crews by code, name or firm."""
    query = select(Crew.code, Crew.name, Crew.firm, Crew.public_id).where(
        contains_words(text.split(), (Crew.code, Crew.name, Crew.firm))
    )
    return _fetch(session, query, Crew.code, text, limit)


def find_rooms(session: Session, text: str, reach: Reach, limit: int) -> list[SearchRow]:
    """Find rooms by number or name, together with their building's code."""
    words = text.split()
    query = (
        select(
            Room.number,
            Room.name,
            Building.name + ", " + Floor.name,
            Room.public_id,
            Floor.public_id,
        )
        .join(Floor, Floor.id == Room.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            contains_words(words, (Room.number, Room.name, Building.code)),
            or_(false(), *(contains_words([word], (Room.number, Room.name)) for word in words)),
            in_reach(reach, Floor.building_id, Room.wing_id, is_public_room()),
        )
    )
    return _fetch(session, query, Room.number, text, limit)


def find_access_points(
    session: Session, text: str, reach: Reach, details: Pairs, limit: int
) -> list[SearchRow]:
    """Find access points by code, and where ``details`` reaches by serial, MAC or old id."""
    is_told = in_places(details, Floor.building_id, AccessPoint.wing_id)
    words = text.split()
    query = (
        select(
            AccessPoint.code,
            case((is_told, AccessPoint.serial), else_=""),
            Building.name + ", " + Floor.name,
            AccessPoint.public_id,
            Floor.public_id,
        )
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            or_(
                contains_words(words, (AccessPoint.code,)),
                and_(
                    is_told,
                    contains_words(
                        words,
                        (
                            AccessPoint.code,
                            AccessPoint.serial,
                            AccessPoint.mac,
                            AccessPoint.legacy_id,
                        ),
                    ),
                ),
            ),
            in_scopes(reach),
        )
    )
    return _fetch(session, query, AccessPoint.code, text, limit)


def find_switches(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find switches by code, model or serial number; they lie where their distributor does."""
    query = (
        select(
            Switch.code,
            Switch.model,
            Building.name + ", " + Floor.name,
            Switch.public_id,
            Building.public_id,
        )
        .join(Distributor, Distributor.id == Switch.distributor_id)
        .join(Floor, Floor.id == Distributor.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            contains_words(text.split(), (Switch.code, Switch.model, Switch.serial)),
            in_places(pairs, Floor.building_id, Distributor.wing_id),
        )
    )
    return _fetch(session, query, Switch.code, text, limit)


def find_uplinks(
    session: Session, text: str, pairs: Pairs, internal: Pairs, limit: int
) -> list[SearchRow]:
    """Find uplinks by code or provider; those of other networks than the visitors' by ``internal``."""
    is_open = or_(Uplink.network_class.is_(None), Uplink.network_class == "visitor")
    whole = None if pairs is None else [pair for pair in pairs if pair[1] is None]
    whole_internal = None if internal is None else [pair for pair in internal if pair[1] is None]
    query = (
        select(Uplink.code, Uplink.provider, Building.name, Uplink.public_id, Building.public_id)
        .join(Building, Building.id == Uplink.building_id)
        .where(
            contains_words(text.split(), (Uplink.code, Uplink.provider)),
            _in_buildings(whole, Uplink.building_id),
            or_(is_open, _in_buildings(whole_internal, Uplink.building_id)),
        )
    )
    return _fetch(session, query, Uplink.code, text, limit)
