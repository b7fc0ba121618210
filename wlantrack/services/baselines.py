"""Baselines: the plan as it was agreed on a day, kept as it was.

Decides that a baseline keeps what was expected then, in its words, also where that followed from
links; and for what had no date the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services.actor import Action, Actor
from wlantrack.services.milestones import View, find_baseline
from wlantrack.services.plan import NO_DATE_YET, find_plan
from wlantrack.services.ranges import refuse_taken
from wlantrack.store.models.milestones import Baseline, BaselineEntry
from wlantrack.store.queries import milestones as queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.milestones import MilestoneLine
    from wlantrack.services.plan import CityPlan, PlanParts

LONGEST_NAME = 80
LONGEST_REASON = 300
MOST_LINES = 100
"""On the page of a baseline; the list of milestones beside it holds all, page by page."""


def list_baselines(session: Session, actor: Actor) -> list[tuple[Baseline, int]]:
    """Give the baselines with their number of milestones, the latest first."""
    actor.require_somewhere(Action.SEE_MILESTONES)
    return queries.list_baselines(session)


def take_baseline(
    session: Session, actor: Actor, name: str, reason: str, now: datetime, parts: PlanParts
) -> Baseline:
    """Keep the plan of the whole city as of now under a name.

    Raises
    ------
    InvalidInput
        The name is missing, too long or taken.
    """
    actor.require(Action.EDIT_MILESTONES)
    name, reason = name.strip(), reason.strip()
    if not name:
        raise InvalidInput(Problem(msg("Please fill this in."), field="name"))
    for field, text, most in (("name", name, LONGEST_NAME), ("reason", reason, LONGEST_REASON)):
        if len(text) > most:
            message = msg("The text is too long: at most %(most)d signs.", most=most)
            raise InvalidInput(Problem(message, msg("Shorten it."), field=field))
    if any(baseline.name == name for baseline, _ in queries.list_baselines(session)):
        raise refuse_taken("name", name)
    city = find_plan(session, parts)
    baseline = Baseline(name=name, reason=reason, taken_at=now, taken_by=actor.name)
    baseline.entries = [_make_entry(city, key) for key in city.milestones]
    session.add(baseline)
    session.commit()
    return baseline


def _make_entry(city: CityPlan, key: str) -> BaselineEntry:
    row = city.milestones[key]
    entry = BaselineEntry(milestone_uuid=row.public_id, code=row.code)
    entry.planned = city.find_expected(key)
    entry.undated_reason = "" if entry.planned else tell_reason(city, key)
    return entry


def tell_reason(city: CityPlan, key: str) -> str:
    """Say why something had no date, by codes and reasons that everybody reads alike."""
    row = city.milestones[key]
    if row.undated_reason:
        return row.undated_reason
    waits = (city.row_of(other) for other in city.timings[key].waits_for if other != key)
    told = "; ".join(f"{other.code}: {other.undated_reason or NO_DATE_YET}" for other in waits)
    return told[:LONGEST_REASON]


@dataclass(frozen=True)
class BaselinePage:
    """A baseline beside what is expected now, what has slipped furthest first.

    ``total`` is how many milestones of it lie in scope. ``gone`` are the codes of those that have
    been deleted since, for whoever sees the whole city: nobody knows any more where they lay.
    """

    record: Baseline
    lines: Sequence[MilestoneLine]
    total: int
    gone: tuple[str, ...]


def show_baseline(session: Session, actor: Actor, ref: str, parts: PlanParts) -> BaselinePage:
    """Give a baseline, and how the milestones in scope that it knows stand beside it.

    Raises
    ------
    NotFound
        There is no such baseline.
    """
    baseline = find_baseline(session, ref)
    if baseline is None:
        raise NotFound(msg("There is no such baseline."))
    entries = queries.list_entries(session, baseline.id)
    view = View(find_plan(session, parts), actor, entries)
    rows = view.city.milestones
    lines = [
        view.make_line(key)
        for key, row in rows.items()
        if row.public_id in entries and view.sees(row)
    ]
    lines.sort(key=lambda line: -line.days_late)
    known = {row.public_id for row in rows.values()}
    sees_all = actor.can(Action.SEE_MILESTONES)
    gone = [entry.code for key, entry in entries.items() if sees_all and key not in known]
    return BaselinePage(baseline, lines[:MOST_LINES], len(lines), tuple(sorted(gone)))
