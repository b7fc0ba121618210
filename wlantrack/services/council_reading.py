"""What a council is told, read from the data with the rights of a council member.

Decides that everything but posts, decisions, training and support is read as a viewer would read
it, so that an answer cannot hold what its readers may not see.
"""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wlantrack.maps.heat_map import render_signal
from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES
from wlantrack.rollout.progress import STARTED_STATES
from wlantrack.services import coverage, milestones, places
from wlantrack.services.actor import Actor, Scope
from wlantrack.services.council_facts import (
    MAP_BAND,
    MAP_LEVEL_DBM,
    CouncilFacts,
    DecisionFact,
    FloorFact,
    MilestoneFact,
    PlaceFact,
    PlaceKind,
    PostFact,
    TeamFact,
    TrainingFact,
)
from wlantrack.services.milestone_progress import find_counts
from wlantrack.services.network_coverage import Shown, choices_on, predict_shown
from wlantrack.services.pictures import rings_of
from wlantrack.services.results import stamp
from wlantrack.store.queries import council as queries
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import on_air as air_queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.milestone_progress import Counts
    from wlantrack.services.milestones import MilestoneLine, View
    from wlantrack.services.plan import PlanParts
    from wlantrack.store.models.demand import RoomGroup
    from wlantrack.store.models.places import Building, Floor

COUNCIL: Final = Actor("council answer", grants=(("viewer", Scope()),))
"""With whose rights the data is read: those of a council member."""
MOST_FLOORS: Final = 24
"""So many storeys are drawn at most, those of the most important buildings."""


def find_facts(session: Session, parts: PlanParts) -> CouncilFacts:
    """Give the facts as of now, taken anew only if a record has changed since."""
    key = ("council facts", stamp(session), parts.clock)
    return parts.cache.remember(key, lambda: load_facts(session, parts))


def load_facts(session: Session, parts: PlanParts) -> CouncilFacts:
    """Take the facts of the whole city."""
    view = milestones.find_view(session, COUNCIL, parts)
    lines = milestones.add_progress(session, COUNCIL, milestones.list_lines(view), parts)
    lines.sort(key=lambda line: line.code)
    return CouncilFacts(
        parts.clock.today.isoformat(),
        tuple(_list_places(session, parts, lines)),
        tuple(_describe_milestone(view, line) for line in sorted(lines, key=milestones.by_date)),
        tuple(
            PostFact(post.title, post.office, post.plan, post.state, post.full_time_count)
            for post in queries.list_posts(session)
        ),
        tuple(
            TrainingFact(
                item.title,
                item.audience,
                item.held.wording if item.held else "",
                item.trained_count,
                item.planned_count,
            )
            for item in queries.list_trainings(session)
        ),
        tuple(
            TeamFact(
                team.name,
                team.duty,
                team.hours,
                team.building.code if team.building else "",
                team.building.name if team.building else "",
            )
            for team in queries.list_teams(session)
        ),
        tuple(
            DecisionFact(item.title, item.body, item.paper, item.decided.wording)
            for item in queries.list_decisions(session)
            # What is to be decided on a day that lies ahead is no decision yet.
            if item.decided is not None and item.decided.earliest <= parts.clock.today
        ),
        tuple(_list_floors(session, parts)),
    )


def _describe_milestone(view: View, line: MilestoneLine) -> MilestoneFact:
    row = line.row
    place = row.wing_name or row.room_group or ""
    reasons, waits = _explain(view, line)
    return MilestoneFact(
        row.building or "",
        row.building_name or "",
        place,
        row.kind,
        row.name,
        str(line.state),
        line.expected.wording if line.expected else "",
        line.timing.finish.isoformat() if line.timing.finish else "",
        line.progress.done if line.progress else None,
        line.progress.total if line.progress else None,
        reasons,
        waits,
    )


def _explain(
    view: View, line: MilestoneLine
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Say why there is no date: reasons as they were written, and what is waited for by kind."""
    if line.timing.finish is not None:
        return (), ()
    reasons, waits = [line.row.undated_reason], []
    for key in line.timing.waits_for:
        row = view.city.row_of(key)
        if key == line.key or not view.sees(row):
            continue
        reasons.append(row.undated_reason)
        is_milestone = key in view.city.milestones
        where = view.city.milestones[key].wing_name or "" if is_milestone else ""
        waits.append((row.kind if is_milestone else row.name, where))
    return _unique(reasons), tuple(dict.fromkeys(waits))


def _unique(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True)
class _Stands:
    """How the two networks stand at each place, by kind of milestone and place."""

    found: Mapping[tuple[Any, ...], tuple[str, str]]

    @classmethod
    def of(cls, lines: Iterable[MilestoneLine]) -> _Stands:
        """Take the stands from milestones; of several of a kind at a place the last one counts."""
        return cls(
            {
                (line.row.kind, line.row.building_id, line.row.wing_id, line.row.room_group_id): (
                    str(line.state),
                    line.expected.wording if line.expected else "",
                )
                for line in lines
            }
        )

    def at(
        self, building_id: int, wing_id: int | None = None, group_id: int | None = None
    ) -> tuple[str, str, str, str]:
        """Give state and date of the visitors' network, then those of the internal one."""
        place = (building_id, wing_id, group_id)
        nothing = ("", "")
        visitor = self.found.get(("visitor WLAN live", *place), nothing)
        return *visitor, *self.found.get(("internal WLAN live", *place), nothing)


def _list_places(
    session: Session, parts: PlanParts, lines: Iterable[MilestoneLine]
) -> Iterator[PlaceFact]:
    counts, stands = find_counts(session, parts.cache), _Stands.of(lines)
    networks = air_queries.load_networks(session, "visitor", {"on air"})
    senders = queries.count_senders(session, networks)
    groups: dict[int, list[RoomGroup]] = {}
    for group in group_queries.list_groups(session, None):
        groups.setdefault(group.building_id, []).append(group)
    for building in place_queries.list_whole_buildings(session, None):
        yield from _list_wings(building, counts, senders, stands)
        for group in groups.get(building.id, []):
            stand = stands.at(building.id, group_id=group.id)
            if any(stand):
                points = _count(counts.group_points.get(group.id, Counter()))
                yield PlaceFact(
                    building.code, building.name, group.name, PlaceKind.GROUP, *points, None, *stand
                )


def _list_wings(
    building: Building,
    counts: Counts,
    senders: Mapping[tuple[int, int | None], int],
    stands: _Stands,
) -> Iterator[PlaceFact]:
    """Give a building's wings, then what lies in none of them: together they are the building."""
    rest = Counter(counts.points.get((building.id, None), Counter()))
    for wing in building.wings:
        states = counts.points.get((building.id, wing.id), Counter())
        rest -= states
        points, sending = _count(states), senders.get((building.id, wing.id), 0)
        if points[0]:
            stand = stands.at(building.id, wing.id)
            yield PlaceFact(
                building.code, building.name, wing.name, PlaceKind.WING, *points, sending, *stand
            )
    points, sending = _count(rest), senders.get((building.id, None), 0)
    if points[0]:
        kind = PlaceKind.REST if building.wings else PlaceKind.BUILDING
        stand = stands.at(building.id)
        yield PlaceFact(building.code, building.name, "", kind, *points, sending, *stand)


def _count(states: Mapping[str, int]) -> tuple[int, int, int]:
    """Give how many access points are planned, how many of them under way, and how many live."""

    def total(among: Collection[str]) -> int:
        return sum(number for state, number in states.items() if state in among)

    return total(PLANNED_STATES), total(STARTED_STATES), total(LIVE_STATES)


def _list_floors(session: Session, parts: PlanParts) -> Iterator[FloorFact]:
    for floor in queries.list_public_floors(session, MOST_FLOORS):
        if "visitor" in choices_on(COUNCIL, floor):
            yield _draw_floor(session, parts, floor)


def _draw_floor(session: Session, parts: PlanParts, floor: Floor) -> FloorFact:
    shown = Shown("live", "visitor")
    predicted = predict_shown(session, COUNCIL, floor, shown, parts.cache)
    target = coverage.Target(MAP_BAND, MAP_LEVEL_DBM)
    report = coverage.report_floor(session, COUNCIL, floor, predicted, target, parts.cache)
    best = coverage.best_in_band(predicted.coverage, MAP_BAND, predicted.sight)
    rooms = [room.outline for room in places.list_rooms(session, COUNCIL, floor)]
    share = report.whole.pass_share
    building = floor.building
    return FloorFact(
        building.code,
        building.name,
        floor.name,
        None if share is None else round(share, 3),
        round(report.whole.area_m2),
        predicted.key,
        _write_rings([wing.outline for wing in building.wings]),
        _write_rings(rooms),
        base64.b64encode(render_signal(best, MAP_LEVEL_DBM).png).decode(),
        predicted.coverage.grid.bounds,
    )


def _write_rings(outlines: list[Any]) -> tuple[Any, ...]:
    return tuple(
        tuple((round(x, 2), round(y, 2)) for x, y in ring)
        for outline in outlines
        for ring in rings_of(outline)
    )
