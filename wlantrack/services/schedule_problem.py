"""The city's plan as one problem for the scheduling engine.

Decides how records become a problem: what has no reason against a date may get one; walls that
others open save the cables in them, and bar these once they are closed; loud work is forbidden
during a blackout, and quieter work disturbs it. Refuses to search: that is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.packages import IN_WALLS, Place
from wlantrack.scheduling.parts import (
    Absence,
    Blackout,
    BusyTime,
    ClosedWall,
    Crew,
    Link,
    LinkKind,
    Noise,
    Package,
    Permit,
    Weights,
    Window,
)
from wlantrack.scheduling.problem import Problem
from wlantrack.services.plan import find_feed, package_key, to_link
from wlantrack.store.queries import packages as package_queries
from wlantrack.store.queries import proposals as queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.plan import CityPlan
    from wlantrack.store.models.renovations import Renovation, RenovationPart
    from wlantrack.store.queries.milestones import MilestoneRow, PackageRow
    from wlantrack.store.queries.packages import PackageNames

ONE_DAY: Final = timedelta(days=1)
CERTAINTY_PERCENT: Final = {"certain": 100, "likely": 70, "uncertain": 30}
"""How far to count on a renovation that is said to come."""
LEAST_URGENT: Final = 6
"""People call 1 the first of five priorities; the engine multiplies lateness."""
ON_SITE: Final = IN_WALLS | {"termination", "mounting"}
"""Kinds that change the building, and must not begin before its permits are there."""


@dataclass(frozen=True)
class _Walls:
    """What the parts of renovations give and take, each with where it holds."""

    windows: tuple[tuple[Window, Place], ...]
    closed: tuple[tuple[ClosedWall, Place], ...]


@dataclass(frozen=True)
class _Around:
    """What lies around packages: places by key of what holds there, permits, cables to be laid."""

    places: Mapping[str, Place]
    windows: Mapping[str, Place]
    permits: Mapping[int, tuple[str, ...]]
    runs: Mapping[int, int]
    names: Mapping[int, PackageNames]


def build_problem(session: Session, city: CityPlan, weights: Weights) -> Problem:
    """Give everything that a plan has to respect, as of the city's plan.

    Raises
    ------
    InvalidInput
        What waits for what runs in a circle, which is named.
    """
    clock = city.clock
    crews = work_queries.list_crews(session)
    walls = _read_walls(package_queries.list_walls(session), clock.today)
    blackouts, busy_times, places = _read_blackouts(session, clock.today)
    permits, permits_of = _read_permits(session, city)
    places |= {wall.key: place for wall, place in walls.closed}
    around = _Around(
        places,
        {window.key: place for window, place in walls.windows},
        permits_of,
        {
            package_id: sum(covered.runs.values())
            for package_id, covered in package_queries.count_covered(session).items()
        },
        package_queries.list_names(session),
    )
    return Problem(
        clock.today,
        (
            *(_to_package(city, key, row, around) for key, row in city.packages.items()),
            *(_to_milestone(city, key, row) for key, row in city.milestones.items()),
        ),
        links=tuple(_list_links(city)),
        crews=tuple(
            Crew(
                crew.code,
                crew.capacity,
                crew.name,
                tuple(Absence(item.begins_on, item.ends_on, item.reason) for item in crew.absences),
            )
            for crew in crews
        ),
        blackouts=blackouts,
        busy_times=busy_times,
        windows=tuple(window for window, _ in walls.windows),
        closed_walls=tuple(wall for wall, _ in walls.closed),
        permits=permits,
        holidays=frozenset(clock.workdays.holidays),
        weights=weights,
    )


def _to_package(city: CityPlan, key: str, row: PackageRow, around: _Around) -> Package:
    if row.state == "dropped":  # takes no time, and only hands on what it waits for
        return Package(key, row.code, 0)
    names = around.names[row.id]
    place = Place(row.building_id, row.wing_id, row.floor_id)
    places = {name for name, other in around.places.items() if other.meets(place)}
    places |= {name for name, other in around.windows.items() if _holds(other, place)}
    is_on_site = row.kind in ON_SITE
    return Package(
        key,
        row.code,
        row.duration_days,
        is_waiting=row.is_waiting,
        demands={names.crew: 1} if names.crew else {},
        noise=Noise(row.noise_class),
        places=frozenset(places),
        is_in_wall=row.kind in IN_WALLS,
        outside_cost=max(1, around.runs.get(row.id, 0)) if row.kind in IN_WALLS else 0,
        release_on=row.not_before,
        due_on=names.due.latest if names.due else None,
        priority=LEAST_URGENT - names.priority,
        permits=around.permits.get(row.id, ()) if is_on_site else (),
        pinned_on=row.planned_start if names.is_pinned else None,
        current_on=city.timings[key].start,
        started_on=row.started_on,
        finished_on=row.finished_on,
        undated_reason=row.undated_reason,
    )


def _to_milestone(city: CityPlan, key: str, row: MilestoneRow) -> Package:
    activity = city.plan.activities[key]
    return Package(
        key,
        row.code,
        0,
        release_on=activity.not_before,
        finished_on=activity.finished_on,
        undated_reason=activity.undated_reason,
    )


def _list_links(city: CityPlan) -> list[Link]:
    links = [to_link(link) for link in city.links]
    links += [
        feed for key, row in city.packages.items() if (feed := find_feed(key, row.milestone_id))
    ]
    return [
        Link(link.before, link.after, LinkKind(str(link.kind)), link.lag_days) for link in links
    ]


def _holds(outer: Place, inner: Place) -> bool:
    """Tell whether all of a place lies in another one."""
    pairs = (
        (outer.building_id, inner.building_id),
        (outer.wing_id, inner.wing_id),
        (outer.floor_id, inner.floor_id),
    )
    return all(mine in {None, theirs} for mine, theirs in pairs)


def _read_walls(parts: list[tuple[RenovationPart, Renovation]], today: date) -> _Walls:
    """Read careful ends of coarse dates: late opening, early closing.

    A wall bars cables between its closing and the day on which it is opened again. Of one of which
    nobody says that it ever is, work costs from then on what it costs outside any window: to refuse
    every plan because one package comes too late would help nobody.
    """
    windows, closed = [], []
    for part, renovation in parts:
        key = str(part.public_id)
        place = Place(renovation.building_id, part.wing_id, part.floor_id)
        closes_on = part.closes.earliest if part.closes else None
        if closes_on is None:
            continue
        opens_on = part.opens.latest if part.opens else None
        if opens_on is not None and today <= closes_on and opens_on <= closes_on:
            share = CERTAINTY_PERCENT[renovation.certainty]
            window = Window(f"w{key}", opens_on, closes_on, f"w{key}", share, renovation.name)
            windows.append((window, place))
        again = _find_reopening(parts, place, closes_on)
        if part.outline is None and again is not None:
            first = closes_on + ONE_DAY
            closed.append((ClosedWall(f"c{key}", first, again, f"c{key}", renovation.name), place))
    return _Walls(tuple(windows), tuple(closed))


def _find_reopening(
    parts: list[tuple[RenovationPart, Renovation]], place: Place, closes_on: date
) -> date | None:
    """Give the first day after a closing on which any renovation opens all of a place."""
    days = [
        part.opens.latest
        for part, renovation in parts
        if part.opens is not None
        and part.outline is None
        and part.opens.latest > closes_on
        and _holds(Place(renovation.building_id, part.wing_id, part.floor_id), place)
    ]
    return min(days, default=None)


def _read_blackouts(
    session: Session, today: date
) -> tuple[tuple[Blackout, ...], tuple[BusyTime, ...], dict[str, Place]]:
    blackouts, busy_times, places = [], [], {}
    for item in package_queries.list_blackouts_from(session, today):
        key, noise = str(item.public_id), Noise(item.noise_class)
        places[key] = Place(item.building_id, item.wing_id)
        blackouts.append(Blackout(key, item.begins_on, item.ends_on, noise, key, item.name))
        if noise is Noise.LOUD:
            busy_times.append(
                BusyTime(f"b{key}", item.begins_on, item.ends_on, Noise.NORMAL, key, item.name)
            )
    return tuple(blackouts), tuple(busy_times), places


def _read_permits(
    session: Session, city: CityPlan
) -> tuple[tuple[Permit, ...], dict[int, tuple[str, ...]]]:
    permits: dict[str, Permit] = {}
    permits_of: dict[int, tuple[str, ...]] = {}
    for item in queries.list_needed_permits(session):
        if package_key(item.package_id) not in city.packages:
            continue
        day = None if item.state == "refused" else item.expected_latest
        if item.state == "granted":
            day = item.granted_on or city.clock.today
        permits[item.code] = Permit(item.code, day, item.expires_on, item.code)
        permits_of[item.package_id] = (*permits_of.get(item.package_id, ()), item.code)
    return tuple(permits.values()), permits_of
