"""How the runs of a building lead along its routes: ways, lengths, and how full routes are.

Decides at what heights cables leave cabinets and outlets, which runs count in a route, and that a
building's ways are reckoned together and kept until a record changes. The city's routes are one
network per building: cables between houses are no runs along trays.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotFound, msg
from wlantrack.rollout.cable_routes import (
    NoWay,
    RouteLine,
    RouteNetwork,
    RunEnd,
    Slack,
    Storey,
    Way,
)
from wlantrack.rollout.lifecycle import CABLE_ORDER
from wlantrack.services import cable_routes
from wlantrack.services.results import stamp
from wlantrack.services.route_lines import points_of
from wlantrack.services.surroundings import storey_heights
from wlantrack.store.queries import cable_routes as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.results import ResultCache
    from wlantrack.settings import Settings
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import CableRoute
    from wlantrack.store.models.places import Floor
    from wlantrack.store.queries.cable_routes import RouteFilter, RouteRow, RunEnds
    from wlantrack.store.queries.paging import Page

CABINET_HEIGHT_M: Final = 2.0
"""Cables leave a distributor over the top of its cabinet."""
OUTLET_HEIGHT_M: Final = 0.3
LAID: Final = frozenset({*CABLE_ORDER[CABLE_ORDER.index("pulled") :], "test failed"})
"""States in which a cable lies in its route; a blocked one may or may not."""


@dataclass(frozen=True)
class WayParts:
    """What ways are reckoned with: the slack of the settings, and where they are kept."""

    slack: Slack
    cache: ResultCache


@dataclass(frozen=True)
class BuildingWays:
    """The ways of a building's runs.

    Attributes
    ----------
    ways
        By run id; of runs that are not out of service.
    runs
        All runs, by id.
    filled
        Runs that lead along each route, by its code.
    """

    network: RouteNetwork
    routes: Mapping[str, RouteRow] = field(default_factory=dict)
    runs: Mapping[int, RunEnds] = field(default_factory=dict)
    ways: Mapping[int, Way | NoWay] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)
    laid: Mapping[str, int] = field(default_factory=dict)

    def length_of(self, run_id: int) -> float | None:
        """Give how much cable a run takes, None where there is no way."""
        way = self.ways.get(run_id)
        return round_up(way.length_m) if isinstance(way, Way) else None

    def measure_route(self, route: str) -> float | None:
        """Give the length of a route in metres; None where its storeys are not known."""
        stops = self.network.net.stops.get(route)
        return stops[-1].along_m - stops[0].along_m if stops else None

    def list_along(self, route: str) -> list[RunEnds]:
        """Give the runs that lead along a route, by label."""
        return [
            self.runs[run_id]
            for run_id, way in self.ways.items()
            if isinstance(way, Way) and route in way.routes
        ]


@dataclass(frozen=True)
class ListedRoute:
    """A line of the list of routes: the route, its length, and the runs along it.

    Attributes
    ----------
    laid
        Those of them whose cable lies there already.
    """

    row: RouteRow
    length_m: float | None
    filled: int
    laid: int

    @property
    def is_overfull(self) -> bool:
        """Tell whether more runs lead along it than fit."""
        return self.row.capacity is not None and self.filled > self.row.capacity


def list_routes(
    session: Session, actor: Actor, parts: WayParts, narrow: RouteFilter, page: Page
) -> tuple[list[ListedRoute], int]:
    """Give one page of the routes in scope with what is in them, and how many match."""
    rows, total = cable_routes.list_routes(session, actor, narrow, page)
    return [with_fill(session, parts, row) for row in rows], total


def with_fill(session: Session, parts: WayParts, row: RouteRow) -> ListedRoute:
    """Give a route with the runs along it."""
    ways = find_ways(session, parts, row.building_id)
    if ways is None:
        return ListedRoute(row, None, 0, 0)
    filled, laid = ways.filled.get(row.code, 0), ways.laid.get(row.code, 0)
    return ListedRoute(row, ways.measure_route(row.code), filled, laid)


def find_listed(session: Session, parts: WayParts, route: CableRoute) -> ListedRoute:
    """Give a route that was found before, with the runs along it.

    Raises
    ------
    NotFound
        Somebody has deleted it just now.
    """
    ways = find_ways(session, parts, route.floor.building_id)
    if ways is None or route.code not in ways.routes:
        raise NotFound(msg("There is no such cable route; perhaps somebody has deleted it."))
    return with_fill(session, parts, ways.routes[route.code])


def list_along(session: Session, parts: WayParts, route: CableRoute) -> list[RunEnds]:
    """Give the runs that lead along a route, by label."""
    ways = find_ways(session, parts, route.floor.building_id)
    return ways.list_along(route.code) if ways else []


def find_parts(settings: Settings, cache: ResultCache) -> WayParts:
    """Give what ways are reckoned with in an installation."""
    slack = Slack(settings.cable_slack_percent / 100, float(settings.cable_spare_m))
    return WayParts(slack, cache)


def round_up(length_m: float) -> float:
    """Round a length to the decimetre, never down: a cable that is too short is none."""
    return math.ceil(round(length_m * 10, 6)) / 10


def find_ways(session: Session, parts: WayParts, building_id: int) -> BuildingWays | None:
    """Give the ways of a building's runs, None where no route is drawn."""
    key = ("routed buildings", stamp(session))
    routed = parts.cache.remember(key, lambda: queries.list_routed_buildings(session))
    if building_id not in routed:
        return None
    return parts.cache.remember(
        ("ways", stamp(session), building_id, parts.slack),
        lambda: load_ways(session, parts.slack, building_id),
    )


def find_run_way(session: Session, parts: WayParts, run: CableRun) -> Way | NoWay | None:
    """Give the way of a run, or why it has none; None where nobody draws routes, or nobody asks."""
    ways = find_ways(session, parts, run.floor.building_id)
    return ways.ways.get(run.id) if ways else None


def find_lengths(
    session: Session, parts: WayParts, places: Iterable[tuple[int, int]]
) -> dict[int, float]:
    """Give the lengths along routes of runs, asked for by (run id, building id)."""
    found = {}
    wanted = sorted(places, key=lambda place: place[1])
    for building_id, group in itertools.groupby(wanted, key=lambda place: place[1]):
        ways = find_ways(session, parts, building_id)
        for run_id, _ in group:
            length_m = ways.length_of(run_id) if ways else None
            if length_m is not None:
                found[run_id] = length_m
    return found


def load_ways(session: Session, slack: Slack, building_id: int) -> BuildingWays:
    """Load a building's routes and runs, and find the way of each."""
    routes = queries.list_of_buildings(session, [building_id])
    storeys = list_storeys(queries.list_storeys(session, building_id))
    network = RouteNetwork(storeys, map(to_line, routes))
    runs = {run.id: run for run in queries.list_run_ends(session, building_id)}
    ways = {
        run.id: find_way(network, slack, run)
        for run in runs.values()
        if run.state != "decommissioned"
    }
    filled: Counter[str] = Counter()
    laid: Counter[str] = Counter()
    for run_id, way in ways.items():
        if isinstance(way, Way):
            filled.update(way.routes)
            if runs[run_id].state in LAID:
                laid.update(way.routes)
    return BuildingWays(network, {row.code: row for row in routes}, runs, ways, filled, laid)


def list_storeys(floors: list[Floor]) -> list[Storey]:
    """Give the storeys of a building, each on top of the one below it."""
    if not floors:
        return []
    base_m = next((floor.elevation_m for floor in floors if floor.elevation_m is not None), 0.0)
    rises = [0.0, *itertools.accumulate(storey_heights(floors)[:-1])]
    return [
        Storey(floor.level, base_m + rise_m, floor.height_m)
        for floor, rise_m in zip(floors, rises, strict=True)
    ]


def to_line(row: RouteRow) -> RouteLine:
    """Give a route as the engine knows it."""
    return RouteLine(row.code, row.kind, row.level, points_of(row.line), row.upper_level)


def find_way(network: RouteNetwork, slack: Slack, run: RunEnds) -> Way | NoWay:
    """Give the way of a run, or why it has none: an end may be missing, or its place unknown."""
    if run.distributor is None or run.start_level is None:
        return NoWay(
            msg("The run has no distributor yet."), msg("Enter where it begins, then it has a way.")
        )
    if run.far_end is None:
        return NoWay(
            msg("The run's far end is open."), msg("Enter where it ends, then it has a way.")
        )
    if run.start_building_id != run.building_id:
        return NoWay(
            msg("The run leads from one building to another."),
            msg("Routes are drawn within a building: enter its length by hand."),
        )
    for name, x_m, y_m in (
        (run.distributor, run.start_x_m, run.start_y_m),
        (run.far_end, run.x_m, run.y_m),
    ):
        if x_m is None or y_m is None:
            return NoWay(
                msg("Nobody has said where on its floor %(end)s is.", end=name),
                msg("Enter its position, x and y, on its own page."),
            )
    height_m = OUTLET_HEIGHT_M if run.height_m is None else run.height_m
    start = RunEnd(
        run.distributor, run.start_level, run.start_x_m or 0, run.start_y_m or 0, CABINET_HEIGHT_M
    )
    goal = RunEnd(run.far_end, run.level, run.x_m or 0, run.y_m or 0, height_m)
    return network.find_way(start, goal, slack)
