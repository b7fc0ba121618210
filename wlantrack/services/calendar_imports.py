"""Calendars of others become blackouts, such as the council's sessions: read, previewed, written.

Decides that an entry is found again by its UID in the calendar of its name, that its name and days
are then set as they stand there while loudness, place and note stay as people have set them, and
that what was cancelled goes. What stands no more in the file stays, and is named.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.ical import read_calendar_file
from wlantrack.rollout.spoken_dates import YEARS
from wlantrack.services.actor import Action, Actor
from wlantrack.services.file_imports import FileResult, finish
from wlantrack.services.work_places import set_place, touches
from wlantrack.store.models.renovations import NOISE_CLASSES
from wlantrack.store.models.work import Blackout
from wlantrack.store.queries import work as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.formats.ical import CalendarEntry, CalendarFile
    from wlantrack.services.plan import Clock

FAR: Final = timedelta(days=3 * 366)
"""How far ahead entries that recur are told."""
OUTCOMES: Final = ("created", "updated", "unchanged", "removed", "cancelled")
LONGEST_CALENDAR: Final = 120


@dataclass(frozen=True)
class CalendarUpload:
    """A file, how its calendar is called, and what its entries forbid where.

    Without ``calendar`` it is called as it calls itself. ``noise_class`` and ``where`` are for
    entries that are new.
    """

    name: str
    data: bytes
    calendar: str = ""
    noise_class: str = "loud"
    where: str = ""


@dataclass(frozen=True)
class EntryOutcome:
    """What becomes of an entry: one of :data:`OUTCOMES`; cancelled ones never were here."""

    row: int
    name: str
    begins_on: date
    ends_on: date
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CalendarResult(FileResult[EntryOutcome]):
    """What became of the entries, or would, and how their calendar is called."""

    calendar: str


def import_calendar(
    session: Session,
    actor: Actor,
    upload: CalendarUpload,
    clock: Clock,
    timezone: str,
    *,
    is_dry_run: bool = False,
) -> CalendarResult:
    """Make blackouts of a calendar: with any error, or as a dry run, none.

    Raises
    ------
    InvalidInput
        The file cannot be read, its calendar has no name, or the place is none.
    NotAllowed
        The role does not reach.
    """
    actor.require_somewhere(Action.EDIT_WORK)
    _require_noise(upload.noise_class)
    read = read_calendar_file(upload.data, timezone, clock.today + FAR, file=upload.name)
    work = _Import(session, actor, upload, read)
    errors = [*read.problems, *work.errors]
    warnings = [*read.warnings, *work.list_missing(clock.today)]  # while its records are loaded
    return CalendarResult(
        calendar=work.calendar,
        outcomes=tuple(work.outcomes),
        errors=finish(session, actor, upload.name, errors, is_dry_run=is_dry_run),
        warnings=tuple(warnings),
    )


def _require_noise(noise_class: str) -> None:
    if noise_class not in NOISE_CLASSES:
        raise InvalidInput(
            Problem(
                msg("There is no such choice."),
                msg("Write one of: %(choices)s.", choices=", ".join(NOISE_CLASSES)),
                field="noise_class",
                value=noise_class,
            )
        )


class _Import:
    """One import: the blackouts of the calendar there are, and what becomes of each entry."""

    def __init__(
        self, session: Session, actor: Actor, upload: CalendarUpload, read: CalendarFile
    ) -> None:
        self.session, self.actor, self.upload = session, actor, upload
        self.calendar = (upload.calendar.strip() or read.name).strip()
        if not 0 < len(self.calendar) <= LONGEST_CALENDAR:
            raise InvalidInput(
                Problem(
                    msg("The file does not say how its calendar is called."),
                    msg(
                        "Name the calendar, in at most %(length)d letters.", length=LONGEST_CALENDAR
                    ),
                    field="calendar",
                )
            )
        self.place = Blackout(public_id=uuid.uuid4())
        with session.no_autoflush:
            set_place(session, actor, self.place, upload.where)
        self.known = {item.uid: item for item in queries.list_of_calendar(session, self.calendar)}
        self.errors: list[Problem] = []
        self.outcomes = [self._apply(entry) for entry in read.entries]
        self.seen = {entry.uid for entry in read.entries}

    def _apply(self, entry: CalendarEntry) -> EntryOutcome:
        first, last = date.fromisoformat(entry.begins_on), date.fromisoformat(entry.ends_on)
        known = self.known.get(entry.uid)
        if not {first.year, last.year} <= set(YEARS):
            self.errors.append(
                Problem(
                    msg("No plan has this year."),
                    msg("Enter a day from %(first)d to %(last)d.", first=YEARS[0], last=YEARS[-1]),
                    row=entry.row,
                    value=entry.name,
                )
            )
        if known is None:
            outcome = "cancelled" if entry.is_cancelled else "created"
            if not entry.is_cancelled:
                self.session.add(self._make(entry, first, last))
        elif entry.is_cancelled:
            outcome = "removed"
        else:
            is_same = (known.name, known.begins_on, known.ends_on) == (entry.name, first, last)
            outcome = "unchanged" if is_same else "updated"
        if known is not None and outcome in {"removed", "updated"}:
            self._change(known, entry, (first, last))
        return EntryOutcome(entry.row, entry.name, first, last, outcome)

    def _make(self, entry: CalendarEntry, first: date, last: date) -> Blackout:
        return Blackout(
            public_id=uuid.uuid4(),
            name=entry.name,
            begins_on=first,
            ends_on=last,
            noise_class=self.upload.noise_class,
            building_id=self.place.building_id,
            wing_id=self.place.wing_id,
            calendar=self.calendar,
            uid=entry.uid,
            note="",
        )

    def _change(self, known: Blackout, entry: CalendarEntry, days: tuple[date, date]) -> None:
        if not self.actor.can(Action.EDIT_WORK, known.building_id, known.wing_id):
            self.errors.append(
                Problem(
                    msg("This entry holds where your role does not reach."),
                    msg("Ask somebody who is responsible there to read the calendar."),
                    row=entry.row,
                    value=entry.name,
                )
            )
        elif entry.is_cancelled:
            self.session.delete(known)
        else:
            known.name, (known.begins_on, known.ends_on) = entry.name, days

    def list_missing(self, today: date) -> list[Message]:
        """Name what is ahead in the reader's scope and stands no more in the file."""
        gone = [
            item
            for uid, item in self.known.items()
            if uid not in self.seen
            and item.ends_on >= today
            and touches(self.actor, item.building_id, item.wing_id)
        ]
        if not gone:
            return []
        return [
            msg(
                "Ahead here and no longer in the file: %(count)d, first %(name)s on %(day)s. They"
                " stay; delete what will not take place.",
                count=len(gone),
                name=gone[0].name,
                day=gone[0].begins_on,
            )
        ]
