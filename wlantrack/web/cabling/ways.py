"""What pages show of ways along routes: a run's length and the routes it takes, a route's sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.rollout.cable_routes import Way
from wlantrack.rollout.cabling import LENGTH_LIMITS_M
from wlantrack.services import cable_ways, places
from wlantrack.services.cable_lengths import is_too_long
from wlantrack.services.cable_ways import WayParts, find_parts, round_up
from wlantrack.services.route_lines import points_of
from wlantrack.web.context import actor, installation
from wlantrack.web.floors.sheet import Shape, Sheet, draw_sheet, make_line_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from wlantrack.rollout.cable_routes import NoWay
    from wlantrack.services.cable_runs import ListedRun
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import CableRoute
    from wlantrack.web.lists import ListView

DIFFERENCE_SHARE = 0.15
"""So much more or less than along the routes is worth a look."""
DIFFERENCE_M = 3.0
AROUND_M = 6.0
"""So far around a route its sheet reaches."""


def way_parts() -> WayParts:
    """Give what ways are reckoned with: the slack of the settings, and the cache."""
    parts = installation()
    return find_parts(parts.settings, parts.results)


@dataclass(frozen=True)
class RowLength:
    """What a list shows of a run's way."""

    length_m: float
    is_too_long: bool


@dataclass(frozen=True)
class ShownWay:
    """What a run's page shows of its way, or why it has none.

    Attributes
    ----------
    notes
        What somebody should look at: too long a way, or a recorded length that does not fit it.
    """

    way: Way | None = None
    no_way: NoWay | None = None
    routes: tuple[str, ...] = ()
    notes: tuple[tuple[Message, Message], ...] = ()

    @property
    def length_m(self) -> float | None:
        """Give how much cable the way takes."""
        return round_up(self.way.length_m) if self.way else None


def find_row_lengths(
    store: Session, view: ListView, rows: Iterable[ListedRun]
) -> dict[int, RowLength]:
    """Give the lengths along routes of a page of runs by id, if that column is shown."""
    if all(column.key != "routed" for column in view.shown):
        return {}
    by_id = {item.row.id: item.row for item in rows}
    asked = [(row.id, row.building_id) for row in by_id.values()]
    return {
        run_id: RowLength(
            length_m, is_too_long(length_m, by_id[run_id].category, by_id[run_id].test_limit)
        )
        for run_id, length_m in cable_ways.find_lengths(store, way_parts(), asked).items()
    }


def describe_way(run: CableRun, way: Way | NoWay | None) -> ShownWay | None:
    """Give what a run's page shows of its way; None where there are no routes to go by."""
    if way is None:
        return None
    if not isinstance(way, Way):
        return ShownWay(no_way=way)
    return ShownWay(way, None, way.routes, tuple(_list_notes(run, round_up(way.length_m))))


def _list_notes(run: CableRun, length_m: float) -> Iterable[tuple[Message, Message]]:
    recorded_m = run.length_planned_m if run.length_actual_m is None else run.length_actual_m
    is_known_long = recorded_m is not None and is_too_long(recorded_m, run.category, run.test_limit)
    if is_too_long(length_m, run.category, run.test_limit) and not is_known_long:
        yield (
            msg(
                "Along the routes the run is %(length).1f m long; %(limit)g m are allowed.",
                length=length_m,
                limit=LENGTH_LIMITS_M[run.test_limit],
            ),
            msg("Choose a nearer distributor, or draw a shorter way."),
        )
    if recorded_m is None or not _differs(recorded_m, length_m):
        return
    if run.length_actual_m is None:
        yield (
            msg(
                "%(planned).1f m are planned, along the routes it is %(length).1f m.",
                planned=recorded_m,
                length=length_m,
            ),
            msg("Take the length along the routes over, or check the routes."),
        )
    else:
        yield (
            msg(
                "%(pulled).1f m were pulled, along the routes it is %(length).1f m.",
                pulled=recorded_m,
                length=length_m,
            ),
            msg("Check the way that the cable really takes, and the routes on the plan."),
        )


def _differs(recorded_m: float, length_m: float) -> bool:
    return abs(recorded_m - length_m) > max(DIFFERENCE_M, DIFFERENCE_SHARE * length_m)


def draw_route_sheet(store: Session, route: CableRoute) -> Sheet | None:
    """Give the sheet of a route's floor with the route on it."""
    place = places.find_floor(store, actor(), str(route.floor.public_id))
    points = points_of(route.line)
    if len(points) > 1:
        path = make_line_path(route.line)
    else:
        (x, y), half = points[0], 0.4
        path = f"M{x - half:.2f} {-y - half:.2f}H{x + half:.2f}V{-y + half:.2f}H{x - half:.2f}Z"
    around = route.line.buffer(AROUND_M)
    return draw_sheet(store, place, [Shape(path, route.code, "way")], around)
