"""Selects behind the search: one function a kind, each within scopes and with a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch
from wlantrack.store.models.demand import Uplink
from wlantrack.store.models.milestones import Milestone, WorkPackage
from wlantrack.store.models.networks import Ssid, Vlan
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.models.work import Crew
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.scopes import in_reach, is_public_room

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from typing import TypeAlias

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from wlantrack.store.queries.scopes import Reach

    Pairs: TypeAlias = Collection[tuple[int, int | None]] | None
    Text: TypeAlias = InstrumentedAttribute[str]
    PlaceId: TypeAlias = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    Found: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class SearchRow:
    """What was found: its code and name, where it lies, and the ids of it and of that place."""

    code: str
    name: str
    place: str
    public_id: uuid.UUID
    place_id: uuid.UUID | None = None


def in_pairs(
    pairs: Pairs, building_id: PlaceId, wing_id: PlaceId | None = None
) -> ColumnElement[bool]:
    """Restrict to (building id, wing id or None); without a wing column a whole building's pair.

    Where ``wing_id`` is not given, any pair of the building lets its record be found.
    """
    if pairs is None:
        return true()
    parts = [
        building_id == building
        if wing is None or wing_id is None
        else and_(building_id == building, wing_id == wing)
        for building, wing in pairs
    ]
    return or_(false(), *parts)


def contains_words(words: Collection[str], columns: Collection[Text]) -> ColumnElement[bool]:
    """Ask that every word stands in one of the columns, whatever its case."""
    return and_(
        true(),
        *(
            or_(
                *(
                    column.icontains(variant, autoescape=True)
                    for column in columns
                    for variant in _variants(word)
                )
            )
            for word in words
        ),
    )


def _variants(word: str) -> set[str]:
    """Give the spellings to look for: SQLite compares the case of plain letters only."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def _fetch(session: Session, query: Found, code: Text, text: str, limit: int) -> list[SearchRow]:
    """Give the rows, those first whose code is the text, then those that begin with its last word."""
    rank = (
        func.lower(code) != text.lower(),
        ~code.istartswith(text.rsplit(maxsplit=1)[-1], autoescape=True),
        code,
    )
    return [SearchRow(*row) for row in session.execute(query.order_by(*rank).limit(limit))]


def find_buildings(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find buildings by code, name or address."""
    query = select(Building.code, Building.name, Building.address, Building.public_id).where(
        contains_words(text.split(), (Building.code, Building.name, Building.address)),
        in_pairs(pairs, Building.id),
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
            in_pairs(pairs, Wing.building_id, Wing.id),
        )
    )
    return _fetch(session, query, Wing.code, text, limit)


def find_milestones(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find milestones by code or name."""
    query = (
        select(
            Milestone.code, Milestone.name, func.coalesce(Building.name, ""), Milestone.public_id
        )
        .outerjoin(Building, Building.id == Milestone.building_id)
        .where(
            contains_words(text.split(), (Milestone.code, Milestone.name)),
            in_pairs(pairs, Milestone.building_id, Milestone.wing_id),
        )
    )
    return _fetch(session, query, Milestone.code, text, limit)


def find_packages(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find work packages by code or name."""
    query = (
        select(WorkPackage.code, WorkPackage.name, Building.name, WorkPackage.public_id)
        .join(Building, Building.id == WorkPackage.building_id)
        .where(
            contains_words(text.split(), (WorkPackage.code, WorkPackage.name)),
            in_pairs(pairs, WorkPackage.building_id, WorkPackage.wing_id),
        )
    )
    return _fetch(session, query, WorkPackage.code, text, limit)


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
    is_told = in_pairs(details, Floor.building_id, AccessPoint.wing_id)
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


def find_cable_runs(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find cable runs by label or old id."""
    query = (
        select(
            CableRun.label,
            CableRun.legacy_id,
            Building.name + ", " + Floor.name,
            CableRun.public_id,
            Building.public_id,
        )
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            contains_words(text.split(), (CableRun.label, CableRun.legacy_id)),
            in_pairs(pairs, Floor.building_id, CableRun.wing_id),
        )
    )
    return _fetch(session, query, CableRun.label, text, limit)


def find_distributors(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find distributors by code or name."""
    query = (
        select(
            Distributor.code,
            Distributor.name,
            Building.name + ", " + Floor.name,
            Distributor.public_id,
            Building.public_id,
        )
        .join(Floor, Floor.id == Distributor.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            contains_words(text.split(), (Distributor.code, Distributor.name)),
            in_pairs(pairs, Floor.building_id, Distributor.wing_id),
        )
    )
    return _fetch(session, query, Distributor.code, text, limit)


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
            in_pairs(pairs, Floor.building_id, Distributor.wing_id),
        )
    )
    return _fetch(session, query, Switch.code, text, limit)


def find_outlets(session: Session, text: str, pairs: Pairs, limit: int) -> list[SearchRow]:
    """Find outlets by code."""
    query = (
        select(
            Outlet.code,
            Outlet.note,
            Building.name + ", " + Floor.name,
            Outlet.public_id,
            Building.public_id,
        )
        .join(Floor, Floor.id == Outlet.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(
            contains_words(text.split(), (Outlet.code,)),
            in_pairs(pairs, Floor.building_id, Outlet.wing_id),
        )
    )
    return _fetch(session, query, Outlet.code, text, limit)


def find_vlans(
    session: Session, text: str, classes: Collection[str], limit: int
) -> list[SearchRow]:
    """Find VLANs of some network classes by code or name."""
    query = select(Vlan.code, Vlan.name, Vlan.network_class, Vlan.public_id).where(
        contains_words(text.split(), (Vlan.code, Vlan.name)), Vlan.network_class.in_(classes)
    )
    return _fetch(session, query, Vlan.code, text, limit)


def find_ssids(
    session: Session, text: str, classes: Collection[str], limit: int
) -> list[SearchRow]:
    """Find SSIDs of some network classes by code or name."""
    query = select(Ssid.code, Ssid.name, Ssid.network_class, Ssid.public_id).where(
        contains_words(text.split(), (Ssid.code, Ssid.name)), Ssid.network_class.in_(classes)
    )
    return _fetch(session, query, Ssid.code, text, limit)


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
            in_pairs(whole, Uplink.building_id),
            or_(is_open, in_pairs(whole_internal, Uplink.building_id)),
        )
    )
    return _fetch(session, query, Uplink.code, text, limit)
