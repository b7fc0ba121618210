"""Crews: who works together, how much at once, and when they are away.

Decides that a crew works for the whole city, so that who changes it must be responsible there, and
that two absences of a crew do not overlap.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.services import history
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.services.ranges import (
    list_far_days,
    list_missing,
    list_out_of_range,
    list_too_long,
    refuse_any,
    refuse_taken,
)
from wlantrack.services.removal import delete_record
from wlantrack.services.versions import require_version
from wlantrack.store.models.work import Crew, CrewAbsence
from wlantrack.store.queries import work as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page

LARGEST_CAPACITY: Final = 100
LENGTHS: Final = {"name": 120, "firm": 120, "note": 500}
_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß._/-]{0,39}")


@dataclass(frozen=True)
class CrewValues:
    """What people edit about a crew."""

    code: str
    name: str = ""
    firm: str = ""
    capacity: int = 1
    note: str = ""


@dataclass(frozen=True)
class AbsenceValues:
    """When a crew is away, the first and the last day included."""

    begins_on: date
    ends_on: date
    reason: str = ""


@dataclass(frozen=True)
class CrewFilter:
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    firm: str = ""

    def admits(self, crew: Crew) -> bool:
        """Tell whether a crew is among those asked for."""
        text = f"{crew.code} {crew.name} {crew.firm} {crew.note}".casefold()
        return self.firm in {"", crew.firm} and all(
            word in text for word in self.words.casefold().split()
        )


@dataclass(frozen=True)
class CrewLine:
    """One line of the list; ``away`` is the absence that is on today, or comes next."""

    crew: Crew
    away: CrewAbsence | None

    @property
    def public_id(self) -> uuid.UUID:
        """Give the crew's id."""
        return self.crew.public_id

    @property
    def code(self) -> str:
        """Give the crew's code."""
        return self.crew.code

    @property
    def state(self) -> None:
        """Crews have no state; lists ask for one."""
        return


_SORTS: Mapping[str, Callable[[CrewLine], Any]] = {
    "code": lambda line: line.code.casefold(),
    "name": lambda line: line.crew.name.casefold(),
    "firm": lambda line: line.crew.firm.casefold(),
    "capacity": lambda line: line.crew.capacity,
    "away": lambda line: (line.away is None, line.away.begins_on.isoformat() if line.away else ""),
}


def list_crews(
    session: Session, narrow: CrewFilter, page: Page, today: date
) -> tuple[list[CrewLine], int]:
    """Give one page of the crews that match, and how many do; a city has a few dozen."""
    lines = [
        CrewLine(crew, find_next_absence(crew, today))
        for crew in queries.list_crews(session)
        if narrow.admits(crew)
    ]
    lines.sort(key=_SORTS.get(page.sort, _SORTS["code"]), reverse=page.is_descending)
    return lines[page.offset : page.offset + page.limit], len(lines)


def find_next_absence(crew: Crew, today: date) -> CrewAbsence | None:
    """Give the absence that is on, or comes next."""
    ahead = [item for item in crew.absences if item.ends_on >= today]
    return min(ahead, key=lambda item: item.begins_on, default=None)


def list_firms(session: Session) -> list[str]:
    """Give the firms that have crews, by name."""
    return sorted({crew.firm for crew in queries.list_crews(session)} - {""}, key=str.casefold)


def list_choices(session: Session) -> list[tuple[str, str]]:
    """Give the crews for choosing one: code and name."""
    return [(crew.code, f"{crew.code} {crew.name}") for crew in queries.list_crews(session)]


def find_crew(session: Session, ref: str) -> Crew:
    """Give a crew by public id or code, with its absences.

    Raises
    ------
    NotFound
        There is none.
    """
    public_id = parse_uuid(ref)
    if public_id is None:
        crew = queries.get_crew_by_code(session, ref)
    else:
        crew = queries.get_crew(session, public_id)
    if crew is None:
        raise NotFound(msg("There is no such crew; perhaps somebody has deleted it."))
    return crew


def list_history(session: Session, actor: Actor, crew: Crew) -> list[Entry]:
    """Give what happened to a crew and its absences, the latest first."""
    records = [("crew", crew.public_id)]
    records += [("crew_absence", absence.public_id) for absence in crew.absences]
    return history.list_of_records(session, actor, records)


def add_crew(session: Session, actor: Actor, values: CrewValues) -> Crew:
    """Add a crew.

    Raises
    ------
    InvalidInput
        The code is none or taken, or a value is out of range.
    NotAllowed
        The role does not reach everywhere.
    """
    actor.require(Action.EDIT_WORK)
    crew = Crew(public_id=uuid.uuid4(), absences=[])
    apply_values(session, crew, values)
    session.add(crew)
    session.commit()
    return crew


def edit_crew(
    session: Session, actor: Actor, ref: str, values: CrewValues, version: int | None
) -> Crew:
    """Change a crew.

    Raises
    ------
    InvalidInput
        The code is none or taken, or a value is out of range.
    Conflict
        Somebody else has changed it since.
    """
    crew = _find_editable(session, actor, ref)
    require_version(session, crew, version)
    with session.no_autoflush:
        apply_values(session, crew, values)
    session.commit()
    return crew


def delete_crew(
    session: Session, actor: Actor, ref: str, version: int | None
) -> tuple[str, tuple[Message, ...]]:
    """Delete a crew with its absences; gives its code and what went with it.

    Raises
    ------
    InvalidInput
        A work package relies on it.
    """
    crew = _find_editable(session, actor, ref)
    require_version(session, crew, version)
    code, gone = crew.code, delete_record(session, crew)
    session.commit()
    return code, gone


def _find_editable(session: Session, actor: Actor, ref: str) -> Crew:
    crew = find_crew(session, ref)
    actor.require(Action.EDIT_WORK)
    return crew


def apply_values(session: Session, crew: Crew, values: CrewValues) -> None:
    """Set what people edit about a crew; does not commit.

    Raises
    ------
    InvalidInput
        The code is none or taken, or a value is out of range.
    """
    problems = list_missing(values, ["code", "name"])
    problems += list_too_long(values, LENGTHS)
    problems += list_out_of_range(values, [("capacity", 1, LARGEST_CAPACITY)])
    if values.code and not _CODE.fullmatch(values.code):
        problems.append(
            Problem(
                msg("A code is made of letters, digits and . _ / -, at most 40 of them."),
                msg("Choose another code."),
                field="code",
                value=values.code,
            )
        )
    refuse_any(problems)
    other = queries.get_crew_by_code(session, values.code)
    if other is not None and other is not crew:
        raise refuse_taken("code", values.code)
    crew.code, crew.name, crew.firm = values.code, values.name, values.firm
    crew.capacity, crew.note = values.capacity, values.note


def find_absence(session: Session, ref: str) -> CrewAbsence:
    """Give an absence by public id, with its crew.

    Raises
    ------
    NotFound
        There is none.
    """
    public_id = parse_uuid(ref)
    absence = queries.get_absence(session, public_id) if public_id else None
    if absence is None:
        raise NotFound(msg("There is no such absence; perhaps somebody has deleted it."))
    return absence


def add_absence(session: Session, actor: Actor, crew_ref: str, values: AbsenceValues) -> Crew:
    """Say when a crew is away.

    Raises
    ------
    InvalidInput
        It ends before it begins, or the crew is away then already.
    """
    crew = _find_editable(session, actor, crew_ref)
    absence = CrewAbsence(public_id=uuid.uuid4())
    apply_absence(crew, absence, values)
    crew.absences.append(absence)
    session.commit()
    return crew


def edit_absence(
    session: Session, actor: Actor, ref: str, values: AbsenceValues, version: int | None
) -> Crew:
    """Change when a crew is away.

    Raises
    ------
    InvalidInput
        It ends before it begins, or the crew is away then already.
    Conflict
        Somebody else has changed it since.
    """
    absence = find_absence(session, ref)
    actor.require(Action.EDIT_WORK)
    require_version(session, absence, version)
    apply_absence(absence.crew, absence, values)
    session.commit()
    return absence.crew


def delete_absence(session: Session, actor: Actor, ref: str, version: int | None) -> Crew:
    """Take an absence back; gives the crew."""
    absence = find_absence(session, ref)
    actor.require(Action.EDIT_WORK)
    require_version(session, absence, version)
    crew = absence.crew
    session.delete(absence)
    session.commit()
    return crew


def apply_absence(crew: Crew, absence: CrewAbsence, values: AbsenceValues) -> None:
    """Set when a crew is away; does not commit.

    Raises
    ------
    InvalidInput
        It ends before it begins, or the crew is away then already.
    """
    require_order(values.begins_on, values.ends_on)
    far = list_far_days(values, ["begins_on", "ends_on"])
    refuse_any(far + list_too_long(values, {"reason": 200}))
    for other in crew.absences:
        is_apart = other.ends_on < values.begins_on or other.begins_on > values.ends_on
        if other is not absence and not is_apart:
            raise InvalidInput(
                Problem(
                    msg(
                        "The crew is away from %(first)s to %(last)s already.",
                        first=other.begins_on,
                        last=other.ends_on,
                    ),
                    msg("Change that absence, or choose other days."),
                    field="begins_on",
                    value=values.begins_on.isoformat(),
                )
            )
    absence.begins_on, absence.ends_on = values.begins_on, values.ends_on
    absence.reason = values.reason


def require_order(begins_on: date, ends_on: date) -> None:
    """Refuse days that are upside down.

    Raises
    ------
    InvalidInput
        The last day lies before the first.
    """
    if ends_on < begins_on:
        raise InvalidInput(
            Problem(
                msg("The last day lies before the first."),
                msg("Swap the two days, or correct one."),
                field="ends_on",
                value=ends_on.isoformat(),
            )
        )
