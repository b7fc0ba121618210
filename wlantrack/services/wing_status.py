"""How wings, buildings and the programme stand: their light, their milestones, what comes next.

Decides what the rules of the lights are asked with: milestones beside the latest baseline, and the
alarms of walls that close.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.rollout.milestones import Standing
from wlantrack.rollout.rag import Light, MilestoneFact, PlaceFacts, judge_place
from wlantrack.rollout.wall_closing import Level
from wlantrack.services import closing_walls, room_groups
from wlantrack.services.actor import Action, Actor
from wlantrack.services.milestones import (
    View,
    add_progress,
    by_date,
    find_view,
    list_lines,
)
from wlantrack.services.results import stamp
from wlantrack.services.wings import find_wing
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import progress as progress_queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.rag import Verdict
    from wlantrack.services.building_overview import BuildingOverview
    from wlantrack.services.closing_walls import WallAlarm
    from wlantrack.services.milestones import MilestoneLine
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.results import ResultCache
    from wlantrack.services.room_groups import GroupRow
    from wlantrack.services.wings import WingPlace
    from wlantrack.store.models.places import Floor, Wing

Place = tuple[int | None, int | None]


@dataclass(frozen=True)
class PlaceStatus:
    """How a place stands: its light, its milestones by date, and which comes next."""

    verdict: Verdict
    lines: tuple[MilestoneLine, ...]

    @property
    def goal_line(self) -> MilestoneLine | None:
        """Give the milestone of the visitor WLAN, the last of them; without one the next."""
        goals = [line for line in self.lines if line.row.kind == "visitor WLAN live"]
        return goals[-1] if goals else self.next_line

    @property
    def next_line(self) -> MilestoneLine | None:
        """Give the next milestone: that with the first date, else one that is open."""
        ahead = [line for line in self.lines if line.state is not Standing.REACHED]
        dated = [line for line in ahead if line.timing.finish is not None]
        return next(iter(dated or ahead), None)


def judge_places(session: Session, actor: Actor, parts: PlanParts) -> dict[Place, PlaceStatus]:
    """Give how each place in scope stands that has milestones or alarms, by building and wing.

    A room group's milestones count for its building. Promised is what the latest baseline says,
    else what was forecast by hand.
    """
    key = ("places", stamp(session), actor.grants, parts.clock)
    return parts.cache.remember(key, lambda: _judge_places(session, actor, parts))


def _judge_places(session: Session, actor: Actor, parts: PlanParts) -> dict[Place, PlaceStatus]:
    view = find_view(session, actor, parts)
    lines = add_progress(session, actor, list_lines(view), parts)
    walls = _count_walls(session, view, parts.cache)
    by_place: defaultdict[Place, list[MilestoneLine]] = defaultdict(list)
    for line in lines:
        by_place[line.row.building_id, line.row.wing_id].append(line)
    places = {*by_place, *walls}
    return {place: _judge(by_place.get(place, ()), walls.get(place, (0, 0))) for place in places}


def _judge(lines: Sequence[MilestoneLine], walls: tuple[int, int]) -> PlaceStatus:
    facts = [
        MilestoneFact(
            line.code, line.state, line.days_late, line.timing.is_critical, line.contradicts
        )
        for line in lines
    ]
    return PlaceStatus(judge_place(PlaceFacts(facts, *walls)), tuple(sorted(lines, key=by_date)))


def _count_walls(session: Session, view: View, cache: ResultCache) -> dict[Place, tuple[int, int]]:
    """Count the cables for which a closing wall is missed, and for which it is an alarm."""
    if not view.actor.can_anywhere(Action.SEE_RENOVATIONS):
        return {}
    clock = view.city.clock
    counts: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for alarm in closing_walls.list_alarms(session, view.actor, clock.workdays, clock.today, cache):
        is_missed = alarm.outlook.level is Level.MISSED
        counts[alarm.run.building_id, alarm.run.wing_id][0 if is_missed else 1] += 1
    return {place: (missed, due) for place, (missed, due) in counts.items()}


def list_programme(
    session: Session, actor: Actor, parts: PlanParts
) -> tuple[list[tuple[Place, PlaceStatus]], dict[int, uuid.UUID]]:
    """Give how places in scope with milestones stand, the worst first, and wings' public ids."""
    statuses = judge_places(session, actor, parts).items()
    order = [*Light]
    ordered = sorted(
        (item for item in statuses if item[1].lines),
        key=lambda item: (
            order.index(item[1].verdict.light),
            item[1].lines[0].row.building or "",
            item[1].lines[0].row.wing or "",
        ),
    )
    return ordered, place_queries.list_wing_ids(session)


def list_of_building(
    session: Session, actor: Actor, overview: BuildingOverview, parts: PlanParts
) -> list[tuple[Wing | None, PlaceStatus | None]]:
    """Give how a building and those of its wings stand that the actor sees; none if none does.

    None for the wing means the building as a whole, with its room groups.
    """
    if not actor.can_anywhere(Action.SEE_MILESTONES):
        return []
    statuses = judge_places(session, actor, parts)
    building = overview.building
    found = [
        (wing, statuses.get((building.id, wing.id))) for wing in overview.wings if wing is not None
    ]
    whole = statuses.get((building.id, None))
    return [*([(None, whole)] if whole else []), *found]


@dataclass(frozen=True)
class FloorCount:
    """How many of a wing's access points and cables on a floor are planned and done."""

    floor: Floor
    planned: int = 0
    live: int = 0
    cables: int = 0
    cables_done: int = 0


@dataclass(frozen=True)
class WingPage:
    """Everything on the page of a wing."""

    place: WingPlace
    status: PlaceStatus
    floors: tuple[FloorCount, ...]
    groups: tuple[GroupRow, ...]
    alarms: tuple[WallAlarm, ...]
    sees_cabling: bool

    @property
    def total(self) -> FloorCount | None:
        """Give the sums over all floors."""
        if not self.floors:
            return None
        names = ("planned", "live", "cables", "cables_done")
        sums = {name: sum(getattr(count, name) for count in self.floors) for name in names}
        return FloorCount(self.floors[0].floor, **sums)


def show_wing(session: Session, actor: Actor, ref: str, parts: PlanParts) -> WingPage:
    """Give a wing with its light, milestones, counts by floor, and the room groups touching it.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    place = find_wing(session, actor, ref)
    building, wing = place.building, place.wing
    where = (building.id, wing.id)
    status = judge_places(session, actor, parts).get(where) or _judge([], (0, 0))
    sees_cabling = actor.can(Action.SEE_CABLING, *where)
    groups = tuple(
        row
        for group in group_queries.list_groups(session, [building.id])
        if wing.code in (row := room_groups.make_row(actor, group)).wings
    )
    floors = _count_floors(session, building.id, wing, building.floors, sees_cabling=sees_cabling)
    alarms = _list_alarms(session, actor, wing, parts)
    return WingPage(place, status, floors, groups, alarms, sees_cabling)


def _list_alarms(
    session: Session, actor: Actor, wing: Wing, parts: PlanParts
) -> tuple[WallAlarm, ...]:
    """Give the cables of a wing over which a wall closes or has closed, for those who may know."""
    if not actor.can_anywhere(Action.SEE_RENOVATIONS):
        return ()
    clock = parts.clock
    found = closing_walls.list_alarms(
        session, actor, clock.workdays, clock.today, building_id=wing.building_id
    )
    return tuple(alarm for alarm in found if alarm.run.wing_id == wing.id)


def _count_floors(
    session: Session, building_id: int, wing: Wing, floors: Sequence[Floor], *, sees_cabling: bool
) -> tuple[FloorCount, ...]:
    points = {
        count.floor_id: count
        for count in place_queries.count_cells(session, building_id)
        if count.wing_id == wing.id
    }
    cables = {
        count.floor_id: count
        for count in (progress_queries.count_cables(session, building_id) if sees_cabling else ())
        if count.wing_id == wing.id
    }
    return tuple(
        FloorCount(
            floor,
            *((points[floor.id].planned, points[floor.id].live) if floor.id in points else (0, 0)),
            *((cables[floor.id].planned, cables[floor.id].live) if floor.id in cables else (0, 0)),
        )
        for floor in sorted(floors, key=lambda floor: -floor.level)
        if floor.id in points or floor.id in cables
    )
