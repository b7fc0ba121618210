"""What a council is told, as of a day: every number of an answer, kept as one text.

Decides what leaves the house of posts, decisions, training and support: no notes, no contacts, no
amounts. Words of the data stay as they were written; what is to be translated is kept by its key.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from wlantrack.rollout.milestones import Standing
from wlantrack.services.coverage import DEFAULT_THRESHOLD_DBM

MAP_BAND: Final = "5"
MAP_LEVEL_DBM: Final = DEFAULT_THRESHOLD_DBM


class PlaceKind(StrEnum):
    """What a place is; all but groups of rooms add up to the city."""

    WING = "wing"
    BUILDING = "building"
    REST = "rest"
    """What lies in none of its building's wings."""
    GROUP = "group"


@dataclass(frozen=True)
class PlaceFact:
    """A place and its access points.

    ``visitor`` counts the live ones that send the visitors' network; None where that is not
    counted.
    """

    building: str
    building_name: str
    place: str
    kind: str
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

    @cached_property
    def is_of_several(self) -> bool:
        """Tell whether there is more than one building, so that places need theirs to be known."""
        named = {item.building for item in self.milestones if item.building}
        return len(named | {place.building for place in self.places}) > 1

    @property
    def wings(self) -> tuple[PlaceFact, ...]:
        """Give the places that add up to the city: room groups lie in them."""
        return tuple(place for place in self.places if place.kind != PlaceKind.GROUP)


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


def is_reached(state: str) -> bool:
    """Tell whether a milestone's state says that it has come about."""
    return state == Standing.REACHED
