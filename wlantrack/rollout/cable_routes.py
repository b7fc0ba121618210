"""How a cable run gets from one end to the other along trays and risers, and how long it is.

Decides that an end hangs on the nearest route of its storey, within reach; that the way is the
shortest one; and that its length is what lies along routes and across to them, the drops from the
routes to both ends, and slack. Where there is no way it says which part is missing and what to draw.
Refuses to know records, and which cables fill a route: callers count.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx
import shapely
from shapely import Geometry, Point
from shapely.ops import substring

from wlantrack.errors import Message, msg
from wlantrack.rollout.route_graph import (
    Node,
    PointM,
    RouteGraph,
    RouteLine,
    Storey,
    plan_distance,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RouteLine", "Storey"]

REACH_M: Final = 12.0
"""So far from the nearest route an end may be: beyond, somebody has forgotten to draw one."""
SLACK_SHARE: Final = 0.05
"""Share of the way that is added, because no cable lies straight."""
SPARE_M: Final = 2.0
"""Loop that stays at each end, to terminate once more."""


@dataclass(frozen=True)
class Slack:
    """What is added to a way: a share of it, and a loop at each end."""

    share: float = SLACK_SHARE
    spare_m: float = SPARE_M

    def of(self, way_m: float) -> float:
        """Give what is added to a way of this length."""
        return self.share * way_m + 2 * self.spare_m


@dataclass(frozen=True)
class RunEnd:
    """Where a run begins or ends: what people call it, its place, and how high it is mounted."""

    name: str
    level: int
    x_m: float
    y_m: float
    height_m: float

    @property
    def place(self) -> PointM:
        """Give where it is in plan."""
        return self.x_m, self.y_m


@dataclass(frozen=True)
class Stretch:
    """A piece of a way on one level, in plan."""

    level: int
    points: tuple[PointM, ...]


@dataclass(frozen=True)
class Way:
    """A way along routes.

    Attributes
    ----------
    in_line_m
        Along routes, and across from the routes to both ends.
    drops_m
        Up and down between the routes and both ends.
    routes
        Keys of the routes, in their order from the beginning.
    stretches
        Its geometry, one piece for each visit to a level.
    """

    in_line_m: float
    drops_m: float
    slack_m: float
    routes: tuple[str, ...]
    stretches: tuple[Stretch, ...]

    @property
    def length_m(self) -> float:
        """Give how much cable it takes."""
        return self.in_line_m + self.drops_m + self.slack_m


@dataclass(frozen=True)
class MissingPiece:
    """What would have to be drawn: a line on a level, or a riser from it to another."""

    level: int
    points: tuple[PointM, ...]
    upper_level: int | None = None


@dataclass(frozen=True)
class NoWay:
    """Why there is no way: which part is out of reach, what to do, and what to draw."""

    message: Message
    remedy: Message
    missing: MissingPiece | None = None


@dataclass(frozen=True)
class _Tie:
    """Where an end meets its route: the place, and the length across and down to it."""

    stop: Node
    across_m: float
    drop_m: float


class RouteNetwork:
    """The routes of one building, ready to be asked for ways."""

    def __init__(self, storeys: Iterable[Storey], routes: Iterable[RouteLine]) -> None:
        """Take storeys and routes; what lies on a storey that is not there is left out."""
        self.net = RouteGraph(storeys, routes)
        self._before: dict[Node, dict[Node, list[Node]]] = {}
        self._part_of = {
            node: number
            for number, part in enumerate(nx.connected_components(self.net.graph))
            for node in part
        }

    def find_way(self, start: RunEnd, goal: RunEnd, slack: Slack) -> Way | NoWay:
        """Give the shortest way between two ends, or why there is none."""
        ties = [self._tie(end) for end in (start, goal)]
        for tie in ties:
            if isinstance(tie, NoWay):
                return tie
        first, last = (tie for tie in ties if isinstance(tie, _Tie))
        nodes = self._find_shortest(first.stop, last.stop)
        if nodes is None:
            return self._tell_gap(start, first, goal, last)
        along_m = self._measure(nodes)
        in_line_m = first.across_m + along_m + last.across_m
        drops_m = first.drop_m + last.drop_m
        return Way(
            in_line_m,
            drops_m,
            slack.of(in_line_m + drops_m),
            tuple(dict.fromkeys(node.route for node in self._leave_out_joints(nodes))),
            tuple(self._list_stretches(start, nodes, goal)),
        )

    def _tie(self, end: RunEnd) -> _Tie | NoWay:
        """Hang an end on the nearest route of its storey."""
        here = Point(end.place)
        best: tuple[float, RouteLine] | None = None
        for route in self.net.on_level(end.level):
            away_m = float(self.net.shape_of(route).distance(here))
            if best is None or away_m < best[0] - 1e-9:
                best = away_m, route
        if best is None:
            return NoWay(
                msg("No route is drawn on the level of %(end)s.", end=end.name),
                msg("Draw a tray, a conduit or a duct there, or a riser that passes it."),
            )
        across_m, route = best
        if route.is_riser:
            along_m = self.net.entry_height(route, end.level)
        else:
            along_m = float(self.net.lines[route.key].project(here))
        stop = self.net.make_stop(route, end.level, along_m)
        if across_m > REACH_M:
            return NoWay(
                msg(
                    "%(end)s is %(away).1f m from the nearest route; at most %(reach)g m are taken"
                    " to be without a tray.",
                    end=end.name,
                    away=across_m,
                    reach=REACH_M,
                ),
                msg("Draw a route that leads to it, or check its position."),
                MissingPiece(end.level, (stop.place, end.place)),
            )
        height_m = self.net.storeys[end.level].elevation_m + end.height_m
        return _Tie(stop, across_m, abs(stop.z_m - height_m))

    def _find_shortest(self, first: Node, last: Node) -> list[Node] | None:
        """Give the nodes of the shortest way between two places on routes."""
        found: list[list[Node]] = []
        if first.route == last.route:
            found.append(self._walk_along(first, last))
        for begin in self.net.find_stops_around(first.route, first.along_m):
            before = self._search_from(begin)
            found += [
                [first, *_walk_back(before, begin, end), last]
                for end in self.net.find_stops_around(last.route, last.along_m)
                if end in before
            ]
        return min(found, key=self._measure, default=None)

    def _walk_along(self, first: Node, last: Node) -> list[Node]:
        """Give the stops between two places on the same route."""
        low, high = sorted((first.along_m, last.along_m))
        between = [stop for stop in self.net.stops[first.route] if low < stop.along_m < high]
        return [first, *(between if first.along_m < last.along_m else between[::-1]), last]

    def _search_from(self, node: Node) -> dict[Node, list[Node]]:
        """Give what comes before each node on the way from one; kept: many runs begin at a place."""
        if node not in self._before:
            before, _ = nx.dijkstra_predecessor_and_distance(self.net.graph, node, weight="weight")
            self._before[node] = before
        return self._before[node]

    def _measure(self, nodes: list[Node]) -> float:
        return sum(itertools.starmap(self.net.measure, itertools.pairwise(nodes)))

    def _leave_out_joints(self, nodes: list[Node]) -> list[Node]:
        """Leave out the routes that a way touches in one point only, where three of them meet."""
        kept = []
        for _, group in itertools.groupby(nodes, key=lambda node: node.route):
            stops = list(group)
            if self._measure(stops) > 0:
                kept += stops
        return kept or nodes[:1]

    def _list_stretches(self, start: RunEnd, nodes: list[Node], goal: RunEnd) -> list[Stretch]:
        """Draw a way, level by level."""
        drawn: list[tuple[int, list[PointM]]] = [(start.level, [start.place])]
        for before, node in itertools.pairwise([nodes[0], *nodes]):
            points = self._draw(before, node)
            if node.level != drawn[-1][0]:
                drawn.append((node.level, [node.place]))
            drawn[-1][1].extend(points)
        drawn[-1][1].append(goal.place)
        return [Stretch(level, _tidy(points)) for level, points in drawn]

    def _draw(self, before: Node, node: Node) -> list[PointM]:
        """Give the corners between two nodes, and the second one."""
        line = self.net.lines.get(node.route)
        if line is None or not self.net.is_along(before, node):
            return [node.place]
        piece = substring(line, before.along_m, node.along_m)
        return [(x, y) for x, y in piece.coords]

    def _tell_gap(self, start: RunEnd, first: _Tie, goal: RunEnd, last: _Tie) -> NoWay:
        """Say where the routes at both ends come nearest to one another."""
        near, far = self._list_part(first.stop), self._list_part(last.stop)
        gaps = [
            (max(shapely.distance(near[level], far[level]), 0.0), level)
            for level in near.keys() & far.keys()
        ]
        if gaps:
            gap_m, level = min(gaps)
            line = shapely.shortest_line(near[level], far[level])
            (x1, y1), (x2, y2) = line.coords[0], line.coords[-1]
            return NoWay(
                msg(
                    "The routes at %(start)s are not joined with those at %(goal)s: on level"
                    " %(level)d %(gap).1f m are missing between x %(x1).1f, y %(y1).1f and"
                    " x %(x2).1f, y %(y2).1f.",
                    start=start.name,
                    goal=goal.name,
                    level=level,
                    gap=gap_m,
                    x1=x1,
                    y1=y1,
                    x2=x2,
                    y2=y2,
                ),
                msg("Draw a tray there."),
                MissingPiece(level, ((x1, y1), (x2, y2))),
            )
        return self._tell_missing_riser(start, near, goal, far)

    def _tell_missing_riser(
        self,
        start: RunEnd,
        near: dict[int, Geometry],
        goal: RunEnd,
        far: dict[int, Geometry],
    ) -> NoWay:
        _, _, here, there = min(
            (abs(one - two), float(shapely.distance(near[one], far[two])), one, two)
            for one in near
            for two in far
        )
        x, y = shapely.shortest_line(near[here], far[there]).coords[0]
        low, high = sorted((here, there))
        return NoWay(
            msg(
                "The routes at %(start)s are not joined with those at %(goal)s: no riser leads"
                " from level %(low)d to level %(high)d.",
                start=start.name,
                goal=goal.name,
                low=low,
                high=high,
            ),
            msg("Draw a riser there, and a tray to it on both levels."),
            MissingPiece(low, ((x, y),), high),
        )

    def _list_part(self, stop: Node) -> dict[int, Geometry]:
        """Give all that is joined with a place, in plan, by level."""
        part = self._part_of[self.net.stops[stop.route][0]]
        found: dict[int, list[Geometry]] = {}
        for key, stops in self.net.stops.items():
            if self._part_of[stops[0]] != part:
                continue
            route = self.net.routes[key]
            for level in self.net.levels_of(route):
                found.setdefault(level, []).append(self.net.shape_of(route))
        return {level: shapely.union_all(shapes) for level, shapes in found.items()}


def _walk_back(before: dict[Node, list[Node]], begin: Node, end: Node) -> list[Node]:
    """Give the nodes of the way from one to another; what stands first comes strictly before."""
    nodes = [end]
    while nodes[-1] != begin:
        nodes.append(before[nodes[-1]][0])
    return nodes[::-1]


def _tidy(points: list[PointM]) -> tuple[PointM, ...]:
    """Leave out points that repeat the one before."""
    kept = points[:1]
    kept += [
        point for before, point in itertools.pairwise(points) if plan_distance(before, point) > 0
    ]
    return tuple(kept)
