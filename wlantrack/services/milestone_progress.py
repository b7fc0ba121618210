"""How far milestones have come by their objects: access points, cables and rooms of their place.

Whether operations are ready is counted from what stands under governance: a support team that is
named for the place or the city, and trainings whose people are all trained.

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
from wlantrack.services.actor import Action, Actor
from wlantrack.services.coverage import stamp
from wlantrack.store.queries import governance as governance_queries
from wlantrack.store.queries import progress as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.coverage import CoverageCache
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
    """States of access points and cables, counted by place: building and wing, or room group.

    ``supported`` are the buildings with a support team, ``people`` those to be trained and those
    who are, by building; None stands for the whole city.
    """

    points: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    runs: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    group_points: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    group_runs: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rooms: Mapping[int, int] = field(default_factory=dict)
    live_rooms: Counter[int] = field(default_factory=Counter)
    supported: frozenset[int | None] = frozenset()
    people: Mapping[int | None, tuple[int, int]] = field(default_factory=dict)


def find_counts(session: Session, cache: CoverageCache) -> Counts:
    """Give the counts as of now, made anew only if a record has changed since."""
    return cache.remember(("milestone counts", stamp(session)), lambda: load_counts(session))


def load_counts(session: Session) -> Counts:
    """Count everything."""
    counts = Counts(
        rooms=queries.count_group_rooms(session),
        supported=frozenset(governance_queries.list_team_houses(session)),
        people={
            building_id: (planned, trained)
            for building_id, planned, trained in governance_queries.count_people(session)
        },
    )
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
        return _measure_readiness(counts, actor, milestone)
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


def _measure_readiness(
    counts: Counts, actor: Actor, milestone: Milestone | MilestoneRow
) -> Progress | None:
    """Tell whether a support team is named and everybody is trained, for a place or for the city."""
    building_id = milestone.building_id
    if not actor.can(Action.SEE_GOVERNANCE, building_id, milestone.wing_id):
        return None
    is_supported = not counts.supported.isdisjoint({None, building_id})
    # For the whole city everybody counts; for a building its own people and the city's.
    asked = [
        people
        for place, people in counts.people.items()
        if building_id is None or place in {None, building_id}
    ]
    planned, trained = sum(people[0] for people in asked), sum(people[1] for people in asked)
    words = msg(
        "%(team)s; %(training)s",
        team=msg("support team named") if is_supported else msg("no support team named yet"),
        training=msg("%(trained)s of %(planned)s people trained", trained=trained, planned=planned)
        if planned
        else msg("nobody entered who is to be trained"),
    )
    return Progress(is_supported + (planned > 0 and trained == planned), 2, words)


def count_rooms(counts: Counts, milestone: Milestone | MilestoneRow) -> Progress | None:
    """Give how many rooms of a milestone's room group have a live access point."""
    group_id = milestone.room_group_id
    if group_id is None:
        return None
    done, total = counts.live_rooms[group_id], counts.rooms.get(group_id, 0)
    words = msg("%(done)s of %(total)s rooms with a live access point", done=done, total=total)
    return Progress(done, total, words)
