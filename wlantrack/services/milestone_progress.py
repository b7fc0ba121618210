"""How far milestones have come by their objects: access points, cables and rooms of their place.

Whether operations are ready is counted in points, see ``services/governance_readiness.py``.

Decides that nobody types a percentage; the counts are made once for the city and kept until a
record changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import LIVE_STATES
from wlantrack.rollout.milestones import COUNTED, OPERATIONS_READY, POINTS
from wlantrack.rollout.readiness import count_met
from wlantrack.services.actor import Action, Actor
from wlantrack.services.governance_readiness import Grounds, check_place, load_grounds
from wlantrack.services.results import stamp
from wlantrack.store.queries import progress as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.rollout.readiness import Check
    from wlantrack.services.results import ResultCache
    from wlantrack.store.models.milestones import Milestone
    from wlantrack.store.queries.milestones import MilestoneRow

    Place = tuple[int | None, int | None]


@dataclass(frozen=True)
class Progress:
    """How many of a place's objects have come as far as a milestone says."""

    done: int
    total: int
    words: Message

    @property
    def is_complete(self) -> bool:
        """Tell whether all have."""
        return self.done == self.total


@dataclass
class Counts:
    """States of access points and cables, counted by place: building and wing, or room group."""

    points: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    runs: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    group_points: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    group_runs: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rooms: Mapping[int, int] = field(default_factory=dict)
    live_rooms: Counter[int] = field(default_factory=Counter)
    grounds: Grounds = field(default_factory=Grounds)


def find_counts(session: Session, cache: ResultCache) -> Counts:
    """Give the counts as of now, made anew only if a record has changed since."""
    return cache.remember(("milestone counts", stamp(session)), lambda: load_counts(session))


def load_counts(session: Session) -> Counts:
    """Count everything."""
    counts = Counts(rooms=queries.count_group_rooms(session), grounds=load_grounds(session))
    found = (
        (counts.points, queries.count_point_states(session)),
        (counts.runs, queries.count_run_states(session)),
    )
    for by_place, rows in found:
        for building_id, wing_id, state, count in rows:
            places: set[Place] = {(None, None), (building_id, None), (building_id, wing_id)}
            for place in places:
                by_place[place][state] += count
    live_rooms = set()
    for group_id, room_id, state, count in queries.count_group_points(session):
        counts.group_points[group_id][state] += count
        if state in LIVE_STATES:
            live_rooms.add((group_id, room_id))
    for group_id, state, count in queries.count_group_runs(session):
        counts.group_runs[group_id][state] += count
    counts.live_rooms = Counter(group_id for group_id, _ in live_rooms)
    return counts


def measure(counts: Counts, actor: Actor, milestone: Milestone | MilestoneRow) -> Progress | None:
    """Give a milestone's progress; None where its kind has no objects, or the actor sees none."""
    if milestone.kind == OPERATIONS_READY:
        checks = find_readiness(counts, actor, milestone)
        done, total = count_met(checks), len(checks)
        words = msg("%(done)s of %(total)s points of readiness met", done=done, total=total)
        return Progress(done, total, words) if checks else None
    counted = COUNTED.get(milestone.kind)
    if counted is None:
        return None
    is_about_points = counted.what == POINTS
    action = Action.SEE_ACCESS_POINTS if is_about_points else Action.SEE_CABLING
    place = (milestone.building_id, milestone.wing_id)
    if not actor.can(action, *place):
        return None
    if milestone.room_group_id is not None:
        groups = counts.group_points if is_about_points else counts.group_runs
        by_state = groups.get(milestone.room_group_id, Counter())
    else:
        by_state = (counts.points if is_about_points else counts.runs).get(place, Counter())
    done, total = counted.count(by_state)
    words = replace(counted.words, values={"done": done, "total": total})
    return Progress(done, total, words)


def find_readiness(
    counts: Counts, actor: Actor, milestone: Milestone | MilestoneRow
) -> tuple[Check, ...]:
    """Give the points from which a milestone »operations ready« is counted; none for other kinds."""
    if milestone.kind != OPERATIONS_READY:
        return ()
    building_id, wing_id = milestone.building_id, milestone.wing_id
    if milestone.room_group_id is not None:
        by_state = counts.group_runs.get(milestone.room_group_id, Counter())
    else:
        by_state = counts.runs.get((building_id, wing_id), Counter())
    measured, planned = COUNTED["cabling complete"].count(by_state)
    return check_place(counts.grounds, actor, (building_id, wing_id), (measured, planned))


def count_rooms(counts: Counts, milestone: Milestone | MilestoneRow) -> Progress | None:
    """Give how many rooms of a milestone's room group have a live access point."""
    group_id = milestone.room_group_id
    if group_id is None:
        return None
    done, total = counts.live_rooms[group_id], counts.rooms.get(group_id, 0)
    words = msg("%(done)s of %(total)s rooms with a live access point", done=done, total=total)
    return Progress(done, total, words)
