"""Calendars that people subscribe to: what is in them, and the secret addresses they lie at.

Decides that an entry keeps its UID for good, counts its changes (SEQUENCE), and is cancelled rather
than gone, so that every calendar program follows. A date that is known coarsely covers all its days.
Somebody gets what they may see; the address shows nothing once it is revoked or its owner locked.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Calendar, Event

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.milestones import KIND_WORDS
from wlantrack.services import due_governance, places
from wlantrack.services.actor import Action, load_actor
from wlantrack.services.plan import find_plan
from wlantrack.services.renovations import OVER
from wlantrack.store.models.feeds import FeedEntry, FeedToken
from wlantrack.store.queries import feeds as queries
from wlantrack.store.queries import people as people_queries
from wlantrack.store.queries import renovations as renovation_queries
from wlantrack.store.queries import tasks as task_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts

MOST_TOKENS: Final = 10
_ACTIONS: Final = {
    "milestone": Action.SEE_MILESTONES,
    "wall": Action.SEE_RENOVATIONS,
    "task": Action.SEE_WORK,
    "decision": Action.SEE_GOVERNANCE,
    "risk": Action.SEE_GOVERNANCE,
}
_PRODUCT: Final = "-//wlantrack//calendar//EN"


@dataclass(frozen=True)
class Happening:
    """Something with a date: what it is, where it lies, and its first and last day."""

    kind: str
    subject: uuid.UUID
    summary: str
    first: date
    last: date
    wording: str
    building_id: int | None
    wing_id: int | None
    person: str = ""

    def content(self) -> dict[str, str]:
        """Give what a change of makes a new version of the entry."""
        return {
            "summary": self.summary,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "wording": self.wording,
            "person": self.person,
        }


def list_tokens(session: Session, actor: Actor) -> list[FeedToken]:
    """Give the actor's own addresses."""
    return queries.list_tokens(session, _require_account(actor))


def _require_account(actor: Actor) -> int:
    assert actor.user_id is not None  # noqa: S101 - pages with a log-in have one
    return actor.user_id


def add_token(session: Session, actor: Actor, name: str) -> str:
    """Make a secret address for the actor; it is told once, and only its hash is kept.

    Raises
    ------
    InvalidInput
        There are too many already, or the name is too long.
    """
    user_id, name = _require_account(actor), name.strip()
    if len(name) > 80 or len(queries.list_tokens(session, user_id)) >= MOST_TOKENS:
        raise InvalidInput(
            Problem(
                msg("No more than %(most)d addresses, with names of 80 signs.", most=MOST_TOKENS),
                msg("Revoke one that you do not need any more, or shorten the name."),
                field="name",
            )
        )
    secret = secrets.token_urlsafe(32)
    session.add(
        FeedToken(
            public_id=uuid.uuid4(),
            user_id=user_id,
            name=name,
            token_sha256=_digest(secret),
            created_at=datetime.now(UTC),
        )
    )
    session.commit()
    return secret


def revoke_token(session: Session, actor: Actor, ref: str) -> None:
    """Make one of the actor's addresses worthless.

    Raises
    ------
    NotFound
        The actor has no such address.
    """
    public_id = places.parse_uuid(ref)
    token = queries.get_token(session, public_id) if public_id else None
    if token is None or token.user_id != actor.user_id:
        raise NotFound(msg("There is no such calendar address."))
    token.revoked_at = token.revoked_at or datetime.now(UTC)
    session.commit()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_reader(session: Session, secret: str, request_id: str) -> Actor:
    """Give the owner of an address.

    Raises
    ------
    NotFound
        There is none, it is revoked, or its owner is locked.
    """
    user_id = queries.find_owner(session, _digest(secret))
    user = people_queries.get_user(session, user_id) if user_id is not None else None
    if user is None:
        raise NotFound(msg("There is no such calendar."))
    return load_actor(user, request_id)


def write_calendar(
    session: Session,
    reader: Actor,
    parts: PlanParts,
    name: str,
    translate: Callable[[Message | str], str],
) -> bytes:
    """Bring the entries up to date and write those that the reader may see as iCalendar."""
    entries = _follow(session, parts)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in sorted(entries, key=lambda item: (item.content["first"], str(item.subject))):
        if _sees(reader, entry):
            calendar.add_component(_make_event(entry, translate))
    session.commit()
    return bytes(calendar.to_ical())


def _sees(reader: Actor, entry: FeedEntry) -> bool:
    if entry.kind == "task":
        is_own = entry.content.get("person", "").lower() == reader.name.lower()
        return is_own and reader.can_anywhere(_ACTIONS[entry.kind])
    return reader.can(_ACTIONS[entry.kind], entry.building_id, entry.wing_id)


def _make_event(entry: FeedEntry, translate: Callable[[Message | str], str]) -> Event:
    content, event = entry.content, Event()
    event.add("uid", f"{entry.kind}-{entry.subject}@wlantrack")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", date.fromisoformat(content["first"]))
    event.add("dtend", date.fromisoformat(content["last"]) + timedelta(days=1))
    event.add("summary", f"{translate(_TITLES[entry.kind])}: {content['summary']}")
    event.add("description", content["wording"])
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event


_TITLES: Final = {
    "milestone": msg("Milestone"),
    "wall": msg("Wall closes"),
    "task": msg("Task"),
    "decision": msg("Decision needed"),
    "risk": msg("Risk to be looked at again"),
}


def _follow(session: Session, parts: PlanParts) -> list[FeedEntry]:
    """Let the kept entries follow what there is now: new, changed, cancelled or back again."""
    known, now = queries.load_entries(session), datetime.now(UTC)
    there = {(item.kind, item.subject): item for item in _list_happenings(session, parts)}
    for key, item in there.items():
        content = item.content()
        fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        entry = known.get(key)
        if entry is None:
            entry = known[key] = FeedEntry(kind=item.kind, subject=item.subject, sequence=-1)
            session.add(entry)
        if entry.fingerprint != fingerprint or entry.is_cancelled:
            entry.sequence += 1
            entry.fingerprint, entry.content, entry.changed_at = fingerprint, content, now
            entry.is_cancelled = False
        entry.building_id, entry.wing_id = item.building_id, item.wing_id
    for key, entry in known.items():
        if key not in there and not entry.is_cancelled:
            entry.sequence += 1
            entry.is_cancelled, entry.changed_at = True, now
    return list(known.values())


def _list_happenings(session: Session, parts: PlanParts) -> Iterator[Happening]:
    """Give everything that has a date; what has none is in no calendar."""
    city = find_plan(session, parts)
    for key, row in city.milestones.items():
        day = city.find_expected(key)
        if day is not None:
            title = row.name or str(KIND_WORDS[row.kind])
            summary = ", ".join(part for part in (row.code, title) if part)
            yield Happening(
                "milestone",
                row.public_id,
                summary,
                day.earliest,
                day.latest,
                day.wording,
                row.building_id,
                row.wing_id,
            )
    for renovation in renovation_queries.list_renovations(session, None):
        for part in renovation.parts:
            if part.closes is not None and renovation.state not in OVER:
                where = [item.name for item in (part.wing, part.floor) if item is not None]
                yield Happening(
                    "wall",
                    part.public_id,
                    ", ".join([renovation.name, *where]),
                    part.closes.earliest,
                    part.closes.latest,
                    part.closes.wording,
                    renovation.building_id,
                    part.wing_id,
                )
    for entry in due_governance.list_open(session, None, parts.clock.today):
        record = entry.record
        yield Happening(
            entry.kind.entity,
            record.public_id,
            f"{record.code}, {record.title}",
            entry.first,
            entry.last,
            entry.wording,
            getattr(record, "building_id", None),
            None,
        )
    for task in task_queries.list_due(session):
        assert task.due_on is not None  # noqa: S101 - the query says so
        yield Happening(
            "task",
            task.public_id,
            task.title,
            task.due_on,
            task.due_on,
            task.due_on.isoformat(),
            task.building_id,
            task.wing_id,
            task.person,
        )
