"""The city at a glance: every building in scope with its stage, narrowed by one filter.

Decides what a building's line on the map and in the list says, so that both always agree. Refuses
to know how either is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.rollout.progress import STAGES, find_stage
from wlantrack.services import networks as network_services
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import visible_buildings
from wlantrack.services.results import stamp
from wlantrack.store.queries import city as queries
from wlantrack.store.queries import on_air as air_queries
from wlantrack.store.queries.city import PointCounts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.rollout.progress import Stage
    from wlantrack.services.results import ResultCache
    from wlantrack.store.queries.city import CityRow

SHOWN_CLASSES = ("visitor", "internal")


@dataclass(frozen=True)
class CityFilter:
    """What the city is narrowed to; empty fields narrow nothing."""

    words: str = ""
    stage: str = ""
    public: str = ""
    priority: int | None = None
    network: str = ""

    @property
    def is_set(self) -> bool:
        """Tell whether anything is left out."""
        return self != CityFilter()


@dataclass(frozen=True)
class CityBuilding:
    """A building with its stage, its counts, and the networks on air there that one may know of."""

    row: CityRow
    counts: PointCounts
    stage: Stage
    networks: tuple[str, ...]

    @property
    def shape(self) -> BaseGeometry | None:
        """Give footprint, else origin, in the storage CRS; None where neither is known."""
        row = self.row
        if row.footprint is not None:
            return row.footprint
        if row.origin_easting_m is None or row.origin_northing_m is None:
            return None
        return shapely.Point(row.origin_easting_m, row.origin_northing_m)

    @property
    def is_on_map(self) -> bool:
        """Tell whether it is known where the building lies."""
        return self.row.footprint is not None or self.row.origin_easting_m is not None


@dataclass(frozen=True)
class City:
    """The buildings that a filter leaves, and how many there are without it."""

    buildings: tuple[CityBuilding, ...]
    total: int

    @property
    def unplaced(self) -> int:
        """Count the buildings that the map cannot show."""
        return sum(1 for building in self.buildings if not building.is_on_map)

    def count_stages(self) -> list[tuple[Stage, int]]:
        """Count the buildings of every stage, the furthest first."""
        keys = [building.stage.key for building in self.buildings]
        return [(stage, keys.count(stage.key)) for stage in STAGES.values()]


def view_city(session: Session, actor: Actor, narrow: CityFilter, cache: ResultCache) -> City:
    """Give the buildings in scope that match a filter, by code; kept until a record changes."""
    key = ("city", stamp(session), actor.grants)
    buildings = cache.remember(key, lambda: _list_all(session, actor))
    matching = tuple(building for building in buildings if _matches(building, narrow))
    return City(matching, len(buildings))


def visible_classes(actor: Actor) -> tuple[str, ...]:
    """Give the network classes whose presence an actor may know of."""
    if not actor.can_anywhere(Action.SEE_NETWORKS):
        return ()
    return SHOWN_CLASSES if actor.can_anywhere(Action.SEE_INTERNAL_NETWORKS) else ("visitor",)


def _list_all(session: Session, actor: Actor) -> list[CityBuilding]:
    rows = queries.list_city(session, visible_buildings(actor, Action.SEE_PLACES))
    counts = queries.count_points(session, actor.scope_pairs(Action.SEE_ACCESS_POINTS))
    on_air = _list_on_air(session, actor)
    none = PointCounts()
    buildings = []
    for row in rows:
        found = counts.get(row.id, none)
        networks = tuple(key for key, places in on_air.items() if row.id in places)
        stage = find_stage(found.planned, found.started, found.live)
        buildings.append(CityBuilding(row, found, stage, networks))
    return buildings


def _list_on_air(session: Session, actor: Actor) -> dict[str, set[int]]:
    """Give by network class the buildings where the actor may know that it is on air."""
    found = {}
    for key in visible_classes(actor):
        sent = air_queries.load_networks(session, key, {"on air"})
        reach = network_services.reach_of(actor, key)
        found[key] = queries.list_sending_buildings(session, sent, reach)
    return found


def _matches(building: CityBuilding, narrow: CityFilter) -> bool:
    row = building.row
    if narrow.words:
        text = f"{row.code} {row.name} {row.address}".casefold()
        if not all(word in text for word in narrow.words.casefold().split()):
            return False
    return (
        (not narrow.stage or building.stage.key == narrow.stage)
        and (not narrow.public or row.is_public == (narrow.public == "yes"))
        and (narrow.priority is None or row.priority == narrow.priority)
        and (not narrow.network or narrow.network in building.networks)
    )
