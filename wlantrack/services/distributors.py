"""Distributors and outlets: the two kinds of places at which cable runs end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, msg
from wlantrack.services import belongings, history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cabling_places import (
    PlaceValues,
    next_number,
    put_in_place,
    resolve_place,
    still_in_use,
    taken_code,
)
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import Distributor, Outlet
from wlantrack.store.queries import cabling as queries
from wlantrack.store.queries.cabling import PartFilter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.cabling_places import StandingPlace
    from wlantrack.services.history import Entry
    from wlantrack.store.models.places import Floor, Room
    from wlantrack.store.queries.cabling import DistributorRow, OutletRow
    from wlantrack.store.queries.paging import Page

__all__ = ["PartFilter"]


@dataclass(frozen=True)
class DistributorValues:
    """What people edit about a distributor; an empty code gets the next free one."""

    place: PlaceValues
    code: str = ""
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class OutletValues:
    """What people edit about an outlet; an empty code gets the next free one."""

    place: PlaceValues
    code: str = ""
    note: str = ""


def list_distributors(
    session: Session, actor: Actor, narrow: PartFilter, page: Page
) -> tuple[list[DistributorRow], int]:
    """Give one page of the distributors in scope, and how many match."""
    pairs = scope_pairs(actor, Action.SEE_CABLING)
    return queries.list_distributors(session, pairs, narrow, page)


def all_distributors(session: Session, actor: Actor) -> list[Distributor]:
    """Give every distributor in scope with its place, to choose from."""
    return queries.load_distributors(session, scope_pairs(actor, Action.SEE_CABLING))


def list_on_floor(session: Session, actor: Actor, floor: Floor) -> list[Distributor]:
    """Give the distributors in scope on a floor whose position is known, by code."""
    found = queries.list_distributors_on(session, floor.id)
    return [
        item for item in found if actor.can(Action.SEE_CABLING, floor.building_id, item.wing_id)
    ]


def list_outlets(
    session: Session, actor: Actor, narrow: PartFilter, page: Page
) -> tuple[list[OutletRow], int]:
    """Give one page of the outlets in scope, and how many match."""
    return queries.list_outlets(session, scope_pairs(actor, Action.SEE_CABLING), narrow, page)


def find_distributor(session: Session, actor: Actor, ref: str) -> Distributor:
    """Give a distributor by public id, with its place.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = queries.get_distributor(session, public_id) if public_id else None
    if found is None or not actor.can(Action.SEE_CABLING, found.floor.building_id, found.wing_id):
        raise NotFound(msg("There is no such distributor; perhaps somebody has deleted it."))
    return found


def find_outlet(session: Session, actor: Actor, ref: str) -> Outlet:
    """Give an outlet by public id, with its place.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = queries.get_outlet(session, public_id) if public_id else None
    if found is None or not actor.can(Action.SEE_CABLING, found.floor.building_id, found.wing_id):
        raise NotFound(msg("There is no such outlet; perhaps somebody has deleted it."))
    return found


def list_history(session: Session, actor: Actor, record: Distributor | Outlet) -> list[Entry]:
    """Give what happened to a record that was found before, the latest first."""
    return history.list_of_record(session, actor, record.__tablename__, record.public_id)


def next_distributor_code(session: Session, place: StandingPlace) -> str:
    """Give the next free code of a floor's distributors, such as ``RH-EV3.1``."""
    prefix = f"{place.floor.building.code}-EV{place.floor.level}."
    codes = queries.list_codes(session, Distributor, prefix)
    return f"{prefix}{next_number(codes, prefix)}"


def next_outlet_code(session: Session, place: StandingPlace) -> str:
    """Give the next free code of a floor's and wing's outlets, such as ``RH-MP-3-DO-07``."""
    wing = f"{place.wing.code}-" if place.wing else ""
    prefix = f"{place.floor.building.code}-{wing}{place.floor.level}-DO-"
    codes = queries.list_codes(session, Outlet, prefix)
    return f"{prefix}{next_number(codes, prefix):02d}"


def add_distributor(session: Session, actor: Actor, values: DistributorValues) -> Distributor:
    """Add a distributor.

    Raises
    ------
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    place = _require_place(session, actor, values.place)
    code = values.code.strip() or next_distributor_code(session, place)
    if queries.find_by_code(session, Distributor, code):
        raise taken_code(code)
    record = Distributor(public_id=uuid.uuid4(), code=code, name=values.name, note=values.note)
    put_in_place(record, place)
    session.add(record)
    session.commit()
    return record


def _require_place(
    session: Session, actor: Actor, values: PlaceValues, kept: Room | None = None
) -> StandingPlace:
    place = resolve_place(session, actor, values, kept)
    actor.require(
        Action.EDIT_CABLING, place.floor.building_id, place.wing.id if place.wing else None
    )
    return place


def edit_distributor(
    session: Session, actor: Actor, ref: str, values: DistributorValues, version: int | None
) -> Distributor:
    """Change a distributor; its attachments move with it.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    record = find_distributor(session, actor, ref)
    _require_edit(session, actor, record, version)
    place = _require_place(session, actor, values.place, record.room)
    code = values.code.strip() or record.code
    if code != record.code and queries.find_by_code(session, Distributor, code):
        raise taken_code(code)
    with session.no_autoflush:  # one change, one version, one event
        record.code, record.name, record.note = code, values.name, values.note
        put_in_place(record, place)
        belongings.move_belongings(session, record, place.floor, record.wing_id)
    session.commit()
    return record


def _require_edit(
    session: Session, actor: Actor, record: Distributor | Outlet, version: int | None
) -> None:
    actor.require(Action.EDIT_CABLING, record.floor.building_id, record.wing_id)
    require_version(session, record, version)


def delete_distributor(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a distributor with its attachments.

    Raises
    ------
    InvalidInput
        Runs or switches still hang on it.
    """
    record = find_distributor(session, actor, ref)
    _delete(session, actor, record, version)


def _delete(
    session: Session, actor: Actor, record: Distributor | Outlet, version: int | None
) -> None:
    _require_edit(session, actor, record, version)
    uses = queries.count_uses(session, record)
    if uses:
        raise still_in_use(record.code, uses)
    belongings.delete_belongings(session, record)
    session.delete(record)
    session.commit()


def add_outlet(session: Session, actor: Actor, values: OutletValues) -> Outlet:
    """Add an outlet.

    Raises
    ------
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    place = _require_place(session, actor, values.place)
    code = values.code.strip() or next_outlet_code(session, place)
    if queries.find_by_code(session, Outlet, code):
        raise taken_code(code)
    record = Outlet(public_id=uuid.uuid4(), code=code, note=values.note)
    put_in_place(record, place)
    session.add(record)
    session.commit()
    return record


def edit_outlet(
    session: Session, actor: Actor, ref: str, values: OutletValues, version: int | None
) -> Outlet:
    """Change an outlet.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    record = find_outlet(session, actor, ref)
    _require_edit(session, actor, record, version)
    place = _require_place(session, actor, values.place, record.room)
    code = values.code.strip() or record.code
    if code != record.code and queries.find_by_code(session, Outlet, code):
        raise taken_code(code)
    with session.no_autoflush:  # one change, one version, one event
        record.code, record.note = code, values.note
        put_in_place(record, place)
        belongings.move_belongings(session, record, place.floor, record.wing_id)
    session.commit()
    return record


def delete_outlet(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete an outlet.

    Raises
    ------
    InvalidInput
        Runs still end at it.
    """
    _delete(session, actor, find_outlet(session, actor, ref), version)
