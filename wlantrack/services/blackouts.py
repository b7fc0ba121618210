"""Blackouts: days on which work from some loudness on is forbidden, everywhere or somewhere.

Decides that whoever works anywhere a blackout holds may read it, and that changing it takes a role
that reaches all of its place.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import history
from wlantrack.services.actor import Action, Actor
from wlantrack.services.crews import require_order
from wlantrack.services.places import parse_uuid
from wlantrack.services.ranges import list_far_days, list_missing, list_too_long, refuse_any
from wlantrack.services.versions import require_version
from wlantrack.services.work_places import list_places, set_place, touches, where_of
from wlantrack.store.models.renovations import NOISE_CLASSES
from wlantrack.store.models.work import Blackout
from wlantrack.store.queries import work as queries
from wlantrack.store.queries.work import BlackoutFilter

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page

__all__ = ["BlackoutFilter", "list_places", "where_of"]

LENGTHS: Final = {"name": 120, "calendar": 120, "note": 500}


@dataclass(frozen=True)
class BlackoutValues:
    """What people edit about a blackout; ``where`` is empty, a building, or building/wing."""

    name: str
    begins_on: date
    ends_on: date
    noise_class: str = "loud"
    where: str = ""
    note: str = ""
    calendar: str = ""


def list_blackouts(
    session: Session, actor: Actor, narrow: BlackoutFilter, page: Page, today: date
) -> tuple[list[Blackout], int]:
    """Give one page of the blackouts that hold anywhere in scope, and how many match."""
    pairs = actor.scope_pairs(Action.SEE_WORK)
    return queries.list_blackout_page(session, pairs, narrow, page, today)


def list_calendars(session: Session, actor: Actor) -> list[str]:
    """Give the names of the calendars from which blackouts were read."""
    return queries.list_calendars(session, actor.scope_pairs(Action.SEE_WORK))


def find_blackout(session: Session, actor: Actor, ref: str) -> Blackout:
    """Give a blackout by public id.

    Raises
    ------
    NotFound
        There is none, or it holds nowhere in scope.
    """
    public_id = parse_uuid(ref)
    found = queries.get_blackout(session, public_id) if public_id else None
    if found is None or not touches(actor, found.building_id, found.wing_id):
        raise NotFound(msg("There is no such blackout; perhaps somebody has deleted it."))
    return found


def may_edit(actor: Actor, blackout: Blackout) -> bool:
    """Tell whether the actor may change a blackout."""
    return actor.can(Action.EDIT_WORK, blackout.building_id, blackout.wing_id)


def list_history(session: Session, actor: Actor, blackout: Blackout) -> list[Entry]:
    """Give what happened to a blackout, the latest first."""
    return history.list_of_record(session, actor, "blackout", blackout.public_id)


def add_blackout(session: Session, actor: Actor, values: BlackoutValues) -> Blackout:
    """Add a blackout.

    Raises
    ------
    InvalidInput
        It has no name, its days are upside down, or the place is none.
    NotAllowed
        The role does not reach.
    """
    blackout = Blackout(public_id=uuid.uuid4(), uid="")
    set_place(session, actor, blackout, values.where)
    apply_values(blackout, values)
    session.add(blackout)
    session.commit()
    return blackout


def edit_blackout(
    session: Session, actor: Actor, ref: str, values: BlackoutValues, version: int | None
) -> Blackout:
    """Change a blackout.

    Raises
    ------
    InvalidInput
        It has no name, its days are upside down, or the place is none.
    Conflict
        Somebody else has changed it since.
    """
    blackout = find_editable(session, actor, ref)
    require_version(session, blackout, version)
    with session.no_autoflush:
        if values.where != where_of(blackout):
            set_place(session, actor, blackout, values.where)
        apply_values(blackout, values)
    session.commit()
    return blackout


def find_editable(session: Session, actor: Actor, ref: str) -> Blackout:
    """Give a blackout that the actor may change, by public id.

    Raises
    ------
    NotFound
        There is none, or it holds nowhere in scope.
    NotAllowed
        The role does not reach.
    """
    blackout = find_blackout(session, actor, ref)
    actor.require(Action.EDIT_WORK, blackout.building_id, blackout.wing_id)
    return blackout


def delete_blackout(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete a blackout; gives its name."""
    blackout = find_editable(session, actor, ref)
    require_version(session, blackout, version)
    session.delete(blackout)
    session.commit()
    return blackout.name


def apply_values(blackout: Blackout, values: BlackoutValues) -> None:
    """Set what people edit about a blackout, but for its place; does not commit.

    Raises
    ------
    InvalidInput
        It has no name, its days are upside down, or there is no such noise class.
    """
    problems = list_missing(values, ["name"]) + list_too_long(values, LENGTHS)
    problems += list_far_days(values, ["begins_on", "ends_on"])
    if values.noise_class not in NOISE_CLASSES:
        problems.append(
            Problem(
                msg("There is no such choice."), msg("Choose one of the list."), field="noise_class"
            )
        )
    refuse_any(problems)
    require_order(values.begins_on, values.ends_on)
    if blackout.uid and values.calendar != blackout.calendar:
        raise InvalidInput(
            Problem(
                msg("An entry that was read from a calendar stays in it."),
                msg("Read the calendar again, or delete the entry."),
                field="calendar",
                value=values.calendar,
            )
        )
    blackout.name, blackout.noise_class = values.name, values.noise_class
    blackout.begins_on, blackout.ends_on = values.begins_on, values.ends_on
    blackout.calendar, blackout.note = values.calendar, values.note
