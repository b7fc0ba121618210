"""What a mail tells its reader: what has changed since the last one, and what is due.

Decides what is worth a line, in the reader's own rights and scope, and nothing of networks: mail
leaves the house. Refuses to know addresses and servers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import msg
from wlantrack.reports.letters import Section
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.rollout.permits import PERMIT_KINDS
from wlantrack.services import (
    closing_walls,
    due_governance,
    milestones,
    permits,
    run_sight,
    site_work,
    start_page,
    tasks,
)
from wlantrack.services.actor import Action
from wlantrack.services.permits import PermitFilter
from wlantrack.store.queries import digests as queries
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.actor import Actor
    from wlantrack.services.milestones import View
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.speech import Pen

MOST_LINES: Final = 30
"""More lines in one section nobody reads: the rest is counted."""
AHEAD: Final = timedelta(days=7)
"""So far ahead tasks are told."""
EXPIRING: Final = timedelta(days=30)
"""So far ahead the end of permits is told, and for this long"""
URGENT: Final = timedelta(days=14)
"""within which the end of a permit is an alarm."""
REACHED: Final = "reached"
UNDATED: Final = ""


@dataclass(frozen=True)
class Digest:
    """What a mail tells, and what is remembered of it; ``news`` are alarms not told before."""

    sections: tuple[Section, ...]
    alarms: Section | None
    news: frozenset[str]
    told: dict[str, Any]


def make_digest(
    session: Session,
    actor: Actor,
    parts: PlanParts,
    pen: Pen,
    since: date,
    told: Mapping[str, Any],
) -> Digest:
    """Give what there is to tell the actor since a day; ``told`` is what the last mail said."""
    today = parts.clock.today
    alarms = dict(_list_alarms(session, actor, parts, pen))
    view = milestones.find_view(session, actor, parts)
    standing = _list_standing(view)
    alarm_section = _make(msg("Alarms"), list(alarms.values()), pen)
    found = (
        alarm_section,
        _make(msg("Your tasks"), list(_list_tasks(session, actor, today, pen)), pen),
        _make(msg("Decisions and risks"), list(_list_due(session, actor, today, pen)), pen),
        _make(msg("Milestones"), list(_list_moves(view, standing, told, pen)), pen),
        _make(msg("Permits that end"), list(_list_permits(session, actor, today, pen)), pen),
        _make(msg("Cables"), list(_list_cables(session, actor, (since, today), pen)), pen),
    )
    return Digest(
        tuple(section for section in found if section is not None),
        alarm_section,
        frozenset(alarms) - frozenset(told.get("alarms", ())),
        {"alarms": sorted(alarms), "milestones": standing},
    )


def _make(heading: Message, lines: Sequence[str], pen: Pen) -> Section | None:
    if not lines:
        return None
    shown = list(lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        shown.append(pen.say(msg("and %(count)d more", count=len(lines) - MOST_LINES)))
    return Section(pen.say(heading), tuple(shown))


def _list_alarms(
    session: Session, actor: Actor, parts: PlanParts, pen: Pen
) -> Iterator[tuple[str, str]]:
    """Give closing walls and permits that end soon, each with a key that changes when it worsens."""
    clock = parts.clock
    if actor.can_anywhere(Action.SEE_RENOVATIONS):
        alarms = closing_walls.list_alarms(session, actor, clock.workdays, clock.today)
        for group in start_page.group_alarms(alarms, clock.today):
            words = msg(
                "%(place)s closes on %(day)s. Cables that are not done: %(count)d. Begin by %(by)s.",
                place=group.place,
                day=group.closes_on,
                count=group.count,
                by=group.act_by,
            )
            yield f"wall {group.part_id} {group.level.value}", pen.say(words)
    for code, ends_on, line in _find_permits(session, actor, clock.today, URGENT, pen):
        yield f"permit {code} {ends_on.isoformat()}", line


def _list_permits(session: Session, actor: Actor, today: date, pen: Pen) -> Iterator[str]:
    """Give the permits whose end is no alarm yet."""
    for _, ends_on, words in _find_permits(session, actor, today, EXPIRING, pen):
        if ends_on >= today + URGENT:
            yield words


def _find_permits(
    session: Session, actor: Actor, today: date, ahead: timedelta, pen: Pen
) -> Iterator[tuple[str, date, str]]:
    if not actor.can_anywhere(Action.SEE_CABLING):
        return
    narrow = PermitFilter(ends_from=today, ends_before=today + ahead)
    rows, _ = permits.list_permits(session, actor, narrow, Page("expires_on", limit=200))
    for row in rows:
        if row.expires_on is not None:
            words = msg(
                "Permit %(code)s (%(kind)s) ends on %(day)s.",
                code=row.code,
                kind=PERMIT_KINDS[row.kind],
                day=row.expires_on,
            )
            yield row.code, row.expires_on, pen.say(words)


def _list_tasks(session: Session, actor: Actor, today: date, pen: Pen) -> Iterator[str]:
    """Give the actor's own open tasks that are overdue, due soon, or have no day."""
    if not actor.can_anywhere(Action.SEE_WORK):
        return
    for task in tasks.list_mine(session, actor, limit=200):
        if task.due_on is None:
            yield task.title
        elif task.due_on < today:
            yield pen.say(
                msg("Overdue since %(day)s: %(title)s", day=task.due_on, title=task.title)
            )
        elif task.due_on <= today + AHEAD:
            yield pen.say(msg("Due on %(day)s: %(title)s", day=task.due_on, title=task.title))


def _list_due(session: Session, actor: Actor, today: date, pen: Pen) -> Iterator[str]:
    """Give the decisions that are overdue and the risks to be looked at again."""
    for entry in due_governance.list_due(session, actor, today):
        if entry.line.concern is not None:
            concern, record = pen.say(entry.line.concern), entry.record
            yield f"{record.code} {record.title}: {concern}"


def _list_standing(view: View) -> dict[str, str]:
    """Give how each milestone in sight stands: reached, its latest day, or undated."""
    city = view.city
    standing = {}
    for key, row in city.milestones.items():
        if view.sees(row):
            expected = city.find_expected(key)
            day = expected.latest.isoformat() if expected is not None else UNDATED
            standing[str(row.public_id)] = REACHED if row.actual is not None else day
    return standing


def _list_moves(
    view: View, standing: Mapping[str, str], told: Mapping[str, Any], pen: Pen
) -> Iterator[str]:
    """Give the milestones that stand otherwise than the last mail said; slips first."""
    before: Mapping[str, str] = told.get("milestones", {})
    found = []
    for key, row in view.city.milestones.items():
        ref = str(row.public_id)
        then, now = before.get(ref), standing.get(ref)
        if then is None or now is None or then == now:
            continue
        expected = view.city.find_expected(key)
        wording = pen.spoken(expected) if expected is not None else ""
        rank, move = _describe_move(then, now, wording, pen)
        title = view.make_line(key).title
        name = title if isinstance(title, str) else pen.say(title)
        found.append((rank, row.code, f"{row.code} {name}: {move}"))
    yield from (line for _, _, line in sorted(found))


def _describe_move(then: str, now: str, wording: str, pen: Pen) -> tuple[int, str]:
    """Put into words how a milestone moved; the graver, the lower its rank."""
    say = pen.say
    if now == UNDATED:
        return 0, say(msg("has no date any more"))
    if now == REACHED:
        return 3, say(msg("reached (%(when)s)", when=wording))
    if then in {UNDATED, REACHED}:
        return 2, say(msg("is expected %(when)s now", when=wording))
    was = date.fromisoformat(then)
    if now > then:
        return 1, say(msg("slips from %(before)s to %(when)s", before=was, when=wording))
    return 2, say(msg("comes sooner: %(when)s instead of %(before)s", before=was, when=wording))


def _list_cables(
    session: Session, actor: Actor, days: tuple[date, date], pen: Pen
) -> Iterator[str]:
    """Give how many cables have moved on since the last mail, and how many wait for the actor."""
    if not any(map(actor.can_anywhere, (Action.SEE_CABLING, Action.SEE_OWN_RUNS))):
        return
    counts = dict(queries.count_steps(session, run_sight.reach_of(actor), *days))
    for key, state in CABLE_STATES.items():
        if counts.get(key):
            yield pen.say(
                msg(
                    "%(state)s since %(day)s: %(count)d",
                    state=state.label,
                    day=days[0],
                    count=counts[key],
                )
            )
    waiting = site_work.list_work(session, actor).total
    if counts and waiting:
        yield pen.say(msg("Cables whose next step is yours: %(count)d", count=waiting))
