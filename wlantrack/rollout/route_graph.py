"""The graph that trays, conduits, ducts and risers of a building make, in metres.

Decides where routes meet: where they cross in plan, where an end comes near another route, and
where a riser passes a storey. Every route has nodes of its own; joints lead from one to the other,
so that a tray under the slab and a duct in the parapet are joined by the height between them.
Refuses to know cables: that is :mod:`wlantrack.rollout.cable_routes`.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
import shapely
from shapely import LineString, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BELOW_SLAB_M: Final = 0.3
"""So far under the storey's top trays and conduits hang."""
DUCT_HEIGHT_M: Final = 0.3
"""So high above the floor ducts in parapets and skirtings run."""
JOIN_M: Final = 0.3
"""Ends nearer than this to another route meet it: nobody draws to the centimetre."""
_SAME_M: Final = 1e-6

PointM = tuple[float, float]


@dataclass(frozen=True)
class Storey:
    """A storey: its level, where its floor lies, and how high it is."""

    level: int
    elevation_m: float
    height_m: float


@dataclass(frozen=True)
class RouteLine:
    """A tray, conduit or duct on one level, or a riser up from it.

    Attributes
    ----------
    points
        Corners in plan, building metres; a riser has one.
    upper_level
        Where a riser ends; it can be entered on every storey that it passes.
    """

    key: str
    kind: str
    level: int
    points: tuple[PointM, ...]
    upper_level: int | None = None

    @property
    def is_riser(self) -> bool:
        """Tell whether it leads upwards."""
        return self.upper_level is not None

    @property
    def top_level(self) -> int:
        """Give the level where it ends."""
        return self.level if self.upper_level is None else self.upper_level

    @property
    def length_m(self) -> float:
        """Give its length in plan; that of a riser is told by the storeys."""
        return sum(itertools.starmap(plan_distance, itertools.pairwise(self.points)))


def plan_distance(a: PointM, b: PointM) -> float:
    """Give the distance of two points in plan."""
    return float(np.hypot(b[0] - a[0], b[1] - a[1]))


def hanging_height(kind: str, storey: Storey) -> float:
    """Give the height above sea level, or whatever elevations count from, of a storey's routes."""
    above_m = DUCT_HEIGHT_M if kind == "duct" else max(storey.height_m - BELOW_SLAB_M, 0.0)
    return storey.elevation_m + above_m


@dataclass(frozen=True)
class Node:
    """A stop on a route: where it is in plan and height, and how far along the route."""

    x_m: float
    y_m: float
    z_m: float
    level: int
    route: str
    along_m: float

    def __hash__(self) -> int:
        """Tell stops apart by what is quickest: there is one at a place of a route."""
        return hash((self.route, self.along_m))

    @property
    def place(self) -> PointM:
        """Give where it is in plan."""
        return self.x_m, self.y_m


class RouteGraph:
    """Routes of a building with their joints, as a weighted graph of nodes.

    Attributes
    ----------
    graph
        Undirected; ``weight`` of an edge is its length in metres.
    stops
        The nodes of each route, in their order along it.
    """

    def __init__(self, storeys: Iterable[Storey], routes: Iterable[RouteLine]) -> None:
        """Take the storeys and routes of one building; routes of unknown storeys are left out."""
        self.storeys: Mapping[int, Storey] = {item.level: item for item in storeys}
        self.routes: dict[str, RouteLine] = {
            route.key: route
            for route in routes
            if {route.level, route.top_level} <= self.storeys.keys()
        }
        self.lines = {
            key: LineString(route.points)
            for key, route in self.routes.items()
            if not route.is_riser
        }
        self.graph: nx.Graph[Node] = nx.Graph()
        self.stops: dict[str, list[Node]] = {key: [] for key in self.routes}
        self._by_level: dict[int, list[RouteLine]] = defaultdict(list)
        self._joints: list[tuple[Node, Node]] = []
        self._find_stops()
        self._connect()

    def levels_of(self, route: RouteLine) -> tuple[int, ...]:
        """Give the storeys on which a route can be entered, from below."""
        low, high = sorted((route.level, route.top_level))
        return tuple(sorted(level for level in self.storeys if low <= level <= high))

    def on_level(self, level: int) -> list[RouteLine]:
        """Give the routes that can be entered on a storey, by key."""
        return self._by_level[level]

    def shape_of(self, route: RouteLine) -> LineString | Point:
        """Give a route in plan."""
        return self.lines[route.key] if route.key in self.lines else Point(route.points[0])

    def find_stops_around(self, route: str, along_m: float) -> tuple[Node, ...]:
        """Give the stops next to a place on a route: one if it is there, else one on each side."""
        stops = self.stops[route]
        index = bisect.bisect_left([stop.along_m for stop in stops], along_m - _SAME_M)
        if index < len(stops) and stops[index].along_m <= along_m + _SAME_M:
            return (stops[index],)
        return tuple(stops[max(index - 1, 0) : index + 1])

    def make_stop(self, route: RouteLine, level: int, along_m: float) -> Node:
        """Give the place on a route: for a riser ``along_m`` is the height itself."""
        if route.is_riser:
            return Node(*route.points[0], along_m, level, route.key, along_m)
        place = self.lines[route.key].interpolate(along_m)
        z_m = hanging_height(route.kind, self.storeys[level])
        return Node(place.x, place.y, z_m, level, route.key, along_m)

    def measure(self, one: Node, two: Node) -> float:
        """Give the length between neighbours, of which one may lie between two stops."""
        if self.graph.has_edge(one, two):
            return float(self.graph.edges[one, two]["weight"])
        return abs(two.along_m - one.along_m)

    def is_along(self, one: Node, two: Node) -> bool:
        """Tell whether neighbours are joined by their route, not by a joint."""
        along_m = abs(two.along_m - one.along_m)
        return one.route == two.route and 0 < along_m <= self.measure(one, two) + _SAME_M

    def entry_height(self, riser: RouteLine, level: int) -> float:
        """Give the height at which cables of a storey enter a riser."""
        return hanging_height(riser.kind, self.storeys[level])

    def _find_stops(self) -> None:
        for key in sorted(self.routes):
            route = self.routes[key]
            for level in self.levels_of(route):
                self._by_level[level].append(route)
                if route.is_riser:
                    self._put(self.make_stop(route, level, self.entry_height(route, level)))
            if not route.is_riser:
                self._put(self.make_stop(route, route.level, 0.0))
                self._put(self.make_stop(route, route.level, self.lines[key].length))
                self._close_ring(route)
        for level, routes in self._by_level.items():
            for first, second in itertools.combinations(routes, 2):
                for along, other in self._list_meetings(first, second):
                    self._join(first, along, second, other, level)

    def _close_ring(self, route: RouteLine) -> None:
        """Join a route's own ends where they meet."""
        first, last = self.stops[route.key][0], self.stops[route.key][-1]
        if plan_distance(first.place, last.place) <= JOIN_M < self.lines[route.key].length:
            self._joints.append((first, last))

    def _put(self, node: Node) -> Node:
        """Keep a stop, or give the one that is there already."""
        stops = self.stops[node.route]
        index = bisect.bisect_left([stop.along_m for stop in stops], node.along_m - _SAME_M)
        if index < len(stops) and stops[index].along_m <= node.along_m + _SAME_M:
            return stops[index]
        stops.insert(index, node)
        return node

    def _join(
        self, first: RouteLine, along_m: float, second: RouteLine, other_m: float, level: int
    ) -> None:
        if first.is_riser and not second.is_riser:  # it is entered where the other one hangs
            along_m = hanging_height(second.kind, self.storeys[level])
        elif second.is_riser and not first.is_riser:
            other_m = hanging_height(first.kind, self.storeys[level])
        elif first.is_riser:
            along_m = other_m = self.entry_height(first, level)
        self._joints.append(
            (
                self._put(self.make_stop(first, level, along_m)),
                self._put(self.make_stop(second, level, other_m)),
            )
        )

    def _list_meetings(self, first: RouteLine, second: RouteLine) -> Iterator[tuple[float, float]]:
        """Give where two routes of a storey meet, as lengths along both; 0 for a riser."""
        lines = self.lines
        if first.is_riser and second.is_riser:
            if plan_distance(first.points[0], second.points[0]) <= JOIN_M:
                yield 0.0, 0.0
        elif first.is_riser:
            for other, along in self._list_meetings(second, first):
                yield along, other
        elif second.is_riser:
            point, line = Point(second.points[0]), lines[first.key]
            if line.distance(point) <= JOIN_M:
                yield line.project(point), 0.0
        elif lines[first.key].distance(lines[second.key]) <= JOIN_M:
            for point in self._list_contacts(first.key, second.key):
                yield lines[first.key].project(point), lines[second.key].project(point)

    def _list_contacts(self, first: str, second: str) -> Iterator[Point]:
        """Give the crossings of two lines, and the ends of each that come near the other."""
        one, two = self.lines[first], self.lines[second]
        shared = shapely.get_parts(shapely.intersection(one, two))
        for part in shared[~shapely.is_empty(shared)]:
            yield from (Point(part.coords[0]), Point(part.coords[-1]))
        for line, other in ((one, two), (two, one)):
            for xy in (line.coords[0], line.coords[-1]):
                if other.distance(Point(xy)) <= JOIN_M:
                    yield Point(xy)

    def _connect(self) -> None:
        for stops in self.stops.values():
            self.graph.add_nodes_from(stops)
            for low, high in itertools.pairwise(stops):
                self._add_edge(low, high, high.along_m - low.along_m)
        for one, two in self._joints:
            ends = np.subtract((one.x_m, one.y_m, one.z_m), (two.x_m, two.y_m, two.z_m))
            self._add_edge(one, two, float(np.linalg.norm(ends)))

    def _add_edge(self, one: Node, two: Node, length_m: float) -> None:
        """Keep the shortest of several ways between two nodes."""
        if not self.graph.has_edge(one, two) or length_m < self.graph.edges[one, two]["weight"]:
            self.graph.add_edge(one, two, weight=length_m)
