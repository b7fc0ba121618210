"""Permits: list, find, add, change, and say which cable runs and access points they cover.

Decides that a permit covers what lies in its building, and in its wing if it has one. What it holds
up is decided in ``rollout/permits.py``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services import belongings, history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import (
    BulkResult,
    Selected,
)
from wlantrack.services.cabling_places import next_number, taken_code
from wlantrack.services.covering import cover_ticked, load_ticked, name_of, thing_of
from wlantrack.services.named_things import find_named, list_houses
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Permit, PermitSubject
from wlantrack.store.queries import permits as queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries.paging import Page
from wlantrack.store.queries.permits import PermitFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.history import Entry
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Building, Wing
    from wlantrack.store.queries.permits import PermitRow

__all__ = ["PermitFilter"]

LETTERS: Final = {
    "heritage": "DS",
    "fire protection": "BS",
    "pollutants": "SC",
    "staff council": "PR",
    "other": "G",
}
"""What codes of each kind begin with, after the building's: as German offices file them."""
OFFERED: Final = 2_000
PLAIN_FIELDS: Final = (
    "kind",
    "state",
    "authority",
    "reference",
    "applied_on",
    "expected",
    "granted_on",
    "expires_on",
    "conditions",
    "note",
)


@dataclass(frozen=True)
class PermitValues:
    """What people edit about a permit; an empty code gets the next free one."""

    building: str
    kind: str
    state: str = "needed"
    wing: str = ""
    code: str = ""
    authority: str = ""
    reference: str = ""
    applied_on: date | None = None
    expected: SpokenDate | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    conditions: str = ""
    note: str = ""


def list_permits(
    session: Session, actor: Actor, narrow: PermitFilter, page: Page
) -> tuple[list[PermitRow], int]:
    """Give one page of the permits in scope, and how many match."""
    return queries.list_permits(session, scope_pairs(actor, Action.SEE_CABLING), narrow, page)


def list_choices(
    session: Session, actor: Actor, selected: Sequence[Selected] = ()
) -> list[PermitRow]:
    """Give the permits that the actor may change, of the buildings that selected runs are in."""
    pairs = scope_pairs(actor, Action.EDIT_CABLING)
    rows, _ = queries.list_permits(session, pairs, PermitFilter(), Page(limit=OFFERED))
    houses = list_houses(session, selected)
    return [row for row in rows if not selected or row.building in houses]


def find_permit(session: Session, actor: Actor, ref: str) -> Permit:
    """Give a permit by code or public id, with its place and what it covers.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    permit = (
        queries.get_permit_by_code(session, ref)
        if public_id is None
        else queries.get_permit(session, public_id)
    )
    if permit is None or not actor.can(Action.SEE_CABLING, permit.building_id, permit.wing_id):
        raise NotFound(msg("There is no such permit; perhaps somebody has deleted it."))
    return permit


def list_history(session: Session, actor: Actor, permit: Permit) -> list[Entry]:
    """Give what happened to a permit that was found before, the latest first."""
    return history.list_of_record(session, actor, permit.__tablename__, permit.public_id)


def list_at_run(session: Session, run: CableRun) -> list[Permit]:
    """Give the permits that cover a run, by code."""
    return [permit for _, permit in queries.list_covering_runs(session, {run.id})]


def list_at_point(session: Session, point: AccessPoint) -> list[Permit]:
    """Give the permits that cover an access point, by code."""
    return [permit for _, permit in queries.list_covering_points(session, {point.id})]


def values_of(permit: Permit) -> PermitValues:
    """Give a permit's values, to change some of them."""
    return PermitValues(
        building=permit.building.code,
        wing=permit.wing.code if permit.wing else "",
        code=permit.code,
        **{name: getattr(permit, name) for name in PLAIN_FIELDS},
    )


def add_permit(session: Session, actor: Actor, values: PermitValues) -> Permit:
    """Add a permit that covers nothing yet.

    Raises
    ------
    InvalidInput
        Its place is unknown, a value impossible, or its code taken.
    """
    permit = Permit(public_id=uuid.uuid4(), subjects=[])
    _apply(session, actor, permit, values)
    session.add(permit)
    session.commit()
    return permit


def edit_permit(
    session: Session, actor: Actor, ref: str, values: PermitValues, version: int | None
) -> Permit:
    """Change a permit.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its place is unknown or leaves out what it covers, a value impossible, or its code taken.
    """
    permit = find_permit(session, actor, ref)
    actor.require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
    require_version(session, permit, version)
    with session.no_autoflush:  # one change, one version, one event
        _apply(session, actor, permit, values)
        belongings.move_attachments(session, permit, permit.building_id, permit.wing_id)
    session.commit()
    return permit


def delete_permit(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a permit; what it covered is then held up by it no more."""
    permit = find_permit(session, actor, ref)
    actor.require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
    require_version(session, permit, version)
    belongings.delete_belongings(session, permit)
    session.delete(permit)
    session.commit()


def _apply(session: Session, actor: Actor, permit: Permit, values: PermitValues) -> None:
    building = find_house(session, actor, values.building)
    wing = find_wing(building, values.wing.strip())
    actor.require(Action.EDIT_CABLING, building.id, wing.id if wing else None)
    code = values.code.strip() or permit.code or next_code(session, building, values.kind)
    if code != permit.code and queries.get_permit_by_code(session, code) is not None:
        raise taken_code(code)
    permit.code = code
    place_permit(permit, building, wing)
    for name in PLAIN_FIELDS:
        if getattr(permit, name) != getattr(values, name):
            setattr(permit, name, getattr(values, name))
    check_permit(permit)


def next_code(session: Session, building: Building, kind: str) -> str:
    """Give the next free code of a building's permits of a kind, such as ``RH-DS-2``."""
    prefix = f"{building.code}-{LETTERS.get(kind, 'G')}-"
    return f"{prefix}{next_number(queries.list_codes(session, prefix), prefix)}"


def find_house(session: Session, actor: Actor, code: str) -> Building:
    """Give a building of which the actor sees any part.

    Raises
    ------
    InvalidInput
        There is none of this code, or it is out of scope.
    """
    visible = places.visible_buildings(actor, Action.SEE_PLACES)
    building = place_queries.get_building_by_code(session, code)
    if building is None or (visible is not None and building.id not in visible):
        raise _refuse(msg("There is no such building."), msg("Choose one of the list."), "building")
    return building


def find_wing(building: Building, code: str) -> Wing | None:
    """Give a building's wing by code; none for no code.

    Raises
    ------
    InvalidInput
        The building has none of this code.
    """
    if not code:
        return None
    for wing in building.wings:
        if wing.code == code:
            return wing
    raise InvalidInput(
        Problem(
            msg("The building has no such wing."),
            msg("Write the wing's code such as MP, or leave it empty for the whole building."),
            field="wing",
            value=code,
        )
    )


def place_permit(permit: Permit, building: Building, wing: Wing | None) -> None:
    """Say for which building or wing a permit is; does not commit.

    Raises
    ------
    InvalidInput
        It covers something that lies elsewhere.
    """
    permit.building_id, permit.building = building.id, building
    permit.wing_id, permit.wing = (wing.id if wing else None), wing
    outside = [
        name_of(subject) for subject in permit.subjects if not _lies_in(permit, thing_of(subject))
    ]
    if outside:
        raise _refuse(
            msg("This permit covers %(names)s, which lie elsewhere.", names=tuple(outside[:5])),
            msg("Take them out of the permit first, or leave the wing empty."),
            "wing",
        )


def check_permit(permit: Permit) -> None:
    """Refuse a permit that cannot be.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    """
    problems = []
    for name, known in (("kind", PERMIT_KINDS), ("state", PERMIT_STATES)):
        if getattr(permit, name) not in known:
            problems.append(
                Problem(msg("There is no such choice."), msg("Choose one of the list."), field=name)
            )
    if permit.state == "granted" and permit.granted_on is None:
        problems.append(
            Problem(
                msg("A granted permit has a day on which it was granted."),
                msg("Enter the day that stands on the paper."),
                field="granted_on",
            )
        )
    for first, last, message in (
        ("applied_on", "granted_on", msg("It was granted before it was applied for.")),
        ("granted_on", "expires_on", msg("It ends before it was granted.")),
    ):
        begin, end = getattr(permit, first), getattr(permit, last)
        if begin is not None and end is not None and end < begin:
            problems.append(
                Problem(message, msg("Check both days."), field=last, value=end.isoformat())
            )
    if problems:
        raise InvalidInput(*problems)


def _lies_in(permit: Permit, thing: CableRun | AccessPoint) -> bool:
    is_inside = thing.floor.building_id == permit.building_id
    return is_inside and permit.wing_id in (None, thing.wing_id)


def cover(
    session: Session, actor: Actor, ref: str, selected: Sequence[Selected]
) -> tuple[Permit, BulkResult]:
    """Let a permit cover runs, row by row; what it covers already, or cannot, stays and says why.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected.
    NotFound
        There is no such permit in scope.
    """
    ticked = load_ticked(session, selected)
    permit = find_permit(session, actor, ref)
    actor.require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
    rows = cover_ticked(session, actor, ticked, lambda run: add_subject(permit, run))
    session.commit()
    return permit, BulkResult(permit.code, rows)


def add_subject(permit: Permit, thing: CableRun | AccessPoint) -> None:
    """Let a permit cover one thing; does not commit.

    Raises
    ------
    InvalidInput
        It covers it already, or the thing lies elsewhere.
    """
    name = belongings.name_of(thing)
    if any(thing_of(subject) is thing for subject in permit.subjects):
        raise _refuse(
            msg("%(code)s covers %(name)s already.", code=permit.code, name=name),
            msg("There is nothing to do."),
            "names",
        )
    if not _lies_in(permit, thing):
        place = f"{permit.building.code}/{permit.wing.code}" if permit.wing else None
        raise _refuse(
            msg(
                "%(name)s does not lie in %(place)s, for which this permit is.",
                name=name,
                place=place or permit.building.code,
            ),
            msg("Choose a permit of that place, or add one."),
            "names",
        )
    if isinstance(thing, CableRun):
        subject = PermitSubject(cable_run_id=thing.id, cable_run=thing)
        subject.access_point = None
    else:
        subject = PermitSubject(access_point_id=thing.id, access_point=thing)
        subject.cable_run = None
    subject.public_id = uuid.uuid4()
    permit.subjects.append(subject)


def cover_named(session: Session, actor: Actor, ref: str, names: Iterable[str]) -> int:
    """Let a permit cover runs by label and access points by code; all of them or none.

    Raises
    ------
    InvalidInput
        A name means nothing in scope, lies elsewhere, or is covered already.
    """
    permit = find_permit(session, actor, ref)
    actor.require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
    things = find_named(session, actor, list(names))
    if not things:
        raise _refuse(
            msg("Nothing is named."),
            msg("Write labels of runs or codes of access points."),
            "names",
        )
    for thing in things:
        add_subject(permit, thing)
    session.commit()
    return len(things)


def uncover(session: Session, actor: Actor, ref: str, subject_ids: Iterable[str]) -> int:
    """Take some things out of a permit, by the public ids of its subjects; give how many."""
    permit = find_permit(session, actor, ref)
    actor.require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
    wanted = {places.parse_uuid(text) for text in subject_ids}
    gone = [subject for subject in permit.subjects if subject.public_id in wanted]
    for subject in gone:
        permit.subjects.remove(subject)
    session.commit()
    return len(gone)


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
