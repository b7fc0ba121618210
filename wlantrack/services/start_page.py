"""What needs somebody now: closing walls, late milestones, own tasks, what is overdue or stands still.

Decides what of the roll-out a role is told of first; everything is counted by the services of its
own, in their scopes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.milestones import Standing
from wlantrack.rollout.wall_closing import Level
from wlantrack.services import cable_runs, closing_walls, due_governance, milestones, tasks
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries.cable_runs import CableFilter

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.closing_walls import WallAlarm
    from wlantrack.services.due_governance import DueEntry
    from wlantrack.services.milestones import MilestoneLine
    from wlantrack.services.plan import PlanParts
    from wlantrack.store.models.work import Task

STANDING_STILL: Final = ("test failed", "blocked")
"""States in which a cable waits for somebody to act."""


@dataclass(frozen=True)
class AlarmGroup:
    """The cables in danger in one part of a renovation; ``level`` is that of the worst.

    ``part_id`` is the part's public id, ``building_id`` and ``wing_id`` say where it lies;
    ``act_by`` is the last day on which beginning suffices for all, today where that is over.
    """

    part_id: uuid.UUID
    building_id: int
    wing_id: int | None
    labels: tuple[str, ...]
    act_by: date
    place: str
    building: str
    wing_code: str
    closes_on: date
    days: int
    count: int
    level: Level


@dataclass(frozen=True)
class StartPage:
    """What somebody sees first; ``late`` are milestones, ``due`` decisions and risks."""

    alarms: tuple[AlarmGroup, ...]
    late: tuple[MilestoneLine, ...]
    due: tuple[DueEntry, ...]
    tasks: tuple[Task, ...]
    unassigned: int
    cables: tuple[tuple[str, int], ...]


def make_start_page(session: Session, actor: Actor, parts: PlanParts) -> StartPage:
    """Give what needs the actor now."""
    clock = parts.clock
    sees_walls = actor.can_anywhere(Action.SEE_RENOVATIONS)
    alarms = (
        closing_walls.list_alarms(session, actor, clock.workdays, clock.today, parts.cache)
        if sees_walls
        else []
    )
    sees_work = actor.can_anywhere(Action.SEE_WORK)
    counts = (
        cable_runs.count_states(session, actor, CableFilter())
        if actor.can_anywhere(Action.SEE_CABLING)
        else {}
    )
    return StartPage(
        alarms=group_alarms(alarms, clock.today),
        late=_list_late(session, actor, parts),
        due=tuple(due_governance.list_due(session, actor, clock.today)),
        tasks=tuple(tasks.list_mine(session, actor)) if sees_work else (),
        unassigned=tasks.count_unassigned(session, actor) if sees_work else 0,
        cables=tuple((state, counts[state]) for state in STANDING_STILL if counts.get(state)),
    )


def _list_late(session: Session, actor: Actor, parts: PlanParts) -> tuple[MilestoneLine, ...]:
    """Give the milestones in scope that come later than promised, the latest ones first."""
    if not actor.can_anywhere(Action.SEE_WORK):
        return ()
    lines = milestones.list_lines(milestones.find_view(session, actor, parts))
    late = [line for line in lines if line.state is Standing.LATE]
    return tuple(sorted(late, key=lambda line: (-line.days_late, line.code)))


def group_alarms(alarms: list[WallAlarm], today: date) -> tuple[AlarmGroup, ...]:
    """Take the alarms of one part of a renovation together, the one that closes first first."""
    parts: dict[int, list[WallAlarm]] = {}
    for alarm in alarms:
        parts.setdefault(alarm.part.id, []).append(alarm)
    levels = list(Level)
    groups = []
    for found in parts.values():
        first = found[0]
        part, building = first.part, first.renovation.building
        names = [item.name for item in (part.wing, part.floor) if item is not None]
        groups.append(
            AlarmGroup(
                part_id=part.public_id,
                building_id=building.id,
                wing_id=part.wing_id,
                labels=tuple(item.run.label for item in found),
                act_by=max(today, min(item.outlook.act_by or item.closes_on for item in found)),
                place=", ".join([building.name, *names]),
                building=building.code,
                wing_code=part.wing.code if part.wing else "",
                closes_on=first.closes_on,
                days=(first.closes_on - today).days,
                count=len(found),
                level=min((item.outlook.level for item in found), key=levels.index),
            )
        )
    return tuple(sorted(groups, key=lambda group: (group.closes_on, levels.index(group.level))))
