"""Penetrations of fire walls and slabs: list, find, add, change, carry through their states.

Decides that a further cable opens a seal again: a run that is added, or that is pulled. What each
state needs stands in ``rollout/lifecycle.py``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.rollout.lifecycle import PENETRATION_LIFECYCLE, Transition
from wlantrack.services import attachments, belongings, history, places, run_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cabling_places import (
    PlaceValues,
    next_number,
    resolve_place,
    taken_code,
)
from wlantrack.services.named_things import find_runs
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.permits import Penetration, PenetrationRun
from wlantrack.store.queries import penetrations as queries
from wlantrack.store.queries.penetrations import PenetrationFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.attachments import Upload
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.services.history import Entry
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.plan_files import PlanFiles
    from wlantrack.store.queries.paging import Page
    from wlantrack.store.queries.penetrations import PenetrationRow

__all__ = ["PenetrationFilter"]

SEALED: Final = frozenset({"sealed", "checked"})
PLAIN_FIELDS: Final = ("place", "fire_rating", "seal", "approval", "firm", "note")
LONGEST_TEXT: Final = 120


@dataclass(frozen=True)
class PenetrationValues:
    """What people edit about a penetration; an empty code gets the next free one."""

    standing: PlaceValues
    code: str = ""
    place: str = ""
    fire_rating: str = ""
    seal: str = ""
    approval: str = ""
    firm: str = ""
    note: str = ""


@dataclass(frozen=True)
class SealChange:
    """A change of a penetration's state: when it was made, on what evidence.

    ``approval`` is kept with the penetration, if it is given; ``today`` bounds ``done_on``.
    """

    target: str
    done_on: date
    today: date
    reason: str = ""
    approval: str = ""
    firm: str = ""
    photo: Upload | None = None


def list_penetrations(
    session: Session, actor: Actor, narrow: PenetrationFilter, page: Page
) -> tuple[list[PenetrationRow], int]:
    """Give one page of the penetrations in scope, and how many match."""
    pairs = scope_pairs(actor, Action.SEE_CABLING)
    return queries.list_penetrations(session, pairs, narrow, page)


def find_penetration(session: Session, actor: Actor, ref: str) -> Penetration:
    """Give a penetration by code or public id, with the runs through it.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = (
        queries.get_penetration_by_code(session, ref)
        if public_id is None
        else queries.get_penetration(session, public_id)
    )
    if found is None or not actor.can(Action.SEE_CABLING, *place_of(found)):
        raise NotFound(msg("There is no such penetration; perhaps somebody has deleted it."))
    return found


def place_of(penetration: Penetration) -> tuple[int, int | None]:
    """Give building id and wing id of a penetration."""
    return penetration.floor.building_id, penetration.wing_id


def list_through(actor: Actor, found: Penetration) -> list[PenetrationRun]:
    """Give the runs in scope that lead through a penetration, by label."""
    seen = [item for item in found.runs if run_sight.sees_inside(actor, item.cable_run)]
    return sorted(seen, key=lambda item: item.cable_run.label)


def list_history(session: Session, actor: Actor, found: Penetration) -> list[Entry]:
    """Give what happened to a penetration that was found before, the latest first."""
    return history.list_of_record(session, actor, found.__tablename__, found.public_id)


def list_of_run(session: Session, run: CableRun) -> list[Penetration]:
    """Give the penetrations that a run leads through, by code."""
    return [item for _, item in queries.list_through(session, {run.id})]


def list_possible(actor: Actor, found: Penetration) -> list[Transition]:
    """Give the changes that may follow, as far as this actor's roles allow."""
    roles = actor.roles_in(*place_of(found))
    return [item for item in PENETRATION_LIFECYCLE.list_targets(found.state) if item.roles & roles]


def values_of(found: Penetration) -> PenetrationValues:
    """Give a penetration's values, to change some of them."""
    standing = PlaceValues(
        places.floor_code(found.floor),
        found.wing.code if found.wing else "",
        "",
        found.x_m,
        found.y_m,
    )
    plain = {name: getattr(found, name) for name in PLAIN_FIELDS}
    return PenetrationValues(standing, found.code, **plain)


def add_penetration(session: Session, actor: Actor, values: PenetrationValues) -> Penetration:
    """Add a planned penetration.

    Raises
    ------
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    made = Penetration(public_id=uuid.uuid4(), state="planned", runs=[])
    _apply(session, actor, made, values)
    session.add(made)
    session.commit()
    return made


def edit_penetration(
    session: Session, actor: Actor, ref: str, values: PenetrationValues, version: int | None
) -> Penetration:
    """Change a penetration.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its place is unknown, or its code is taken.
    """
    found = find_penetration(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    require_version(session, found, version)
    with session.no_autoflush:  # one change, one version, one event
        _apply(session, actor, found, values)
        belongings.move_attachments(session, found, *place_of(found))
    session.commit()
    return found


def delete_penetration(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a penetration that nobody has drilled yet.

    Raises
    ------
    InvalidInput
        There is a hole already: it does not vanish with its record.
    """
    found = find_penetration(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    require_version(session, found, version)
    if found.state != "planned":
        raise _refuse(
            msg("This penetration is there: a hole does not vanish with its record."),
            msg("Seal it, or set it back to planned with a reason."),
            "state",
        )
    belongings.delete_belongings(session, found)
    session.delete(found)
    session.commit()


def _apply(session: Session, actor: Actor, found: Penetration, values: PenetrationValues) -> None:
    place = resolve_place(session, actor, values.standing)
    wing_id = place.wing.id if place.wing else None
    actor.require(Action.EDIT_CABLING, place.floor.building_id, wing_id)
    prefix = f"{places.floor_code(place.floor).replace('/', '-')}-D"
    code = values.code.strip() or found.code
    if not code:
        code = f"{prefix}{next_number(queries.list_codes(session, prefix), prefix):02d}"
    if code != found.code and queries.get_penetration_by_code(session, code) is not None:
        raise taken_code(code)
    found.code = code
    found.floor_id, found.floor = place.floor.id, place.floor
    found.wing_id, found.wing = wing_id, place.wing
    found.x_m, found.y_m = place.x_m, place.y_m
    for name in PLAIN_FIELDS:
        setattr(found, name, getattr(values, name))


def lead_through(session: Session, actor: Actor, ref: str, labels: Iterable[str]) -> bool:
    """Lead runs through a penetration, all or none; tell whether that opened its seal.

    Raises
    ------
    InvalidInput
        A label means nothing in scope, lies in another building, or leads through it already.
    """
    found = find_penetration(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    runs = find_runs(session, actor, list(labels))
    if not runs:
        raise _refuse(msg("Nothing is named."), msg("Write labels of cable runs."), "names")
    for run in runs:
        add_run(found, run)
    is_opened = reopen(found)
    if is_opened:
        audit.set_context(session, actor.audit(", ".join(run.label for run in runs)[:200]))
    session.commit()
    return is_opened


def add_run(found: Penetration, run: CableRun) -> None:
    """Lead one run through a penetration; does not commit, and does not open its seal.

    Raises
    ------
    InvalidInput
        It leads through it already, or lies in another building.
    """
    if any(item.cable_run is run for item in found.runs):
        raise _refuse(
            msg("%(name)s leads through %(code)s already.", name=run.label, code=found.code),
            msg("There is nothing to do."),
            "names",
        )
    if run.floor.building_id != found.floor.building_id:
        raise _refuse(
            msg("%(name)s does not lie in this building.", name=run.label),
            msg("Name runs of the building that the penetration is in."),
            "names",
        )
    link = PenetrationRun(public_id=uuid.uuid4(), cable_run_id=run.id, cable_run=run)
    found.runs.append(link)


def take_out(session: Session, actor: Actor, ref: str, link_ids: Iterable[str]) -> int:
    """Take some runs out of a penetration, by the public ids of their entries; give how many."""
    found = find_penetration(session, actor, ref)
    actor.require(Action.EDIT_CABLING, *place_of(found))
    wanted = {places.parse_uuid(text) for text in link_ids}
    gone = [item for item in list_through(actor, found) if item.public_id in wanted]
    for item in gone:
        found.runs.remove(item)
    session.commit()
    return len(gone)


def reopen(found: Penetration) -> bool:
    """Set a sealed penetration back to open, since a further cable leads through it."""
    if found.state not in SEALED:
        return False
    found.state, found.sealed_on = "open", None
    return True


def open_for_pulling(through: Collection[Penetration]) -> list[str]:
    """Set what a run that is pulled leads through to open; give the codes of opened seals."""
    opened = [item.code for item in through if item.state in SEALED]
    for item in through:
        item.state, item.sealed_on = "open", None
    return opened


def list_seals(session: Session, selected: Sequence[Selected]) -> dict[uuid.UUID, list[str]]:
    """Give the codes of the seals that selected runs would open if they were pulled, by run."""
    ids = {found for chosen in selected if (found := places.parse_uuid(chosen.ref)) is not None}
    return queries.list_codes_through(session, ids, SEALED)


def seal_for_run(through: Collection[Penetration], done_on: date, firm: str) -> list[Penetration]:
    """Seal what a run leads through that is not sealed yet; give those."""
    left = [item for item in through if item.state not in SEALED]
    for item in left:
        item.state, item.sealed_on = "sealed", done_on
        item.firm = firm or item.firm
    return left


def change_state(
    session: Session,
    actor: Actor,
    files: PlanFiles,
    ref: str,
    change: SealChange,
    version: int | None,
) -> Penetration:
    """Carry a penetration to another state; a photo is attached to it.

    Raises
    ------
    InvalidInput
        The table does not know the change, its evidence is missing, or the day is in the future.
    NotAllowed
        None of the actor's roles may make the change.
    Conflict
        Somebody else has changed it since.
    """
    found = find_penetration(session, actor, ref)
    place = place_of(found)
    actor.require(Action.CHANGE_CABLE_STATE, *place)
    require_version(session, found, version)
    if change.done_on > change.today:
        raise _refuse(
            msg("This day lies in the future."),
            msg("Enter the day on which it was done."),
            "done_on",
        )
    approval = change.approval.strip() or found.approval
    given = {"reason": change.reason.strip(), "approval": approval, "photo": change.photo}
    PENETRATION_LIFECYCLE.require(
        found.state,
        change.target,
        roles=actor.roles_in(*place),
        evidence=frozenset(name for name, value in given.items() if value),
    )
    checked = attachments.check_photo(change.photo) if change.photo else None
    audit.set_context(session, actor.audit(change.reason.strip()))
    with attachments.stored(files, checked) as kept:
        if checked is not None and kept is not None:
            session.add(attachments.make_attachment(actor, found, place, checked, kept))
        found.state, found.approval = change.target, approval
        if change.target == "sealed":
            found.sealed_on = change.done_on
        elif change.target != "checked":
            found.sealed_on = None
        found.firm = change.firm.strip() or found.firm
        session.commit()
    return found


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
