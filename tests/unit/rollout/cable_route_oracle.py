"""Ways found by walking: every decimetre of every route is a step, and every joint is looked for.

Works on routes along the axes with corners on whole decimetres, where no step is missed.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.rollout.cable_routes import RouteLine, RunEnd, Storey

NEAR_DM = 3
FAR_DM = 120


@dataclass(frozen=True, order=True)
class Step:
    """A place on a route, in decimetres."""

    route: str
    number: int
    x: int
    y: int
    z: int
    level: int


class Walker:
    """All steps of a building and which of them are next to one another."""

    def __init__(self, storeys: list[Storey], routes: list[RouteLine]) -> None:
        self.storeys = {storey.level: storey for storey in storeys}
        self.routes = {route.key: route for route in routes}
        self.steps = {key: list(self.walk(route)) for key, route in self.routes.items()}
        self.next_to: dict[Step, list[tuple[float, Step]]] = {}
        for steps in self.steps.values():
            for one, two in itertools.pairwise(steps):
                self.connect(one, two)
        for first, second in itertools.permutations(self.routes.values(), 2):
            self.find_joints(first, second)

    def height(self, kind: str, level: int) -> int:
        storey = self.storeys[level]
        return round(10 * (storey.elevation_m + (0.3 if kind == "duct" else storey.height_m - 0.3)))

    def walk(self, route: RouteLine) -> Iterator[Step]:
        corners = [(round(10 * x), round(10 * y)) for x, y in route.points]
        if route.upper_level is not None:
            (x, y), number = corners[0], 0
            low, high = sorted((route.level, route.upper_level))
            for level in sorted(self.storeys):
                if low <= level <= high:
                    for z in sorted({self.height(kind, level) for kind in ("duct", "riser")}):
                        yield Step(route.key, number, x, y, z, level)
                        number += 1
            return
        z, number = self.height(route.kind, route.level), 0
        yield Step(route.key, 0, *corners[0], z, route.level)
        for (x1, y1), (x2, y2) in itertools.pairwise(corners):
            length = abs(x2 - x1) + abs(y2 - y1)
            for part in range(1, length + 1):
                number += 1
                x, y = x1 + (x2 - x1) * part // length, y1 + (y2 - y1) * part // length
                yield Step(route.key, number, x, y, z, route.level)

    def connect(self, one: Step, two: Step) -> None:
        away = math.dist((one.x, one.y, one.z), (two.x, two.y, two.z))
        self.next_to.setdefault(one, []).append((away, two))
        self.next_to.setdefault(two, []).append((away, one))

    def find_joints(self, first: RouteLine, second: RouteLine) -> None:
        """Join where two routes cross, and where an end of the first comes near the second."""
        mine, theirs = self.steps[first.key], self.steps[second.key]
        is_riser = first.upper_level is not None
        ends = mine if is_riser else [mine[0], mine[-1]]
        at = {(step.level, step.x, step.y, step.z): step for step in theirs}
        for step in mine:
            if (step.level, step.x, step.y, step.z) in at:
                self.connect(step, at[step.level, step.x, step.y, step.z])
        for end in ends:
            level = [step for step in theirs if step.level == end.level]
            if is_riser or second.upper_level is not None:  # entered where the route hangs
                level = [step for step in level if step.z == end.z]
            nearest = min(level, key=lambda step: _apart(step, end), default=None)
            if nearest is not None and _apart(nearest, end) <= NEAR_DM:
                self.connect(end, nearest)

    def tie(self, end: RunEnd) -> tuple[float, Step] | None:
        """Give how far away, and where, the nearest step of an end's level is."""
        x, y = round(10 * end.x_m), round(10 * end.y_m)
        best: tuple[float, Step] | None = None
        for key in sorted(self.steps):
            route = self.routes[key]
            for step in self.steps[key]:
                if step.level != end.level:
                    continue
                if route.upper_level is not None and step.z != self.height("riser", end.level):
                    continue
                away = math.hypot(step.x - x, step.y - y)
                if best is None or away < best[0] - 1e-6:
                    best = away, step
        return best if best is not None and best[0] <= FAR_DM else None

    def measure(self, start: RunEnd, goal: RunEnd) -> float | None:
        """Give the length of the shortest way without slack, in metres; None: there is none."""
        ties = [self.tie(end) for end in (start, goal)]
        total = 0.0
        for tie, end in zip(ties, (start, goal), strict=True):
            if tie is None:
                return None
            floor = self.storeys[end.level].elevation_m
            total += tie[0] + abs(tie[1].z - 10 * (floor + end.height_m))
        walked = self._search(ties[0][1], ties[1][1])  # type: ignore[index] # both are there
        return None if walked is None else (total + walked) / 10

    def _search(self, start: Step, goal: Step) -> float | None:
        best, waiting = {start: 0.0}, [(0.0, start)]
        while waiting:
            walked, step = heapq.heappop(waiting)
            if step == goal:
                return walked
            if walked > best[step]:
                continue
            for away, other in self.next_to.get(step, ()):
                if walked + away < best.get(other, math.inf):
                    best[other] = walked + away
                    heapq.heappush(waiting, (walked + away, other))
        return None


def _apart(one: Step, two: Step) -> float:
    return math.hypot(one.x - two.x, one.y - two.y)
