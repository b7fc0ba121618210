"""What a council is told, taken from the data once, as of a day: every number of an answer.

Decides that everything but posts, decisions, training and support is read with the rights of a
council member, so that an answer cannot hold what its readers may not see. Of those four only what
is written here leaves the house: no notes, no contacts, no amounts. Words of the data stay as they
were written; what is to be translated is kept by its key.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from wlantrack.maps.heat_map import render_signal
from wlantrack.rollout.milestones import Standing
from wlantrack.rollout.progress import STARTED_STATES
from wlantrack.services import coverage, milestones, places
from wlantrack.services.actor import Actor, Scope
from wlantrack.services.milestone_progress import find_counts
from wlantrack.services.network_coverage import Shown, choices_on, predict_shown
from wlantrack.services.pictures import rings_of
from wlantrack.store.queries import council as queries
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import on_air as air_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.milestones import MilestoneLine, View
    from wlantrack.services.plan import PlanParts
    from wlantrack.store.models.places import Building, Floor

COUNCIL: Final = Actor("council answer", grants=(("viewer", Scope()),))
"""With whose rights the data is read: those of a council member."""
MOST_FLOORS: Final = 24
"""So many storeys are drawn at most, those of the most important buildings."""
MAP_BAND: Final = "5"
MAP_LEVEL_DBM: Final = coverage.DEFAULT_THRESHOLD_DBM


@dataclass(frozen=True)
class PlaceFact:
    """A wing, a building without wings, or a room group, and its access points.

    ``visitor`` counts the live ones that send the visitors' network; None where that is not
    counted.
    """

    building: str
    building_name: str
    place: str
    is_group: bool
    planned: int
    under_way: int
    live: int
    visitor: int | None
    visitor_state: str = ""
    visitor_when: str = ""
    internal_state: str = ""
    internal_when: str = ""


@dataclass(frozen=True)
class MilestoneFact:
    """A milestone: where, what, when, and how far its objects have come.

    ``reasons`` say why there is no date, in the words of those who plan; ``waits`` names by kind
    and place what it waits for.
    """

    building: str
    building_name: str
    place: str
    kind: str
    name: str
    state: str
    when: str
    sort_on: str
    done: int | None
    total: int | None
    reasons: tuple[str, ...] = ()
    waits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PostFact:
    """Posts of one kind in a post plan."""

    title: str
    office: str
    plan: str
    state: str
    count: float


@dataclass(frozen=True)
class TrainingFact:
    """A training, for whom, when, and how many have taken part of how many."""

    title: str
    audience: str
    when: str
    trained: int
    planned: int | None


@dataclass(frozen=True)
class TeamFact:
    """Who looks after the network, for what and when."""

    name: str
    duty: str
    hours: str
    building: str
    building_name: str


@dataclass(frozen=True)
class DecisionFact:
    """What was decided by whom, when, on which paper."""

    title: str
    body: str
    paper: str
    when: str


@dataclass(frozen=True)
class FloorFact:
    """The public part of a storey: how much of it the visitors' network reaches, and its picture.

    ``png`` is base64; ``share`` counts levels of at least MAP_LEVEL_DBM at MAP_BAND GHz.
    """

    building: str
    building_name: str
    floor: str
    share: float | None
    area_m2: int
    key: str
    footprint: tuple[Any, ...]
    rooms: tuple[Any, ...]
    png: str
    bounds_m: tuple[float, float, float, float]


@dataclass(frozen=True)
class CouncilFacts:
    """Everything that answers are filled from, as of a day in ISO form."""

    as_of: str
    places: tuple[PlaceFact, ...] = ()
    milestones: tuple[MilestoneFact, ...] = ()
    posts: tuple[PostFact, ...] = ()
    trainings: tuple[TrainingFact, ...] = ()
    teams: tuple[TeamFact, ...] = ()
    decisions: tuple[DecisionFact, ...] = ()
    floors: tuple[FloorFact, ...] = ()

    def of_building(self, code: str) -> CouncilFacts:
        """Give the facts of one building; what belongs to none stays."""
        if not code:
            return self

        def keep(items: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(item for item in items if item.building == code)

        return CouncilFacts(
            self.as_of,
            keep(self.places),
            keep(self.milestones),
            self.posts,
            self.trainings,
            tuple(team for team in self.teams if team.building in {"", code}),
            self.decisions,
            keep(self.floors),
        )

    @property
    def wings(self) -> tuple[PlaceFact, ...]:
        """Give the places that add up to the city: room groups lie in them."""
        return tuple(place for place in self.places if not place.is_group)


_PARTS: Final = {
    "places": PlaceFact,
    "milestones": MilestoneFact,
    "posts": PostFact,
    "trainings": TrainingFact,
    "teams": TeamFact,
    "decisions": DecisionFact,
    "floors": FloorFact,
}


def write_facts(facts: CouncilFacts) -> str:
    """Write facts so that the same facts give the same text."""
    return json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_facts(text: str) -> CouncilFacts:
    """Read what :func:`write_facts` wrote."""
    values = json.loads(text)
    parts: dict[str, Any] = {
        name: tuple(_read(made, item) for item in values[name]) for name, made in _PARTS.items()
    }
    return CouncilFacts(values["as_of"], **parts)


def _read(made: type[Any], values: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    known = {item.name for item in fields(made)}
    return made(**{key: _freeze(value) for key, value in values.items() if key in known})


def _freeze(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value


def list_moved(before: CouncilFacts, now: CouncilFacts) -> tuple[str, ...]:
    """Name the parts that say something else now; of a map its levels count, not its picture."""
    return tuple(name for name in _PARTS if _gist(before, name) != _gist(now, name))


def _gist(facts: CouncilFacts, name: str) -> Any:  # noqa: ANN401 - compared only
    if name == "floors":
        return [(item.building, item.floor, item.key) for item in facts.floors]
    return getattr(facts, name)


def find_facts(session: Session, parts: PlanParts) -> CouncilFacts:
    """Give the facts as of now, taken anew only if a record has changed since."""
    key = ("council facts", coverage.stamp(session), parts.clock)
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
            DecisionFact(item.title, item.body, item.paper, item.decided.wording if item.decided else "")
            for item in queries.list_decisions(session)
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


def _list_places(
    session: Session, parts: PlanParts, lines: list[MilestoneLine]
) -> Iterator[PlaceFact]:
    counts = find_counts(session, parts.cache)
    networks = air_queries.load_networks(session, "visitor", {"on air"})
    senders = queries.count_senders(session, networks)
    groups: dict[int, list[Any]] = {}
    for group in group_queries.list_groups(session, None):
        groups.setdefault(group.building_id, []).append(group)
    for building in place_queries.list_whole_buildings(session, None):
        wings = [(wing.id, wing.name) for wing in building.wings]
        whole = counts.points.get((building.id, None), {})
        rest = sum(whole.get(state, 0) for state in PLANNED_STATES)
        found = []
        for wing_id, name in wings:
            by_state = counts.points.get((building.id, wing_id), {})
            found.append(
                _describe_place(building, name, by_state, lines, senders.get((building.id, wing_id), 0), wing_id)
            )
            rest -= found[-1].planned
        if not wings:
            found = [
                _describe_place(building, "", whole, lines, senders.get((building.id, None), 0), None)
            ]
        yield from (place for place in found if place.planned)
        for group in groups.get(building.id, []):
            by_state = counts.group_points.get(group.id, {})
            place = _describe_place(building, group.name, by_state, lines, None, None, group.id)
            if place.visitor_state or place.internal_state:
                yield place


def _describe_place(  # noqa: PLR0913 - a place, its counts and its milestones
    building: Building,
    name: str,
    by_state: Mapping[str, int] | Counter[str],
    lines: list[MilestoneLine],
    visitor: int | None,
    wing_id: int | None,
    group_id: int | None = None,
) -> PlaceFact:
    def count(states: Any) -> int:  # noqa: ANN401 - any set of states
        return sum(number for state, number in by_state.items() if state in states)

    def stand(kind: str) -> tuple[str, str]:
        found = [
            line
            for line in lines
            if line.row.kind == kind
            and line.row.building_id == building.id
            and line.row.wing_id == wing_id
            and line.row.room_group_id == group_id
        ]
        if not found:
            return "", ""
        line = found[-1]
        return str(line.state), line.expected.wording if line.expected else ""

    return PlaceFact(
        building.code,
        building.name,
        name,
        group_id is not None,
        count(PLANNED_STATES),
        count(STARTED_STATES),
        count(LIVE_STATES),
        visitor,
        *stand("visitor WLAN live"),
        *stand("internal WLAN live"),
    )


def is_reached(state: str) -> bool:
    """Tell whether a milestone's state says that it has come about."""
    return state == Standing.REACHED


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
